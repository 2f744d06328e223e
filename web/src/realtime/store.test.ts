import { beforeEach, expect, test } from "vitest";
import { decodePositions } from "@/realtime/frame";
import { type LiveKey, LiveStore } from "@/realtime/store";
import { frameOf, row } from "@/testing/frames";

let tick: (() => void) | null;
let store: LiveStore;

beforeEach(() => {
  tick = null;
  store = new LiveStore({
    now: () => 0,
    wall: () => 1_000,
    every: (_, run) => {
      tick = run;
      return () => {
        tick = null;
      };
    },
  });
});

const vehicle = (no: number) => ({
  id: `v${no}`,
  no,
  name: `Van ${no}`,
  plate: null,
  kind: "van",
  fleet_id: null,
  status: "active",
  trip: null,
});
const columns = (...numbers: number[]) => decodePositions(frameOf(numbers.map((no) => row({ no }))));
const take = (cursor: number, ...numbers: number[]) =>
  store.takeSnapshot(
    { type: "snapshot", channel: "tenant:t", cursor, vehicles: numbers.map(vehicle) },
    columns(...numbers),
  );

function count(key: LiveKey): { times: number; stop: () => void } {
  const counted = { times: 0, stop: () => undefined as void };
  counted.stop = store.subscribe(key, () => (counted.times += 1));
  return counted;
}

test("positions are told to the map only; lists hear the beat", () => {
  take(1, 1, 2);
  const map = count("positions");
  const vehicles = count("vehicles");
  const beat = count("beat");
  store.takePositions(decodePositions(frameOf([row({ no: 1, at_ms: 9e12 })])));
  expect([map.times, vehicles.times, beat.times]).toEqual([1, 0, 0]);
  tick?.();
  expect(beat.times).toBe(1);
});

test("old news is no news", () => {
  take(1, 1);
  const map = count("positions");
  store.takePositions(decodePositions(frameOf([row({ no: 1, at_ms: 5 })])));
  expect(map.times).toBe(0);
});

test("the beat runs only while somebody listens", () => {
  expect(tick).toBeNull();
  const one = count("beat");
  const two = count("beat");
  one.stop();
  expect(tick).not.toBeNull();
  two.stop();
  expect(tick).toBeNull();
});

test("versions go up with what they stand for and with nothing else", () => {
  const before = store.version("vehicles");
  store.takePositions(columns(1));
  expect(store.version("vehicles")).toBe(before);
  take(1, 1);
  expect(store.version("vehicles")).toBe(before + 1);
});

test("vehicles are found by the number frames use", () => {
  take(1, 7, 8);
  expect(store.byNo.get(8)?.name).toBe("Van 8");
});

test("a vehicle that is gone takes its position along", () => {
  take(1, 1, 2);
  take(2, 2);
  expect(store.positions.slotOf(1)).toBe(-1);
  expect(store.positions.slotOf(2)).toBe(0);
});

test("signing out forgets everything", () => {
  take(1, 1, 2);
  store.reset();
  expect([store.ready, store.byNo.size, store.positions.size, store.state.cursor]).toEqual([false, 0, 0, -1]);
});

test("a wrong clock of the reader is put right by the server's", () => {
  store.setServerTime(61_000, 1_000);
  expect(store.serverNow()).toBe(61_000);
  store.setServerTime(Number.NaN);
  expect(store.serverNow()).toBe(61_000);
});
