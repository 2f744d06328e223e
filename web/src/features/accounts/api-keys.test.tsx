import { screen, waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { ApiKeys } from "@/features/accounts/api-keys";
import type { ApiKey } from "@/lib/api/types";
import { fakeServer, listOf } from "@/testing/fake-server";
import { renderPage } from "@/testing/render-page";

const PERMISSIONS = ["vehicles.read", "telemetry.write"];
const press = (name: string | RegExp) => userEvent.click(screen.getByRole("button", { name }));

function serverWith(...stored: ApiKey[]) {
  const keys = [...stored];
  const server = fakeServer({
    "GET /api-keys": () => listOf(...keys),
    "POST /api-keys": (_, body) => {
      const { name, permissions } = body as { name: string; permissions?: string[] };
      const key: ApiKey = {
        id: "k2",
        name,
        permissions: permissions ?? PERMISSIONS,
        created_at: "2026-11-20T00:00:00Z",
        revoked_at: null,
      };
      keys.push(key);
      return { ...key, secret: "mpk_secret" };
    },
    "DELETE /api-keys/k1": () => {
      keys.splice(0, 1);
      return new Response(null, { status: 204 });
    },
  });
  return server;
}

const OLD: ApiKey = {
  id: "k1",
  name: "Warehouse",
  permissions: PERMISSIONS,
  created_at: "2026-01-01T00:00:00Z",
  revoked_at: null,
};

test("a new key is shown once, and its secret is nowhere in the list", async () => {
  const server = serverWith();
  renderPage(<ApiKeys mayWrite permissions={PERMISSIONS} />, server.api);
  await press("New key");
  await userEvent.type(screen.getByLabelText(/^Name/), "Yard gate");
  await press("Make key");
  expect(await screen.findByText("mpk_secret")).toBeDefined();
  await press("I have copied it");
  await waitFor(() => expect(screen.queryByText("mpk_secret")).toBeNull());
  expect(await screen.findByText("Yard gate")).toBeDefined();
});

test("a key with fewer permissions says which ones it gets", async () => {
  const server = serverWith();
  renderPage(<ApiKeys mayWrite permissions={PERMISSIONS} />, server.api);
  await press("New key");
  await userEvent.type(screen.getByLabelText(/^Name/), "Tracker");
  await userEvent.click(screen.getByLabelText(/See vehicles/));
  await press("Make key");
  await waitFor(() =>
    expect(server.requests.at(-2)?.body ?? server.requests.at(-1)?.body).toEqual({
      name: "Tracker",
      permissions: ["telemetry.write"],
    }),
  );
});

test("a key without a name is not made", async () => {
  const server = serverWith();
  renderPage(<ApiKeys mayWrite permissions={PERMISSIONS} />, server.api);
  await press("New key");
  await press("Make key");
  expect(await screen.findByText(/Name what uses it/)).toBeDefined();
  expect(server.asked).not.toContain("POST /api-keys");
});

test("a key is revoked only after one has read what that means", async () => {
  const server = serverWith(OLD);
  renderPage(<ApiKeys mayWrite permissions={PERMISSIONS} />, server.api);
  await userEvent.click(await screen.findByRole("button", { name: "Revoke Warehouse" }));
  expect(screen.getByRole("alertdialog").textContent).toContain("refused at once");
  await press("Revoke key");
  await waitFor(() => expect(screen.queryByText("Warehouse")).toBeNull());
  expect(server.asked).toContain("DELETE /api-keys/k1");
});

test("who may only read keys can neither make nor revoke one", async () => {
  renderPage(<ApiKeys mayWrite={false} permissions={PERMISSIONS} />, serverWith(OLD).api);
  expect(await screen.findByText("Warehouse")).toBeDefined();
  expect(screen.queryByRole("button")).toBeNull();
});
