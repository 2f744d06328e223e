import { expect, test, vi } from "vitest";
import { addressOf, createApi, randomId } from "@/lib/api/client";
import { failedWith, RequestFailed } from "@/lib/api/problem";
import { fakeServer, problem } from "@/testing/fake-server";

test("what was not given does not stand in the address, what was is escaped", () => {
  expect(
    addressOf("/vehicles", { q: "Bus & co", cursor: null, fleet_id: undefined, limit: 200, status: "" }),
  ).toBe("/api/v1/vehicles?q=Bus+%26+co&limit=200");
});

test("each POST has an idempotency key of its own, signing in has none", async () => {
  const server = fakeServer({ "POST /vehicles": () => ({}), "POST /auth/login": () => ({}) });
  await server.api.post("/vehicles", { name: "Bus" });
  await server.api.post("/vehicles", { name: "Bus" });
  await server.api.post("/auth/login", {});
  const keys = server.requests.map((request) => request.headers.get("idempotency-key"));
  expect(keys[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(keys[1]).not.toBe(keys[0]);
  expect(keys[2]).toBeNull();
});

test("a repeated request can carry the key of the first", async () => {
  const server = fakeServer({ "POST /vehicles": () => ({}) });
  const key = randomId();
  await server.api.post("/vehicles", {}, { headers: { "idempotency-key": key } });
  expect(server.requests[0]?.headers.get("idempotency-key")).toBe(key);
});

test("a change says on which version it stands", async () => {
  const server = fakeServer({ "PATCH /vehicles/v1": () => ({}) });
  await server.api.patch("/vehicles/v1", { name: "Bus" }, 7);
  expect(server.requests[0]?.headers.get("if-match")).toBe('"7"');
});

test("an empty answer is undefined", async () => {
  const server = fakeServer({ "DELETE /api-keys/k": () => new Response(null, { status: 204 }) });
  expect(await server.api.remove("/api-keys/k")).toBeUndefined();
});

test("a refusal carries the server's code and sentence", async () => {
  const server = fakeServer({
    "POST /vehicles": () => problem(409, "vin_taken", "Another vehicle has this VIN."),
  });
  const refused = await server.api.post("/vehicles", {}).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(RequestFailed);
  expect(refused).toMatchObject({ status: 409, code: "vin_taken", message: "Another vehicle has this VIN." });
});

test("a refusal that is no JSON still says its status", async () => {
  const server = fakeServer({ "GET /x": () => new Response("<h1>Bad gateway</h1>", { status: 502 }) });
  const refused = await server.api.get("/x").catch((error: unknown) => error);
  expect(refused).toMatchObject({ status: 502, code: "http_502" });
});

test("no network is a failure with status 0, not a crash", async () => {
  const api = createApi(() => Promise.reject(new TypeError("fetch failed")));
  const lost = await api.get("/vehicles").catch((error: unknown) => error);
  expect(failedWith(lost, 0)).toBe(true);
});

test("a request that was called off is called off, not failed", async () => {
  const calledOff = new AbortController();
  const api = createApi(() => Promise.reject(new DOMException("gone", "AbortError")));
  calledOff.abort();
  const error = await api.get("/vehicles", { signal: calledOff.signal }).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(DOMException);
});

const refuse = () => problem(401, "unauthenticated", "Sign in first.");

test("an ended session is told once a request meets it, a failed sign-in is not one", async () => {
  const onSignedOut = vi.fn();
  const server = fakeServer(
    { "GET /vehicles": refuse, "POST /auth/login": refuse, "GET /auth/me": refuse },
    { onSignedOut },
  );
  await server.api.get("/auth/me").catch(() => undefined);
  await server.api.post("/auth/login", {}).catch(() => undefined);
  expect(onSignedOut).not.toHaveBeenCalled();
  await server.api.get("/vehicles").catch(() => undefined);
  expect(onSignedOut).toHaveBeenCalledOnce();
});
