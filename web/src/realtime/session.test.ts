import { beforeEach, expect, test } from "vitest";
import type { EventMessage } from "@/realtime/messages";
import { LiveSession } from "@/realtime/session";
import { LiveStore } from "@/realtime/store";
import { frameOf, row } from "@/testing/frames";
import { TestWorld } from "@/testing/world";

const CHANNEL = "tenant:t";
const bus = (no: number) => ({
  id: `v${no}`,
  no,
  name: `Bus ${no}`,
  plate: null,
  kind: "bus",
  fleet_id: null,
  status: "active",
  trip: null,
});
const snapshot = (cursor: number, ...numbers: number[]) => ({
  type: "snapshot",
  channel: CHANNEL,
  cursor,
  vehicles: numbers.map(bus),
});
const removed = (cursor: number, no: number) => ({
  type: "event",
  channel: CHANNEL,
  cursor,
  name: "vehicles.vehicle_removed.v1",
  at: "2026-01-05T09:00:00Z",
  data: { vehicle_id: `v${no}` },
});

let world: TestWorld;
let store: LiveStore;
let refused: number;
let told: EventMessage[];
let session: LiveSession;

beforeEach(() => {
  world = new TestWorld();
  store = new LiveStore({ now: () => world.wall(), wall: () => world.wall(), every: () => () => undefined });
  refused = 0;
  told = [];
  session = new LiveSession(store, CHANNEL, {
    url: "ws://here",
    around: world,
    onRefused: () => (refused += 1),
    onEvent: (event) => told.push(event),
  });
  session.start();
  world.line.acknowledge();
});

const names = () => [...store.state.vehicles.keys()].toSorted();

test("a snapshot waits for its positions, so the picture changes in one step", () => {
  world.line.say(snapshot(5, 1, 2));
  expect(store.ready).toBe(false);
  world.line.say(frameOf([row({ no: 1 })]));
  expect(names()).toEqual(["v1", "v2"]);
  expect(store.positions.size).toBe(1);
});

test("a snapshot without a frame counts when the next message comes", () => {
  world.line.say(snapshot(5, 1));
  world.line.say(removed(6, 9));
  expect(names()).toEqual(["v1"]);
});

test("events are gathered for a moment and then applied in order", () => {
  world.line.say(snapshot(5, 1, 2, 3));
  world.line.say(frameOf([]));
  world.line.say(removed(6, 1));
  world.line.say(removed(7, 3));
  expect(told.map(({ cursor }) => cursor)).toEqual([6, 7]);
  world.pass(50);
  expect(names()).toEqual(["v2"]);
  expect(store.state.cursor).toBe(7);
});

test("after a break the channel goes on from the last event heard, applied or not", () => {
  world.line.say(snapshot(5, 1, 2));
  world.line.say(frameOf([]));
  world.line.say(removed(6, 1));
  world.line.end(1006);
  world.pass(2_000);
  world.line.acknowledge();
  expect(world.line.sent.at(0)).toMatchObject({ type: "subscribe", cursor: 6 });
});

test("after a resync nothing counts until the snapshot, which replaces everything", () => {
  world.line.say(snapshot(5, 1, 2));
  world.line.say(frameOf([row({ no: 1 }), row({ no: 2 })]));
  world.line.say(removed(6, 1));
  world.line.say({ type: "resync", channel: CHANNEL, reason: "too slow" });
  world.line.say(removed(9, 2));
  world.line.say(frameOf([row({ no: 2, at_ms: 9e12 })]));
  world.line.say(snapshot(10, 2, 3));
  world.line.say(frameOf([row({ no: 3 })]));
  world.pass(1_000);
  expect(names()).toEqual(["v2", "v3"]);
  expect([...store.positions.no.subarray(0, store.positions.size)]).toEqual([3]);
  expect(store.state.cursor).toBe(10);
});

test("a line that breaks during a resync asks for a whole snapshot", () => {
  world.line.say(snapshot(5, 1));
  world.line.say(frameOf([]));
  world.line.say({ type: "resync", channel: CHANNEL, reason: "too slow" });
  world.line.end(1006);
  world.pass(2_000);
  world.line.acknowledge();
  expect(world.line.sent.at(0)).toEqual({ type: "subscribe", id: "2", channel: CHANNEL });
});

test("a frame nobody can read, junk and other channels change nothing", () => {
  world.line.say(snapshot(5, 1));
  world.line.say(frameOf([row({ no: 1 })]));
  world.line.say(new ArrayBuffer(3));
  world.line.say("{ not json");
  world.line.say({ type: "weather", wind: 3 });
  world.line.say({ ...removed(6, 1), channel: "tenant:other" });
  world.pass(1_000);
  expect(names()).toEqual(["v1"]);
  expect(store.positions.size).toBe(1);
});

test("ages follow the server's clock, half the way of a ping taken off", () => {
  world.pass(10_000);
  world.line.say({ type: "pong", at: 9_000, server_time: new Date(59_500).toISOString() });
  expect(store.serverNow()).toBe(60_000);
});

test("a refused sign-in is told once", () => {
  world.line.end(1006);
  world.pass(2_000);
  world.line.end(1008);
  expect(refused).toBe(1);
  expect(store.connection).toEqual({ kind: "refused" });
});
