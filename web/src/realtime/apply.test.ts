/** The rule of the live picture: *old snapshot + events = new snapshot*.
 *
 * `triples.json` is a list of `{says, before, events, positions?, after}`. `before` and `after` are snapshots as the
 * server sends them (`channel`, `cursor`, `vehicles`) and may carry `positions`: the rows of the frame that follows a
 * snapshot, in the units of the frame (`no, at_ms, lat_e7, lon_e7, speed_cmps, heading_cdeg, motion`). `events` are
 * event messages without `type` and `channel`; the top-level `positions` are frames that came meanwhile, a row each.
 */
import { expect, test } from "vitest";
import { applyEvent, applyEvents, applyPositions, applySnapshot, type LiveState } from "@/realtime/apply";
import { decodePositions } from "@/realtime/frame";
import type { EventMessage, LiveVehicle, SnapshotMessage } from "@/realtime/messages";
import { LivePositions } from "@/realtime/positions";
import { LiveStore } from "@/realtime/store";
import recordedJson from "@/realtime/recorded-triples.json";
import triplesJson from "@/realtime/triples.json";
import { frameOf, type Row, row } from "@/testing/frames";

interface TripleSnapshot {
  channel: string;
  cursor: number;
  vehicles: LiveVehicle[];
  positions?: Row[];
}

interface Triple {
  says: string;
  before: TripleSnapshot;
  events: Omit<EventMessage, "type" | "channel">[];
  positions?: Row[];
  after: TripleSnapshot;
}

/** Written by hand, and what a real server told (written by the back end's own test of this rule). */
const triples = [...triplesJson, ...recordedJson] as unknown as Triple[];
const columns = (rows: Row[]) => decodePositions(frameOf(rows));
const snapshot = ({ channel, cursor, vehicles }: TripleSnapshot): SnapshotMessage => ({
  type: "snapshot",
  channel,
  cursor,
  vehicles,
});
const eventsOf = ({ events, before }: Triple): EventMessage[] =>
  events.map((event) => ({ ...event, type: "event", channel: before.channel }));

const byId = (state: LiveState) => Object.fromEntries(state.vehicles);

/** What the map would show, in the units of the frame, by vehicle number. */
function rowsOf(positions: LivePositions): Row[] {
  const rows = Array.from({ length: positions.size }, (_, slot) => ({
    no: positions.no[slot],
    at_ms: positions.atMs[slot],
    lat_e7: positions.latE7[slot],
    lon_e7: positions.lonE7[slot],
    speed_cmps: positions.speedCmps[slot],
    heading_cdeg: positions.headingCdeg[slot],
    motion: positions.motion[slot],
  })) as Row[];
  return rows.toSorted((one, other) => one.no - other.no);
}

test.each(triples)("the picture after the events is the new snapshot: $says", (triple) => {
  const folded = eventsOf(triple).reduce(applyEvent, applySnapshot(snapshot(triple.before)));
  const fresh = applySnapshot(snapshot(triple.after));
  expect(byId(folded)).toEqual(byId(fresh));
  expect(folded.cursor).toBe(fresh.cursor);
});

test.each(triples)("any split of the events ends in the same picture: $says", (triple) => {
  const events = eventsOf(triple);
  const start = applySnapshot(snapshot(triple.before));
  for (let cut = 0; cut <= events.length; cut += 1) {
    const folded = applyEvents(applyEvents(start, events.slice(0, cut)), events.slice(cut));
    expect(byId(folded)).toEqual(byId(applyEvents(start, events)));
  }
});

test.each(triples)("events told again change nothing: $says", (triple) => {
  const done = applyEvents(applySnapshot(snapshot(triple.before)), eventsOf(triple));
  expect(applyEvents(done, eventsOf(triple))).toBe(done);
});

test.each(triples)(
  "the store shows what a fresh snapshot would show, positions included: $says",
  (triple) => {
    const old = new LiveStore();
    old.takeSnapshot(snapshot(triple.before), columns(triple.before.positions ?? []));
    for (const one of triple.positions ?? []) old.takePositions(columns([one]));
    old.takeEvents(eventsOf(triple));
    const fresh = new LiveStore();
    fresh.takeSnapshot(snapshot(triple.after), columns(triple.after.positions ?? []));
    expect(byId(old.state)).toEqual(byId(fresh.state));
    expect(rowsOf(old.positions)).toEqual(rowsOf(fresh.positions));
  },
);

test("an event the snapshot already holds is ignored", () => {
  const state = applySnapshot({ type: "snapshot", channel: "tenant:t", cursor: 7, vehicles: [] });
  const event = { type: "event", channel: "tenant:t", at: "", name: "vehicles.vehicle_added.v1" } as const;
  const data = {
    vehicle_id: "v",
    no: 1,
    name: "V",
    plate: null,
    kind: "car",
    fleet_id: null,
    status: "active",
  };
  expect(applyEvent(state, { ...event, cursor: 7, data })).toBe(state);
  expect(applyEvent(state, { ...event, cursor: 8, data }).vehicles.size).toBe(1);
});

const changed = (cursor: number, fleetId: string): EventMessage => ({
  type: "event",
  channel: "fleet:f1",
  cursor,
  name: "vehicles.vehicle_changed.v1",
  at: "",
  data: {
    vehicle_id: "v",
    no: 1,
    name: "V",
    plate: null,
    kind: "car",
    fleet_id: fleetId,
    status: "active",
  },
});

test("a vehicle that leaves the fleet leaves the fleet's channel, and one that joins comes in", () => {
  const empty = applySnapshot({ type: "snapshot", channel: "fleet:f1", cursor: 0, vehicles: [] });
  const joined = applyEvent(empty, changed(1, "f1"));
  expect(joined.vehicles.has("v")).toBe(true);
  expect(applyEvent(joined, changed(2, "f2")).vehicles.has("v")).toBe(false);
});

test("the newest fix of a vehicle wins, in whatever order fixes come", () => {
  const rows = [0, 1, 2, 3].map((n) => row({ no: 5, at_ms: 1_000 + n, speed_cmps: n }));
  for (const order of [rows, rows.toReversed(), [rows[2], rows[3], rows[0], rows[1]] as Row[]]) {
    const positions = new LivePositions();
    for (const one of order) applyPositions(positions, columns([one]), 0);
    expect(rowsOf(positions)).toEqual([rows[3]]);
  }
});

test("a frame says how many of its rows were news", () => {
  const positions = new LivePositions();
  expect(applyPositions(positions, columns([row({ no: 1 }), row({ no: 2 })]), 0)).toBe(2);
  expect(applyPositions(positions, columns([row({ no: 1, at_ms: 5 }), row({ no: 3 })]), 0)).toBe(1);
});

test("a fix without a time is no fix", () => {
  const positions = new LivePositions();
  applyPositions(positions, columns([row({ no: 1, at_ms: Number.NaN })]), 0);
  expect(positions.size).toBe(0);
  applyPositions(positions, columns([row({ no: 1, at_ms: 5 })]), 0);
  applyPositions(positions, columns([row({ no: 1, at_ms: Number.NaN, speed_cmps: 7 })]), 0);
  expect(rowsOf(positions)[0]?.speed_cmps).toBe(1_000);
});
