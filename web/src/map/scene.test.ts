import { expect, test } from "vitest";
import { type FrameOptions, Scene, STRIDE } from "@/map/scene";
import { IDLING, MOVING, MOVING_SOMEWHERE, SILENT, STOPPED } from "@/map/symbols";
import { fleetOf, type Placed, viewOf } from "@/testing/fleet";

function laid(vehicles: readonly Placed[], options: Partial<FrameOptions> = {}, view = viewOf(30, -97, 14)) {
  const scene = new Scene();
  const hidden = new Uint8Array(vehicles.length);
  scene.lay(fleetOf(vehicles), view, {
    nowMs: 0,
    serverNow: 0,
    shown: null,
    hidden,
    top: -1,
    glide: true,
    ...options,
  });
  return scene;
}

const drawn = (scene: Scene) =>
  Array.from({ length: scene.count }, (_, index) => {
    const [x = 0, y = 0, heading = 0, symbol = 0, pale = 0] = scene.instances.subarray(index * STRIDE);
    return { x, y, heading, symbol, pale, slot: scene.slots[index] };
  });
const only = (scene: Scene) => drawn(scene)[0];

test("a vehicle in the centre is drawn in the middle, one to the north above it", () => {
  const [middle, north] = drawn(
    laid([
      { lat: 30, lon: -97 },
      { lat: 30.001, lon: -97 },
    ]),
  );
  expect(middle).toMatchObject({ x: 500, y: 300 });
  expect(north?.x).toBeCloseTo(500);
  expect(north?.y).toBeLessThan(300);
});

test("a turned map turns the places and the arrows", () => {
  const turned = laid([{ lat: 30.001, lon: -97, heading_cdeg: 9_000 }], {}, viewOf(30, -97, 14, Math.PI / 2));
  expect(only(turned)?.x).toBeLessThan(500);
  expect(only(turned)?.y).toBeCloseTo(300);
  expect(only(turned)?.heading).toBeCloseTo(0);
});

test("a symbol glides from where it stood to its fix and then stands", () => {
  const moving = { lat: 30, lon: -97, from: { lat: 30, lon: -97.001 }, came_ms: 1_000, glide_ms: 1_000 };
  const at = (nowMs: number) => laid([moving], { nowMs });
  const xs = [1_000, 1_500, 2_000, 9_000].map((nowMs) => only(at(nowMs))?.x ?? 0);
  expect(xs[1]).toBeCloseTo(((xs[0] ?? 0) + 500) / 2);
  expect(xs.slice(2)).toEqual([500, 500]);
  expect([1_500, 2_000].map((nowMs) => at(nowMs).underWay)).toEqual([true, false]);
});

test("the arrow turns the short way while it glides", () => {
  const turning = {
    lat: 30,
    lon: -97,
    heading_cdeg: 1_000,
    from: { lat: 30, lon: -97, heading_cdeg: 35_000 },
    glide_ms: 100,
  };
  expect(only(laid([turning], { nowMs: 50 }))?.heading).toBeCloseTo(0);
});

test("readers who want less motion see symbols jump", () => {
  const moving = { lat: 30, lon: -97, from: { lat: 30, lon: -97.001 }, came_ms: 0, glide_ms: 1_000 };
  const scene = laid([moving], { nowMs: 10, glide: false });
  expect(only(scene)?.x).toBe(500);
  expect(scene.underWay).toBe(false);
});

test("state is a shape of its own", () => {
  const old = -11 * 60_000;
  const vehicles = [
    { motion: 1 },
    { motion: 2 },
    { motion: 3 },
    { motion: 1, at_ms: old },
    { motion: 1, heading_cdeg: 0xffff },
    { motion: 3, at_ms: old },
  ].map((one) => Object.assign(one, { lat: 30, lon: -97 }));
  const symbols = drawn(laid(vehicles)).map(({ symbol }) => symbol);
  expect(symbols).toEqual([MOVING, IDLING, STOPPED, SILENT, MOVING_SOMEWHERE, STOPPED]);
});

const pale = (motion: number, ageS: number) =>
  only(laid([{ lat: 30, lon: -97, motion, at_ms: -ageS * 1_000 }]))?.pale;

test("an old fix pales until it is silent, a parked vehicle does not", () => {
  expect(pale(1, 5)).toBe(0);
  expect(pale(1, 120)).toBeGreaterThan(0);
  expect(pale(1, 120)).toBeLessThan(pale(1, 200) ?? 0);
  expect(pale(3, 3_600)).toBe(0);
});

test("what is hidden, filtered or outside is not drawn", () => {
  const vehicles = [
    { lat: 30, lon: -97 },
    { lat: 30, lon: -97 },
    { lat: 31, lon: -97 },
    { lat: 30, lon: -97 },
  ];
  const scene = laid(vehicles, { hidden: Uint8Array.of(1, 0, 0, 0), shown: Uint8Array.of(1, 0, 1, 1) });
  expect(drawn(scene).map(({ slot }) => slot)).toEqual([3]);
});

test("the selected vehicle is drawn last, so above all others, and also when it is filtered out", () => {
  const vehicles = [
    { lat: 30, lon: -97 },
    { lat: 30, lon: -97 },
    { lat: 30, lon: -97 },
  ];
  expect(drawn(laid(vehicles, { top: 0 })).map(({ slot }) => slot)).toEqual([1, 2, 0]);
  expect(drawn(laid(vehicles, { top: 0, shown: Uint8Array.of(0, 1, 0) })).map(({ slot }) => slot)).toEqual([
    1, 0,
  ]);
});

test("a vehicle beyond the date line is drawn on the near side", () => {
  expect(only(laid([{ lat: 0, lon: -179.999 }], {}, viewOf(0, 179.999, 14)))?.x).toBeGreaterThan(500);
});
