import { expect, test } from "vitest";
import { absolute, clock, duration, hourLabel, relative } from "@/lib/time";

const now = Date.parse("2026-11-20T12:00:00Z");
const ago = (seconds: number) => relative(now - seconds * 1000, now, "en-US");

test("what happened within five seconds is now", () => {
  expect(ago(0)).toBe("now");
  expect(ago(4.9)).toBe("now");
});

test("below a minute the age goes in steps of five seconds, so that it does not flicker", () => {
  expect(ago(13)).toBe("10 sec. ago");
  expect(ago(59)).toBe("55 sec. ago");
});

test("an age has the one unit a reader would use", () => {
  expect(ago(60)).toBe("1 min. ago");
  expect(ago(3599)).toBe("59 min. ago");
  expect(ago(3600)).toBe("1 hr. ago");
  expect(ago(86_400)).toBe("yesterday");
  expect(ago(86_400 * 40)).toBe("last mo.");
  expect(ago(86_400 * 800)).toBe("2 yr. ago");
});

test("a clock that runs ahead gives the future and does not fail", () => {
  expect(relative(now + 120_000, now, "en-US")).toBe("in 2 min.");
});

test("an absolute time is in the tenant's zone and names it when the reader lives elsewhere", () => {
  expect(absolute("2026-11-20T12:00:05Z", "America/Chicago", "en-US", "Europe/Berlin")).toBe(
    "Nov 20, 2026, 6:00:05 AM CST",
  );
  expect(absolute("2026-11-20T12:00:05Z", "Europe/Berlin", "en-GB", "Europe/Berlin")).toBe(
    "20 Nov 2026, 13:00:05",
  );
});

test("a clock time follows the zone over the change of summer time", () => {
  expect(clock("2026-10-25T00:30:00Z", "Europe/Berlin", "en-GB")).toBe("2:30");
  expect(clock("2026-10-25T01:30:00Z", "Europe/Berlin", "en-GB")).toBe("2:30");
});

test("a scale names full hours", () => {
  expect(hourLabel(now, "America/Chicago", "en-US")).toBe("6 AM");
});

test("a duration has seconds, minutes, or hours with minutes", () => {
  expect(duration(40, "en-US")).toBe("40s");
  expect(duration(59.6, "en-US")).toBe("1m");
  expect(duration(3900, "en-US")).toBe("1h 5m");
  expect(duration(-3, "en-US")).toBe("0s");
});
