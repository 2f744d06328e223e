import { screen, waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { AddVehicle, EditVehicle } from "@/features/vehicles/vehicle-drawer";
import type { Vehicle } from "@/lib/api/types";
import { fakeServer, listOf, problem, vehicle } from "@/testing/fake-server";
import { renderPage } from "@/testing/render-page";

const fleets = { "GET /fleets": () => listOf({ id: "f1", name: "Buses", version: 1, vehicles: 0 }) };
const type = (label: RegExp, text: string) => userEvent.type(screen.getByLabelText(label), text);
const press = (name: string) => userEvent.click(screen.getByRole("button", { name }));

test("a name is enough for a vehicle", async () => {
  const server = fakeServer({ ...fleets, "POST /vehicles": () => vehicle({ name: "Bus 7" }) });
  const onAdded = vi.fn();
  renderPage(<AddVehicle isOpen onClose={vi.fn()} onAdded={onAdded} />, server.api);
  await type(/^Name/, "Bus 7");
  await press("Add vehicle");
  await waitFor(() => expect(onAdded).toHaveBeenCalledOnce());
  expect(server.requests.find((request) => request.method === "POST")?.body).toMatchObject({
    name: "Bus 7",
    vin: null,
  });
});

test("without a name nothing is sent, and the summary leads to the field", async () => {
  const server = fakeServer(fleets);
  renderPage(<AddVehicle isOpen onClose={vi.fn()} onAdded={vi.fn()} />, server.api);
  await press("Add vehicle");
  const summary = await screen.findByRole("alert");
  expect(summary.textContent).toContain("One thing is not right yet");
  await userEvent.click(screen.getByRole("link", { name: "Name" }));
  expect(document.activeElement).toBe(screen.getByLabelText(/^Name/));
  expect(screen.getByLabelText(/^Name/).getAttribute("aria-invalid")).toBe("true");
  expect(server.asked).not.toContain("POST /vehicles");
});

test("a mistyped VIN is told when one leaves the field", async () => {
  renderPage(<AddVehicle isOpen onClose={vi.fn()} onAdded={vi.fn()} />, fakeServer(fleets).api);
  await type(/^VIN/, "1M8GDM9A0KP042788");
  await userEvent.tab();
  expect(await screen.findByText(/check digit does not fit/)).toBeDefined();
});

test("what the server says of a field stands at the field", async () => {
  const server = fakeServer({
    ...fleets,
    "POST /vehicles": () =>
      problem(422, "invalid", "Not valid", [
        { field: "plate", code: "too_long", detail: "at most 40 signs" },
      ]),
  });
  renderPage(<AddVehicle isOpen onClose={vi.fn()} onAdded={vi.fn()} />, server.api);
  await type(/^Name/, "Bus");
  await press("Add vehicle");
  await waitFor(() => expect(screen.getByLabelText("Plate").getAttribute("aria-invalid")).toBe("true"));
  expect(screen.getAllByText(/At most 40 signs/)).toHaveLength(2);
});

test("a fleet that is missed is made and chosen on the spot", async () => {
  const known = [{ id: "f1", name: "Buses", version: 1, vehicles: 0 }];
  const server = fakeServer({
    "GET /fleets": () => listOf(...known),
    "POST /fleets": (_, body) => {
      const made = { id: "f2", name: (body as { name: string }).name, version: 1, vehicles: 0 };
      known.push(made);
      return made;
    },
  });
  renderPage(<AddVehicle isOpen onClose={vi.fn()} onAdded={vi.fn()} />, server.api);
  await press("New fleet");
  await type(/Name of the new fleet/, "Gritters{Enter}");
  await waitFor(() => expect(screen.getByLabelText<HTMLSelectElement>("Fleet").value).toBe("f2"));
});

test("when somebody else was faster it is said, and saving again puts the change on top", async () => {
  let stored: Vehicle = vehicle({ version: 4, plate: "B-MP 99" });
  const server = fakeServer({
    ...fleets,
    "GET /vehicles/v1": () => stored,
    "PATCH /vehicles/v1": (request, body) => {
      if (request.headers.get("if-match") !== `"${stored.version}"`)
        return problem(412, "precondition_failed", "Changed meanwhile.");
      stored = { ...stored, ...(body as Partial<Vehicle>), version: stored.version + 1 };
      return stored;
    },
  });
  const onClose = vi.fn();
  renderPage(<EditVehicle vehicle={vehicle({ version: 3 })} isOpen onClose={onClose} />, server.api);
  await type(/^Name/, "a");
  await press("Save");
  expect((await screen.findByRole("alert")).textContent).toContain(
    "Somebody changed this vehicle while you were typing",
  );
  await press("Save");
  await waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  expect(stored).toMatchObject({ name: "Bus 01a", plate: "B-MP 99", version: 5 });
});
