import { screen, waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { AddDevice } from "@/features/devices/add-device";
import { deviceOf, identifierFinding, isImei } from "@/features/devices/device-values";
import { fakeServer, problem } from "@/testing/fake-server";
import { renderPage } from "@/testing/render-page";

const instance = () => ({
  name: "Motorpool",
  version: "1",
  demo: false,
  demo_accounts: [],
  device_ports: { osmand: 6055 },
});
const press = (name: string) => userEvent.click(screen.getByRole("button", { name }));

test("an IMEI with one mistyped digit is found", () => {
  expect(isImei("490154203237518")).toBe(true);
  expect(identifierFinding("490154203237519")).toBe("imei");
});

test("a phone may call itself what it likes, but not nothing", () => {
  expect(identifierFinding("anna-phone")).toBeNull();
  expect(identifierFinding("  ")).toBe("missing");
});

test("a device without a name is called by its identifier", () => {
  expect(deviceOf({ identifier: " 123 ", name: "", model: " " }, null)).toEqual({
    name: "123",
    model: null,
    identifiers: ["123"],
    vehicle_id: null,
  });
});

test("after adding, one sees what to type into the tracker, with the ports of this instance", async () => {
  const server = fakeServer({
    "GET /instance": instance,
    "POST /devices": (_, body) => ({
      ...(body as object),
      id: "d1",
      no: 1,
      identifiers: [{ value: "anna-phone", on_ports: true }],
      created_at: "2026-11-20T00:00:00Z",
      version: 1,
    }),
  });
  renderPage(<AddDevice isOpen onClose={vi.fn()} />, server.api);
  await userEvent.type(screen.getByLabelText(/^Identifier/), "anna-phone");
  await press("Add device");
  expect(await screen.findByText("http://localhost:6055")).toBeDefined();
  expect(screen.getByText("anna-phone", { selector: "p" })).toBeDefined();
  // The Teltonika port is switched off here, so it is not offered.
  expect(screen.queryByText("A Teltonika tracker")).toBeNull();
});

test("an identifier that is taken is said, and nothing typed is lost", async () => {
  const server = fakeServer({
    "POST /devices": () => problem(409, "identifier_taken", "Another of your devices has this identifier."),
  });
  renderPage(<AddDevice isOpen onClose={vi.fn()} />, server.api);
  await userEvent.type(screen.getByLabelText(/^Identifier/), "anna-phone");
  await press("Add device");
  await waitFor(() =>
    expect(screen.getByRole("alert").textContent).toContain("Another of your devices has this identifier."),
  );
  expect(screen.getByLabelText<HTMLInputElement>(/^Identifier/).value).toBe("anna-phone");
});
