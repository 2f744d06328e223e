import { beforeEach, expect, test } from "vitest";
import type { ConnectionState } from "@/realtime/connection";
import { RealtimeSocket } from "@/realtime/socket";
import { TestWorld } from "@/testing/world";

let world: TestWorld;
let states: ConnectionState[];
let socket: RealtimeSocket;

beforeEach(() => {
  world = new TestWorld();
  states = [];
  socket = new RealtimeSocket("ws://here/api/v1/ws", world, {
    onState: (state) => states.push(state),
    onMessage: () => undefined,
    onFrame: () => undefined,
  });
});

const kinds = () => states.map(({ kind }) => kind);
const now = () => states.at(-1);
const typesSent = () => world.line.sent.map(({ type }) => type);

test("connected is said when the server has acknowledged, not when the line is up", () => {
  socket.open();
  expect(kinds()).toEqual(["connecting"]);
  world.line.acknowledge();
  expect(kinds()).toEqual(["connecting", "connected"]);
});

test("a broken line is tried again after the planned waits, without an end", () => {
  socket.open();
  const waits: number[] = [];
  for (let n = 0; n < 9; n += 1) {
    const before = world.lines.length;
    const since = world.wall();
    world.line.end(1006);
    while (world.lines.length === before) world.pass(100);
    waits.push(world.wall() - since);
  }
  expect(waits).toEqual([2_000, 4_000, 8_000, 5_000, 6_000, 7_000, 5_000, 5_000, 5_000]);
});

test("while waiting the state says since when and until when", () => {
  socket.open();
  world.line.acknowledge();
  world.pass(1_000);
  world.line.end(1011);
  expect(now()).toEqual({ kind: "reconnecting", lostAtMs: 1_000, retryAtMs: 3_000, attempt: 1 });
  world.pass(2_000);
  world.line.end(1006);
  expect(now()).toEqual({ kind: "reconnecting", lostAtMs: 1_000, retryAtMs: 7_000, attempt: 2 });
});

test("a success starts the count anew", () => {
  socket.open();
  for (let n = 0; n < 5; n += 1) {
    world.line.end(1006);
    world.pass(10_000);
  }
  world.line.acknowledge();
  world.line.end(1001);
  expect(now()).toMatchObject({ attempt: 1 });
});

test("a refused sign-in is not tried again", () => {
  socket.open();
  world.line.end(1008);
  expect(now()).toEqual({ kind: "refused" });
  world.pass(3_600_000);
  world.look();
  world.setOnline(true);
  expect(world.lines).toHaveLength(1);
});

test("a client dropped for being slow comes back, because its sign-in was good", () => {
  socket.open();
  world.line.acknowledge();
  world.line.end(1008);
  world.pass(2_000);
  expect(world.lines).toHaveLength(2);
});

test("a normal close by the server is the end", () => {
  socket.open();
  world.line.acknowledge();
  world.line.end(1000);
  expect(now()).toEqual({ kind: "closed" });
  world.pass(3_600_000);
  expect(world.lines).toHaveLength(1);
});

test("without a network nothing is tried, and at once when it returns", () => {
  socket.open();
  world.line.acknowledge();
  world.pass(500);
  world.setOnline(false);
  expect(now()).toEqual({ kind: "offline", lostAtMs: 500 });
  world.pass(600_000);
  expect(world.lines).toHaveLength(1);
  world.setOnline(true);
  expect(world.lines).toHaveLength(2);
  world.line.acknowledge();
  expect(now()).toEqual({ kind: "connected" });
});

test("a page opened offline says so and connects when the network comes", () => {
  world.online = false;
  socket.open();
  expect(kinds()).toEqual(["offline"]);
  world.setOnline(true);
  expect(world.lines).toHaveLength(1);
});

test("looking at the tab does not wait for the planned moment", () => {
  socket.open();
  world.line.end(1006);
  world.look();
  expect(world.lines).toHaveLength(2);
});

test("a connection that is not acknowledged in ten seconds is given up", () => {
  socket.open();
  world.pass(10_000);
  expect(world.line.closedWith).toBe(4000);
  expect(now()).toMatchObject({ kind: "reconnecting" });
});

test("every heartbeat is a ping, and one that answers keeps the line", () => {
  socket.open();
  world.line.acknowledge(20);
  for (let n = 0; n < 5; n += 1) {
    world.pass(20_000);
    world.line.say({ type: "pong", at: 0, server_time: "1970-01-01T00:00:00Z" });
  }
  expect(typesSent()).toEqual(["ping", "ping", "ping", "ping", "ping"]);
  expect(world.lines).toHaveLength(1);
});

test("two heartbeats of silence end the line", () => {
  socket.open();
  world.line.acknowledge(20);
  world.pass(39_999);
  expect(world.line.closedWith).toBeNull();
  world.pass(1);
  expect(world.line.closedWith).toBe(4000);
  expect(now()).toMatchObject({ kind: "reconnecting" });
});

test("a dead line is found within five seconds of looking at the tab", () => {
  socket.open();
  world.line.acknowledge(60);
  world.pass(10_000);
  world.look();
  expect(typesSent()).toEqual(["ping"]);
  world.pass(5_000);
  expect(now()).toMatchObject({ kind: "reconnecting" });
});

test("a live line survives being looked at, and goes on beating", () => {
  socket.open();
  world.line.acknowledge(60);
  world.pass(10_000);
  world.look();
  world.line.say({ type: "pong", at: 10_000, server_time: "1970-01-01T00:00:10Z" });
  world.pass(65_000);
  expect(typesSent()).toEqual(["ping", "ping"]);
});

test("a channel is asked for again after a break, from where it was", () => {
  let cursor: number | null = null;
  socket.subscribe({ channel: "tenant:t", cursor: () => cursor });
  socket.open();
  world.line.acknowledge();
  expect(world.line.sent).toEqual([{ type: "subscribe", id: "1", channel: "tenant:t" }]);
  cursor = 41;
  world.line.end(1006);
  world.pass(2_000);
  world.line.acknowledge();
  expect(world.line.sent).toEqual([{ type: "subscribe", id: "2", channel: "tenant:t", cursor: 41 }]);
});

test("a viewport asked for again replaces the one before, and is left only by its last asker", () => {
  socket.open();
  world.line.acknowledge();
  const leave = socket.subscribe({ channel: "viewport", params: { bbox: [0, 0, 1, 1] }, cursor: () => null });
  const again = socket.subscribe({ channel: "viewport", params: { bbox: [2, 2, 3, 3] }, cursor: () => null });
  leave();
  expect(typesSent()).toEqual(["subscribe", "subscribe"]);
  again();
  expect(world.line.sent.at(-1)).toEqual({ type: "unsubscribe", id: "3", channel: "viewport" });
});

test("leaving closes normally and stays away", () => {
  socket.open();
  world.line.acknowledge();
  socket.close();
  expect(world.line.closedWith).toBe(1000);
  world.pass(3_600_000);
  expect(world.lines).toHaveLength(1);
  expect(now()).toEqual({ kind: "closed" });
});
