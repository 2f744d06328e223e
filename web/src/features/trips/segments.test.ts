import * as fc from "fast-check";
import { expect, test } from "vitest";
import { hoursOf, segmentsOf, totalsOf } from "@/features/trips/segments";
import type { Stop, Trip } from "@/lib/api/types";
import { boundsOf } from "@/lib/days";

const day = boundsOf("2026-11-20", "UTC");
const END = day.to;

function trip(id: string, started: string, ended: string | null, given: Partial<Trip> = {}): Trip {
  return {
    id,
    vehicle_id: "v1",
    started_at: started,
    ended_at: ended,
    distance_m: 1000,
    drive_s: 60,
    idle_s: 0,
    stops: 0,
    start: { lat: 0, lon: 0 },
    end: null,
    max_speed_mps: 10,
    odometer_start_m: 0,
    odometer_end_m: null,
    revision: 1,
    ...given,
  };
}

const stop = (started: string, ended: string): Stop => ({
  trip_id: "a",
  vehicle_id: "v1",
  started_at: started,
  ended_at: ended,
  lat: 0,
  lon: 0,
  idle_s: 0,
});

test("trips, their stops and the time between them stand in the order of time", () => {
  const trips = [
    trip("a", "2026-11-20T06:00:00Z", "2026-11-20T12:00:00Z"),
    trip("b", "2026-11-20T18:00:00Z", "2026-11-20T21:00:00Z"),
  ];
  const found = segmentsOf(trips, [stop("2026-11-20T09:00:00Z", "2026-11-20T09:30:00Z")], day, END);
  expect(found.map((one) => [one.kind, one.from])).toEqual([
    ["trip", 0.25],
    ["stop", 0.375],
    ["parked", 0.5],
    ["trip", 0.75],
  ]);
});

test("a trip under way goes on until now", () => {
  const now = Date.parse("2026-11-20T12:00:00Z");
  const [open] = segmentsOf([trip("a", "2026-11-20T06:00:00Z", null)], [], day, now);
  expect(open).toMatchObject({ from: 0.25, to: 0.5 });
});

test("a trip over midnight is cut at the edge of the day", () => {
  const [over] = segmentsOf([trip("a", "2026-11-20T18:00:00Z", "2026-11-21T03:00:00Z")], [], day, END);
  expect(over).toMatchObject({ from: 0.75, to: 1 });
});

test("no piece of a day leaves the strip", () => {
  const moments = fc.integer({ min: day.from - 1e8, max: day.to + 1e8 });
  fc.assert(
    fc.property(moments, fc.nat(1e8), moments, (from, length, now) => {
      const one = trip("a", new Date(from).toISOString(), new Date(from + length).toISOString());
      for (const piece of segmentsOf([one], [], day, now)) {
        expect(piece.from).toBeGreaterThanOrEqual(0);
        expect(piece.to).toBeLessThanOrEqual(1);
        expect(piece.to).toBeGreaterThan(piece.from);
      }
    }),
  );
});

test("a day amounts to the sum of its trips", () => {
  const trips = [
    trip("a", "", null, { distance_m: 5, drive_s: 1, idle_s: 2 }),
    trip("b", "", null, { distance_m: 7, drive_s: 3 }),
  ];
  expect(totalsOf(trips)).toEqual({ distance_m: 12, drive_s: 4, idle_s: 2 });
  expect(totalsOf([])).toEqual({ distance_m: 0, drive_s: 0, idle_s: 0 });
});

test("the scale begins and ends with the day", () => {
  expect(hoursOf(day, 6).map((hour) => hour.part)).toEqual([0, 0.25, 0.5, 0.75, 1]);
});
