import { expect, test } from "vitest";
import { LABELS_AT_MOST, type LabelWishes, placeLabels } from "@/map/label-layout";
import { Scene, STRIDE } from "@/map/scene";

function sceneOf(points: readonly (readonly [number, number])[]): Scene {
  const scene = new Scene();
  scene.count = points.length;
  scene.instances = new Float32Array(points.length * STRIDE);
  scene.slots = Int32Array.from(points, (_, index) => index);
  for (const [index, point] of points.entries()) scene.instances.set(point, index * STRIDE);
  return scene;
}

const wishes = (given: Partial<LabelWishes> = {}): LabelWishes => ({
  numberOf: (slot) => slot + 1,
  nameOf: (no) => `Bus ${no}`,
  widthOf: () => 50,
  radiusPx: 12,
  width: 1_000,
  meant: new Set(),
  before: new Set(),
  taken: [],
  ...given,
});
const shown = (points: readonly (readonly [number, number])[], given: Partial<LabelWishes> = {}) =>
  placeLabels(sceneOf(points), wishes(given)).map(({ no }) => no);

test("names stand right of their symbols, and left of them where the map ends", () => {
  expect(
    placeLabels(
      sceneOf([
        [100, 50],
        [980, 150],
      ]),
      wishes(),
    ),
  ).toEqual([
    { no: 1, name: "Bus 1", left: 115, top: 41 },
    { no: 2, name: "Bus 2", left: 915, top: 141 },
  ]);
});

test("a name covers neither a symbol nor another name nor what is taken", () => {
  expect(
    shown([
      [100, 50],
      [140, 50],
    ]),
  ).toEqual([2]);
  expect(
    shown([
      [100, 50],
      [100, 60],
    ]),
  ).toEqual([1]);
  expect(shown([[100, 50]], { taken: [{ left: 120, top: 45, right: 130, bottom: 55 }] })).toEqual([]);
});

test("what is meant has its name always and first", () => {
  const crossing = [
    [100, 50],
    [140, 50],
  ] as const;
  expect(shown(crossing, { meant: new Set([1]) })).toEqual([1]);
  expect(shown(crossing, { meant: new Set([1, 2]) })).toEqual([1, 2]);
});

test("a name that was shown keeps its place before others", () => {
  const close = [
    [100, 50],
    [100, 76],
    [100, 62],
  ] as const;
  expect(shown(close, { radiusPx: 1, before: new Set([3]) })).toEqual([3]);
  expect(shown(close, { radiusPx: 1 })).toEqual([1, 2]);
});

test("in a crowd only what is meant has a name", () => {
  const crowd = Array.from({ length: LABELS_AT_MOST + 1 }, (_, n) => [n * 100, n * 50] as const);
  expect(shown(crowd)).toEqual([]);
  expect(shown(crowd, { meant: new Set([5]) })).toEqual([5]);
});
