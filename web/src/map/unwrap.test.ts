import type { Polygon, Position } from "geojson";
import { expect, test } from "vitest";
import { unwrapLine, unwrapPolygon, unwrapRing } from "@/map/unwrap";

test("a line that stays on one side is left as it is", () => {
  const line = [
    [10, 50],
    [170, 51],
    [20, 52],
  ];
  expect(unwrapLine(line)).toEqual(line);
});

test("a line across the date line goes on beyond it, and comes back", () => {
  const across: Position[] = [
    [179, 0],
    [-179, 1],
    [-178, 2],
    [178, 3],
  ];
  expect(unwrapLine(across).map(([lon]) => lon)).toEqual([179, 181, 182, 178]);
});

test("a ring around the south pole is closed along it", () => {
  const ring: Position[] = [0, 90, 180, -90, 0].map((lon) => [lon, -70]);
  expect(unwrapRing(ring).slice(-4)).toEqual([
    [360, -70],
    [360, -90],
    [0, -90],
    [0, -70],
  ]);
});

test("no side of a polygon is longer than half the world", () => {
  const fiji: Polygon = {
    type: "Polygon",
    coordinates: [
      [
        [178, -17],
        [-179, -17],
        [-179, -18],
        [178, -18],
        [178, -17],
      ],
    ],
  };
  const lons = unwrapPolygon(fiji).coordinates[0]?.map(([lon = 0]) => lon) ?? [];
  expect(lons).toEqual([178, 181, 181, 178, 178]);
});
