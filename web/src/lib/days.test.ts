import * as fc from "fast-check";
import { expect, test } from "vitest";
import { boundsOf, dayName, dayOf, shiftDay } from "@/lib/days";

const HOUR = 3_600_000;

test("a day in the tenant's zone begins at its midnight, not at the reader's", () => {
  expect(new Date(boundsOf("2026-11-20", "America/Chicago").from).toISOString()).toBe(
    "2026-11-20T06:00:00.000Z",
  );
});

test("the day the clocks go back has 25 hours, the day they go forward 23", () => {
  const back = boundsOf("2026-10-25", "Europe/Berlin");
  const forward = boundsOf("2026-03-29", "Europe/Berlin");
  expect((back.to - back.from) / HOUR).toBe(25);
  expect((forward.to - forward.from) / HOUR).toBe(23);
});

test("every moment lies within the bounds of its own day", () => {
  const moments = fc.integer({ min: Date.parse("2000-01-01"), max: Date.parse("2060-01-01") });
  const zones = fc.constantFrom("UTC", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", "Africa/Cairo");
  fc.assert(
    fc.property(moments, zones, (at, zone) => {
      const { from, to } = boundsOf(dayOf(at, zone), zone);
      expect(from).toBeLessThanOrEqual(at);
      expect(to).toBeGreaterThan(at);
    }),
  );
});

test("days are shifted over months and leap years", () => {
  expect(shiftDay("2028-03-01", -1)).toBe("2028-02-29");
  expect(shiftDay("2026-12-31", 1)).toBe("2027-01-01");
});

test("a day has a name wherever the reader is", () => {
  expect(dayName("2026-11-20", "en-GB")).toBe("Friday 20 November");
});
