import { expect, test } from "vitest";
import { boxOf, trackOf } from "@/map/track";

const fix = (minute: number, lon: number) => ({ at: new Date(minute * 60_000).toISOString(), lat: 30, lon });
const kinds = (fixes: Parameters<typeof trackOf>[0]) =>
  trackOf(fixes).features.map(({ properties, geometry }) => [
    properties?.["kind"],
    geometry.coordinates.length,
  ]);

test("fixes without a long silence are one line", () => {
  expect(kinds([fix(0, 1), fix(1, 2), fix(9, 3)])).toEqual([["track", 3]]);
});

test("a silence of more than ten minutes is shown as a gap", () => {
  expect(kinds([fix(0, 1), fix(1, 2), fix(30, 3), fix(31, 4)])).toEqual([
    ["track", 2],
    ["gap", 2],
    ["track", 2],
  ]);
});

test("a single fix between two silences is no line of its own", () => {
  expect(kinds([fix(0, 1), fix(30, 2), fix(60, 3)])).toEqual([
    ["gap", 2],
    ["gap", 2],
  ]);
  expect(kinds([])).toEqual([]);
});

test("lines are longitude first, as GeoJSON wants it", () => {
  expect(trackOf([fix(0, 1), fix(1, 2)]).features[0]?.geometry.coordinates[0]).toEqual([1, 30]);
});

test("the box around nothing is nothing", () => {
  expect(boxOf([])).toBeNull();
  expect(boxOf([fix(0, 5), fix(0, -3)])).toEqual({ west: -3, east: 5, south: 30, north: 30 });
});
