import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { can, localeOf, meQuery, safeReturn, signInSearch } from "@/lib/session";
import { ADA, fakeServer, problem } from "@/testing/fake-server";

test("after signing in one comes back to the page, with its search and hash", () => {
  expect(safeReturn("/vehicles/v1?day=2026-11-20#trips")).toBe("/vehicles/v1?day=2026-11-20#trips");
});

test("nobody is sent to another site, whatever the address says", () => {
  for (const evil of [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "",
    null,
    7,
  ]) {
    expect(safeReturn(evil)).toBe("/live");
  }
});

test("coming back to the sign-in page would be a circle", () => {
  expect(safeReturn("/sign-in?to=%2Fvehicles")).toBe("/live");
});

test("the start page needs no mention in the sign-in address", () => {
  expect(signInSearch("/live")).toEqual({});
  expect(signInSearch("/vehicles?q=bus")).toEqual({ to: "/vehicles?q=bus" });
});

test("whoever is not signed in is nobody, and that is no failure", async () => {
  const server = fakeServer({ "GET /auth/me": () => problem(401, "unauthenticated", "Sign in first.") });
  expect(await new QueryClient().fetchQuery(meQuery(server.api))).toBeNull();
});

test("a server that fails is not taken for being signed out", async () => {
  const server = fakeServer({ "GET /auth/me": () => problem(503, "unavailable", "Just now it cannot.") });
  await expect(new QueryClient().fetchQuery(meQuery(server.api))).rejects.toThrow("Just now it cannot.");
});

test("a permission is there or it is not", () => {
  expect(can(ADA, "vehicles.write")).toBe(true);
  expect(can(ADA, "tenant.write")).toBe(false);
});

test("dates are written as the tenant writes them, in the page's language", () => {
  expect(localeOf({ date_format: "DD/MM/YYYY" }, "en")).toBe("en-GB");
  expect(localeOf({ date_format: "MM/DD/YYYY" }, "de")).toBe("de-US");
  expect(localeOf({ date_format: "something new" }, "en")).toBe("en-US");
});
