import { beforeEach, expect, test } from "vitest";
import { FleetListView } from "@/features/live/fleet-list-view";
import { EVERYTHING } from "@/features/live/fleet-order";
import { LiveWorld, MOMENT, vehicle } from "@/testing/live";

let world: LiveWorld;
let view: FleetListView;
let told: number;

beforeEach(() => {
  world = new LiveWorld(
    [vehicle(1, { name: "C" }), vehicle(2, { name: "B" }), vehicle(3, { name: "A" })],
    [
      { no: 1, motion: 1 },
      { no: 2, motion: 2 },
      { no: 3, motion: 3 },
    ],
  );
  view = new FleetListView(world.store);
  told = 0;
  view.subscribe(() => (told += 1));
});

test("a beat in which nothing that shows has changed tells nobody and keeps the object", () => {
  const before = view.current();
  world.hear({ no: 1, at_ms: MOMENT + 1, lat_e7: 1 });
  world.beat();
  expect(view.current()).toBe(before);
  expect(told).toBe(0);
});

test("a changed state changes the counts with the next beat and leaves rows and map alone", () => {
  const before = view.current();
  world.hear({ no: 1, at_ms: MOMENT + 1, motion: 3 });
  expect(told).toBe(0);
  world.beat();
  expect(view.current().counts).toMatchObject({ moving: 0, stopped: 2 });
  expect(view.current().rows).toBe(before.rows);
  expect(view.current().source).toBe(before.source);
});

test("list and map show the same vehicles", () => {
  view.setFilter({ ...EVERYTHING, states: new Set(["moving", "idling"]) });
  const { rows, source } = view.current();
  const shown = source.shown();
  const onMap = [1, 2, 3].filter((no) => shown?.[source.columns.slotOf(no)] === 1);
  expect([...rows].toSorted((a, b) => a - b)).toEqual(onMap);
  world.hear({ no: 1, at_ms: MOMENT + 1, motion: 3 });
  world.beat();
  expect(view.current().rows).toEqual([2]);
  expect(view.current().source).not.toBe(source);
});

test("an order that moves is put right every fifth beat, not at once", () => {
  view.setSort("state");
  expect(view.current().rows).toEqual([1, 2, 3]);
  world.hear({ no: 1, at_ms: MOMENT + 1, motion: 3 });
  world.beat(4);
  expect(view.current().rows).toEqual([1, 2, 3]);
  world.beat();
  expect(view.current().rows).toEqual([2, 3, 1]);
});

test("a renamed vehicle takes its new place with the next beat", () => {
  world.take(
    2,
    [vehicle(1, { name: "A0" }), vehicle(2, { name: "B" }), vehicle(3, { name: "A" })],
    [{ no: 1 }],
  );
  world.beat();
  expect(view.current().rows).toEqual([3, 1, 2]);
});

test("the first snapshot shows at once", () => {
  const empty = new LiveWorld([]);
  const early = new FleetListView(empty.store);
  early.subscribe(() => undefined);
  empty.take(1, [vehicle(7)], [{ no: 7 }]);
  expect(early.current().rows).toEqual([7]);
});

test("the mask follows vehicles that move to another row", () => {
  view.setFilter({ ...EVERYTHING, text: "A" });
  const { source } = view.current();
  expect(source.shown()?.[source.columns.slotOf(3)]).toBe(1);
  world.take(2, [vehicle(3, { name: "A" }), vehicle(2, { name: "B" })], [{ no: 2 }, { no: 3 }]);
  expect(source.shown()?.[source.columns.slotOf(3)]).toBe(1);
  expect(source.shown()?.[source.columns.slotOf(2)]).toBe(0);
});
