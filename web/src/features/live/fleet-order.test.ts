import { expect, test } from "vitest";
import {
  ageOf,
  EVERYTHING,
  type Filter,
  inOrder,
  maskOf,
  matching,
  stateOf,
} from "@/features/live/fleet-order";
import { LiveWorld, MOMENT, vehicle } from "@/testing/live";

const MINUTE = 60_000;
const { store } = new LiveWorld(
  [
    vehicle(1, { name: "Bus 10", plate: "AB-1 234", fleet_id: "city" }),
    vehicle(2, { name: "Bus 9", plate: "XY 77", fleet_id: "city" }),
    vehicle(3, { name: "Müllwagen", fleet_id: "waste" }),
    vehicle(4, { name: "Van" }),
    vehicle(5, { name: "Crane" }),
  ],
  [
    { no: 1, motion: 1 },
    { no: 2, motion: 3, at_ms: MOMENT - 5 * MINUTE },
    { no: 3, motion: 2, at_ms: MOMENT - MINUTE },
    { no: 4, motion: 1, at_ms: MOMENT - 30 * MINUTE },
  ],
);
const found = (filter: Partial<Filter>) => [...matching(store, { ...EVERYTHING, ...filter }, MOMENT).numbers];

test("the state of a vehicle follows its motion, its age, and whether it was ever heard", () => {
  expect([1, 2, 3, 4, 5].map((no) => stateOf(store, no, MOMENT))).toEqual([
    "moving",
    "stopped",
    "idling",
    "silent",
    "unheard",
  ]);
});

test("a vehicle falls silent by time alone, without news", () => {
  expect(stateOf(store, 1, MOMENT + 20 * MINUTE)).toBe("silent");
});

test("a vehicle is found by a part of its name, without accents or capitals", () => {
  expect(found({ text: "bus" })).toEqual([1, 2]);
  expect(found({ text: " mull " })).toEqual([3]);
});

test("a plate is found however one writes it", () => {
  expect(found({ text: "ab1234" })).toEqual([1]);
  expect(found({ text: "1-234" })).toEqual([1]);
  expect(found({ text: "- -" })).toEqual([]);
});

test("filters by state and fleet work together", () => {
  expect(found({ states: new Set(["moving", "silent"]) })).toEqual([1, 4]);
  expect(found({ fleet: "city", states: new Set(["stopped"]) })).toEqual([2]);
});

test("counts say what each state would show, whatever states are chosen", () => {
  const counts = { moving: 1, idling: 0, stopped: 1, silent: 0, unheard: 0 };
  expect(
    matching(store, { ...EVERYTHING, fleet: "city", states: new Set(["moving"]) }, MOMENT).counts,
  ).toEqual(counts);
});

test("names are ordered as people count: 9 before 10", () => {
  expect(inOrder(store, [1, 2, 3, 4, 5], "name", MOMENT)).toEqual([2, 1, 5, 3, 4]);
});

test("by state moving comes first and never heard last; by age the newest fix comes first", () => {
  expect(inOrder(store, [5, 4, 3, 2, 1], "state", MOMENT)).toEqual([1, 3, 2, 4, 5]);
  expect(inOrder(store, [5, 4, 3, 2, 1], "age", MOMENT)).toEqual([1, 3, 2, 4, 5]);
  expect(ageOf(store, 5, MOMENT)).toBe(Number.POSITIVE_INFINITY);
});

test("the map's mask has a one for each row that is shown", () => {
  const mask = maskOf(store.positions, new Set([1, 4]));
  expect([1, 2, 3, 4].map((no) => mask[store.positions.slotOf(no)])).toEqual([1, 0, 0, 1]);
});
