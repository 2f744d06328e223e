import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { act, render, screen, waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { createAppRouter } from "@/app/router";
import { ApiContext } from "@/lib/api/api-context";
import { ME_KEY } from "@/lib/session";
import { ADA, fakeServer, listOf, problem } from "@/testing/fake-server";

/** The whole app at an address, with a server that knows one password. */
function open(address: string, given: { signedIn?: boolean } = {}) {
  let signedIn = given.signedIn ?? false;
  const guarded = (answer: () => unknown) => () =>
    signedIn ? answer() : problem(401, "unauthenticated", "Sign in first.");
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const server = fakeServer(
    {
      "GET /instance": () => ({
        name: "Motorpool",
        version: "0.1.0",
        demo: true,
        demo_accounts: [{ email: "admin@demo.example", password: "motorpool-demo", tenant: "Demo Town" }],
        device_ports: {},
      }),
      "POST /auth/login": (_, body) => {
        signedIn = (body as { password: string }).password === "motorpool-demo";
        return signedIn
          ? { access_token: "t", token_type: "bearer", expires_in: 900 }
          : problem(401, "sign_in_failed", "No.");
      },
      "GET /auth/me": guarded(() => ADA),
      "GET /vehicles": guarded(() => listOf()),
      "GET /fleets": guarded(() => listOf()),
      "GET /api-keys": guarded(() => listOf()),
    },
    {
      onSignedOut: () => {
        queries.setQueryData(ME_KEY, null);
        void router.invalidate();
      },
    },
  );
  const history = createMemoryHistory({ initialEntries: [address] });
  const router = createAppRouter({ api: server.api, queries }, history);
  render(
    <I18nProvider i18n={i18n}>
      <ApiContext value={server.api}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </ApiContext>
    </I18nProvider>,
  );
  return { router, server, endSession: () => (signedIn = false), here: () => router.state.location.href };
}

const LONG = { timeout: 5000 };

test("whoever opens a page without being signed in comes back to it after signing in", async () => {
  const app = open("/vehicles?q=bus&state=moving");
  await userEvent.type(await screen.findByLabelText("E-mail", {}, LONG), "ada@demo.example");
  await userEvent.type(screen.getByLabelText("Password"), "motorpool-demo{Enter}");
  expect(await screen.findByRole("heading", { name: "Vehicles" }, LONG)).toBeDefined();
  expect(app.here()).toBe("/vehicles?q=bus&state=moving");
});

test("a wrong password is said, and what was typed stays", async () => {
  open("/sign-in");
  await userEvent.type(await screen.findByLabelText("E-mail", {}, LONG), "ada@demo.example");
  await userEvent.type(screen.getByLabelText("Password"), "guess{Enter}");
  expect((await screen.findByRole("alert")).textContent).toContain("do not fit together");
  expect(screen.getByLabelText<HTMLInputElement>("E-mail").value).toBe("ada@demo.example");
});

test("nothing is sent while a field is empty", async () => {
  const app = open("/sign-in");
  await userEvent.click(await screen.findByRole("button", { name: "Sign in" }, LONG));
  expect(screen.getByText("Enter your e-mail address.")).toBeDefined();
  expect(app.server.asked).not.toContain("POST /auth/login");
});

test("on a demo one tap signs in", async () => {
  const app = open("/settings");
  await userEvent.click(await screen.findByRole("button", { name: /Sign in to Demo Town/ }, LONG));
  expect(await screen.findByRole("heading", { name: "Settings" }, LONG)).toBeDefined();
  expect(app.here()).toBe("/settings");
});

test("a session that ends meanwhile leads to signing in, and keeps the address", async () => {
  const app = open("/vehicles?sort=-name", { signedIn: true });
  await screen.findByRole("heading", { name: "No vehicles yet" }, LONG);
  app.endSession();
  await act(() => app.server.api.get("/vehicles").catch(() => undefined));
  expect(await screen.findByRole("heading", { name: "Sign in to Motorpool" }, LONG)).toBeDefined();
  await waitFor(() => expect(app.here()).toBe("/sign-in?to=%2Fvehicles%3Fsort%3D-name"));
});

test("whoever is signed in has no business on the sign-in page", async () => {
  const app = open("/settings", { signedIn: true });
  await screen.findByRole("heading", { name: "Settings" }, LONG);
  await act(() => app.router.navigate({ to: "/sign-in", search: { to: "/vehicles" } }));
  await waitFor(() => expect(app.here()).toBe("/vehicles"));
});

test("an address that leads nowhere says so and offers the map", async () => {
  open("/nowhere", { signedIn: true });
  expect(await screen.findByRole("heading", { name: "There is no page here" }, LONG)).toBeDefined();
});

test("the frame shows every section, and where one is", async () => {
  open("/vehicles", { signedIn: true });
  await screen.findByRole("heading", { name: "No vehicles yet" }, LONG);
  const current = screen.getAllByRole("link", { current: "page" }).map((link) => link.textContent);
  expect(new Set(current)).toEqual(new Set(["Vehicles"]));
  expect(screen.getAllByRole("link", { name: "Devices" }).length).toBeGreaterThan(0);
});
