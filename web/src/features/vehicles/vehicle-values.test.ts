import { expect, test } from "vitest";
import { bodyOf, changesOf, NEW_VEHICLE, valuesOf } from "@/features/vehicles/vehicle-values";
import { vehicle } from "@/testing/fake-server";

test("a new vehicle with a name alone says nothing about the rest", () => {
  expect(bodyOf({ ...NEW_VEHICLE, name: " Bus 1 " })).toEqual({
    name: "Bus 1",
    plate: null,
    vin: null,
    kind: "car",
    make: null,
    model: null,
    year: null,
    fuel_type: "unknown",
    fleet_id: null,
    status: "in_service",
  });
});

test("a year is a number and a VIN is tidy when they are sent", () => {
  const body = bodyOf({ ...NEW_VEHICLE, name: "Bus", year: " 2024 ", vin: "wvw zzz 1jzxw000001" });
  expect(body.year).toBe(2024);
  expect(body.vin).toBe("WVWZZZ1JZXW000001");
});

test("an untouched form changes nothing", () => {
  const values = valuesOf(vehicle({ year: 2020, vin: "WVWZZZ1JZXW000001" }));
  expect(changesOf(values, values)).toEqual({});
});

test("only what was touched is changed, and emptied fields become null", () => {
  const before = valuesOf(vehicle({ plate: "B-MP 1", make: "MAN" }));
  expect(changesOf(before, { ...before, plate: "", name: "Bus 9" })).toEqual({ plate: null, name: "Bus 9" });
});

test("blanks around a text are no change", () => {
  const before = valuesOf(vehicle({ make: "MAN" }));
  expect(changesOf(before, { ...before, make: " MAN " })).toEqual({});
});
