import { expect, test } from "vitest";
import { addVehicle, changeVehicle } from "@/features/vehicles/save-vehicle";
import { NEW_VEHICLE, valuesOf } from "@/features/vehicles/vehicle-values";
import { fieldErrorsOf } from "@/lib/api/problem";
import { fakeServer, problem, vehicle } from "@/testing/fake-server";

test("a VIN that another vehicle has is refused at the VIN", async () => {
  const server = fakeServer({
    "POST /vehicles": () => problem(409, "vin_taken", "Another vehicle of yours has this VIN."),
  });
  const refused = await addVehicle(server.api, NEW_VEHICLE).catch((error: unknown) => error);
  expect(fieldErrorsOf(refused, ["vin"]).fields).toEqual({ vin: "Another vehicle of yours has this VIN." });
});

test("a refusal that belongs to no field stays what it is", async () => {
  const server = fakeServer({
    "POST /vehicles": () => problem(403, "permission_missing", "Your role may not."),
  });
  const refused = await addVehicle(server.api, NEW_VEHICLE).catch((error: unknown) => error);
  expect(fieldErrorsOf(refused, ["vin"])).toEqual({ fields: {}, others: ["Your role may not."] });
});

test("saving without a change asks nobody", async () => {
  const server = fakeServer({});
  const values = valuesOf(vehicle());
  await changeVehicle(server.api, "v1", 3, values, values);
  expect(server.asked).toEqual([]);
});

test("a change carries its version and nothing else than the change", async () => {
  const server = fakeServer({ "PATCH /vehicles/v1": () => vehicle() });
  const values = valuesOf(vehicle());
  await changeVehicle(server.api, "v1", 3, values, { ...values, name: "Bus 2" });
  expect(server.requests[0]?.body).toEqual({ name: "Bus 2" });
  expect(server.requests[0]?.headers.get("if-match")).toBe('"3"');
});
