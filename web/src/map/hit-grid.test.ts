import * as fc from "fast-check";
import { expect, test } from "vitest";
import { HitGrid, REACH_PX } from "@/map/hit-grid";

function gridOf(points: readonly (readonly [number, number])[]): HitGrid {
  const grid = new HitGrid();
  grid.sort(Float32Array.from(points.flat()), points.length, 2, 400, 300);
  return grid;
}

test("a finger hits the nearest symbol within reach, and nothing beyond", () => {
  const grid = gridOf([
    [100, 100],
    [110, 100],
    [300, 200],
  ]);
  expect(grid.nearest(106, 100)).toBe(1);
  expect(grid.nearest(104, 100)).toBe(0);
  expect(grid.nearest(100, 100 - REACH_PX)).toBe(0);
  expect(grid.nearest(100, 100 - REACH_PX - 1)).toBe(-1);
});

test("a target is at least 44 px wide", () => {
  expect(2 * REACH_PX).toBeGreaterThanOrEqual(44);
});

test("a symbol half outside the map can be hit", () => {
  expect(gridOf([[-8, 50]]).nearest(3, 50)).toBe(0);
  expect(gridOf([[405, 295]]).nearest(399, 299)).toBe(0);
});

test("an empty map is never hit, and filling again forgets what was", () => {
  const grid = gridOf([[10, 10]]);
  const nothing = new Float32Array(0);
  grid.sort(nothing, 0, 2, 400, 300);
  expect(grid.nearest(10, 10)).toBe(-1);
});

test("the grid finds what looking at every symbol finds", () => {
  const point = fc.tuple(fc.integer({ min: 0, max: 399 }), fc.integer({ min: 0, max: 299 }));
  fc.assert(
    fc.property(fc.array(point, { maxLength: 80 }), point, (points, [x, y]) => {
      const squared = points.map(([px, py]) => (px - x) ** 2 + (py - y) ** 2);
      const best = Math.min(Number.POSITIVE_INFINITY, ...squared);
      const found = gridOf(points).nearest(x, y);
      const reached = best <= REACH_PX ** 2;
      expect(reached ? squared[found] : found).toBe(reached ? best : -1);
    }),
  );
});
