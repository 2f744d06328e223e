import { expect, test } from "vitest";
import { staleKeys } from "@/realtime/invalidations";

test("an ended trip makes the trips, the trip and the stops of its vehicle out of date", () => {
  expect(staleKeys("telemetry.trip_ended.v1", { vehicle_id: "v", trip_id: "t" })).toEqual([
    ["trips", "v"],
    ["trip", "t"],
    ["stops", "v"],
  ]);
});

test("a changed vehicle makes the lists out of date that show it", () => {
  expect(staleKeys("vehicles.vehicle_changed.v1", { vehicle_id: "v" })).toContainEqual(["vehicles"]);
});

test("an event no list depends on refreshes nothing", () => {
  expect(staleKeys("shop.order_completed.v1", {})).toEqual([]);
});
