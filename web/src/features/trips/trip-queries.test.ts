import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { positionsQuery, tripsQuery } from "@/features/trips/trip-queries";
import { fakeServer } from "@/testing/fake-server";

const span = { from: Date.parse("2026-11-20T00:00:00Z"), to: Date.parse("2026-11-21T00:00:00Z") };

test("trips come newest first and are given oldest first", async () => {
  const server = fakeServer({
    "GET /trips": () => ({ data: [{ id: "late" }, { id: "early" }], page: { next: null, limit: 200 } }),
  });
  const trips = await new QueryClient().fetchQuery(tripsQuery(server.api, "v1", span, false));
  expect(trips.map((trip) => trip.id)).toEqual(["early", "late"]);
});

test("all pages of a day's positions are read, in order", async () => {
  const pages: Record<string, unknown> = {
    "": { data: [{ at: "1" }, { at: "2" }], page: { next: "c2", limit: 2 } },
    c2: { data: [{ at: "3" }], page: { next: null, limit: 2 } },
  };
  const server = fakeServer({
    "GET /vehicles/v1/positions": (request) => pages[new URL(request.url).searchParams.get("cursor") ?? ""],
  });
  const positions = await new QueryClient().fetchQuery(positionsQuery(server.api, "v1", span, false));
  expect(positions.map((position) => position.at)).toEqual(["1", "2", "3"]);
});

test("a vehicle that never stops talking does not fill the memory", async () => {
  const server = fakeServer({
    "GET /vehicles/v1/positions": () => ({
      data: Array.from({ length: 5000 }, (_, at) => ({ at })),
      page: { next: "more", limit: 5000 },
    }),
  });
  const positions = await new QueryClient().fetchQuery(positionsQuery(server.api, "v1", span, false));
  expect(positions).toHaveLength(25_000);
});
