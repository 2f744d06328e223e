import { expect, test } from "vitest";
import { SILENT_PARKED_MS, SILENT_UNDER_WAY_MS, vehicleState } from "@/lib/vehicle-state";

const now = Date.parse("2026-11-20T12:00:00Z");

test("a vehicle nobody has heard of has a state of its own", () => {
  expect(vehicleState("unknown", null, now)).toBe("unheard");
});

test("a vehicle under way is silent after ten minutes without a word", () => {
  expect(vehicleState("moving", now - SILENT_UNDER_WAY_MS, now)).toBe("moving");
  expect(vehicleState("moving", now - SILENT_UNDER_WAY_MS - 1, now)).toBe("silent");
  expect(vehicleState("idling", now - SILENT_UNDER_WAY_MS - 1, now)).toBe("silent");
});

test("a parked vehicle may sleep for a day before it is silent", () => {
  expect(vehicleState("stopped", now - 12 * 3_600_000, now)).toBe("stopped");
  expect(vehicleState("stopped", now - SILENT_PARKED_MS - 1, now)).toBe("silent");
});

test("a time as the API writes it and milliseconds mean the same", () => {
  expect(vehicleState("idling", "2026-11-20T11:59:00Z", now)).toBe("idling");
  expect(vehicleState("idling", now - 60_000, now)).toBe("idling");
});
