import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Clusters } from "@/map/clusters";
import type { FleetColumns } from "@/map/fleet-columns";
import { toScreen, type View } from "@/map/view";
import { fleetOf, viewOf } from "@/testing/fleet";

const NOW = 0;

function grouped(
  fleet: FleetColumns,
  view: View,
  shown: Uint8Array | null = null,
  alone: number | null = null,
) {
  const clusters = new Clusters();
  clusters.group(fleet, view, NOW, shown, alone);
  return clusters;
}

const total = ({ list }: Clusters): number => list.reduce((sum, { count }) => sum + count, 0);
const hiddenOf = ({ hidden }: Clusters, fleet: FleetColumns): number =>
  hidden.subarray(0, fleet.size).reduce((sum, one) => sum + one, 0);
const depot = (vehicles: number) =>
  Array.from({ length: vehicles }, (_, n) => ({ lat: 30 + n * 1e-6, lon: -97 }));

test("three vehicles in one place are three symbols, four are a cluster", () => {
  expect(grouped(fleetOf(depot(3)), viewOf(30, -97, 12)).list).toEqual([]);
  const four = grouped(fleetOf(depot(4)), viewOf(30, -97, 12));
  expect(four.list.map(({ count }) => count)).toEqual([4]);
});

test("every vehicle is either hidden in exactly one cluster or drawn, for any fleet and view", () => {
  const vehicle = fc.record({
    lat: fc.double({ min: 29.9, max: 30.1, noNaN: true }),
    lon: fc.double({ min: -97.2, max: -96.8, noNaN: true }),
    motion: fc.nat(3),
  });
  fc.assert(
    fc.property(
      fc.array(vehicle, { maxLength: 60 }),
      fc.double({ min: 1, max: 19, noNaN: true }),
      (vehicles, zoom) => {
        const fleet = fleetOf(vehicles);
        const clusters = grouped(fleet, viewOf(30, -97, zoom));
        expect(total(clusters)).toBe(hiddenOf(clusters, fleet));
        for (const { count, byState } of clusters.list) expect(byState.reduce((a, b) => a + b)).toBe(count);
      },
    ),
  );
});

test("clusters are never nearer to each other than a finger", () => {
  const vehicle = fc.record({
    lat: fc.double({ min: 29.99, max: 30.01, noNaN: true }),
    lon: fc.double({ min: -97.01, max: -96.99, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(vehicle, { minLength: 30, maxLength: 120 }), (vehicles) => {
      const view = viewOf(30, -97, 13);
      const places = grouped(fleetOf(vehicles), view).list.map(({ x, y }) => toScreen(view, x, y));
      for (const [index, one] of places.entries()) {
        for (const other of places.slice(index + 1)) {
          expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThan(40);
        }
      }
    }),
  );
});

test("a cluster splits into its parts as one zooms in, and at street level every vehicle stands alone", () => {
  const vehicles = [0, 0.002, 0.004].flatMap((east) =>
    Array.from({ length: 5 }, (_, n) => ({ lat: 30 + n * 1e-6, lon: -97 + east })),
  );
  const counts = [8, 15, 17].map((zoom) =>
    grouped(fleetOf(vehicles), viewOf(30, -96.998, zoom)).list.map(({ count }) => count),
  );
  expect(counts).toEqual([[15], [5, 5, 5], []]);
});

test("panning within the margin needs no new grid, another zoom step does", () => {
  const clusters = grouped(fleetOf(depot(10)), viewOf(30, -97, 12.1));
  expect(clusters.outgrown(viewOf(30.005, -97.01, 12.3))).toBe(false);
  expect(clusters.outgrown(viewOf(30, -97, 12.6))).toBe(true);
  expect(clusters.outgrown(viewOf(30, -96.5, 12.1))).toBe(true);
});

test("panning regroups nothing: the cells lie on the world", () => {
  const vehicles = Array.from({ length: 200 }, (_, n) => ({
    lat: 30 + (n % 14) * 1e-3,
    lon: -97 + (n % 15) * 1e-3,
  }));
  const fleet = fleetOf(vehicles);
  const here = grouped(fleet, viewOf(30.007, -96.993, 12));
  const there = grouped(fleet, viewOf(30.012, -97.001, 12));
  expect(there.list.map(({ count }) => count)).toEqual(here.list.map(({ count }) => count));
});

test("the selected vehicle is never hidden in a cluster", () => {
  const fleet = fleetOf(depot(6));
  const clusters = grouped(fleet, viewOf(30, -97, 12), null, 3);
  expect(total(clusters)).toBe(5);
  expect(clusters.hidden[fleet.slotOf(3)]).toBe(0);
});

test("filtered vehicles are not counted", () => {
  const clusters = grouped(fleetOf(depot(8)), viewOf(30, -97, 12), Uint8Array.of(1, 1, 1, 1, 1, 0, 0, 0));
  expect(total(clusters)).toBe(5);
});

test("a cluster knows how many are moving, idling, stopped and silent", () => {
  const motions = [1, 1, 2, 3, 3, 1];
  const vehicles = depot(6).map((one, n) =>
    Object.assign(one, { motion: motions[n] ?? 0, at_ms: n === 5 ? -7_200_000 : 0 }),
  );
  expect(grouped(fleetOf(vehicles), viewOf(30, -97, 12)).list[0]?.byState).toEqual([2, 1, 2, 1]);
});

test("across the date line one crowd is one cluster", () => {
  const vehicles = Array.from({ length: 6 }, (_, n) => ({
    lat: 0,
    lon: n % 2 === 0 ? 179.999_99 : -179.999_99,
  }));
  const clusters = grouped(fleetOf(vehicles), viewOf(0, 180, 9));
  expect(clusters.list.map(({ count }) => count)).toEqual([6]);
});
