/** The one live picture of the page, outside React.
 *
 * Four things can be listened to: `vehicles` (who is there, their trips), `positions` (every frame from the socket; for
 * the map, never for React), `beat` (once a second while somebody listens; for lists, figures and ages) and
 * `connection`. Each has a version for `useSyncExternalStore`.
 */

import { applyEvents, applyPositions, applySnapshot, type LiveState, NOTHING_YET } from "@/realtime/apply";
import type { ConnectionState } from "@/realtime/connection";
import type { PositionColumns } from "@/realtime/frame";
import type { EventMessage, LiveVehicle, SnapshotMessage } from "@/realtime/messages";
import { LivePositions } from "@/realtime/positions";

export type LiveKey = "vehicles" | "positions" | "beat" | "connection";

/** Where the store gets time from; tests pass their own. */
export interface Clock {
  /** The page's clock, ms, never going back. */
  now(): number;
  /** The wall clock, ms since 1970. */
  wall(): number;
  every(ms: number, tick: () => void): () => void;
}

export const PAGE_CLOCK: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  every: (ms, tick) => {
    const timer = setInterval(tick, ms);
    return () => clearInterval(timer);
  },
};

const BEAT_MS = 1_000;

export class LiveStore {
  readonly positions = new LivePositions();
  state: LiveState = NOTHING_YET;
  connection: ConnectionState = { kind: "connecting" };
  /** Vehicles by their number, as frames name them. */
  byNo: ReadonlyMap<number, LiveVehicle> = new Map();
  /** True once the first snapshot is here. */
  ready = false;

  private offsetMs = 0;
  private listeners = new Map<LiveKey, Set<() => void>>();
  private versions: Record<LiveKey, number> = { vehicles: 0, positions: 0, beat: 0, connection: 0 };
  private stopBeat: (() => void) | null = null;

  private readonly clock: Clock;

  constructor(clock: Clock = PAGE_CLOCK) {
    this.clock = clock;
  }

  /** Listen to one key. Answers how to stop. */
  subscribe(key: LiveKey, listener: () => void): () => void {
    const group = this.listeners.get(key) ?? new Set();
    this.listeners.set(key, group.add(listener));
    if (key === "beat") this.stopBeat ??= this.clock.every(BEAT_MS, () => this.tell("beat"));
    return () => {
      group.delete(listener);
      if (key === "beat" && group.size === 0) {
        this.stopBeat?.();
        this.stopBeat = null;
      }
    };
  }

  version(key: LiveKey): number {
    return this.versions[key];
  }

  /** The server's time now, ms since 1970; ages are computed with it, so a wrong clock here shows no wrong age. */
  serverNow(): number {
    return this.clock.wall() + this.offsetMs;
  }

  /** The server said its time; `sentMs` is when we asked (half the way is taken for the answer's). */
  setServerTime(serverMs: number, sentMs = this.clock.wall()): void {
    if (!Number.isFinite(serverMs)) return;
    const now = this.clock.wall();
    this.offsetMs = serverMs - (sentMs + now) / 2;
  }

  /** Whole seconds until a moment of the reader's wall clock, at least 0. */
  secondsUntil(wallMs: number): number {
    return Math.max(0, Math.ceil((wallMs - this.clock.wall()) / 1_000));
  }

  setConnection(connection: ConnectionState): void {
    this.connection = connection;
    this.tell("connection");
  }

  /** A snapshot with the positions that came with it replaces the picture, in one step. */
  takeSnapshot(snapshot: SnapshotMessage, columns: PositionColumns | null): void {
    this.ready = true;
    this.become(applySnapshot(snapshot));
    if (!columns) return;
    const named = new Set(columns.vehicleNo);
    this.positions.retain((number) => named.has(number));
    this.takePositions(columns);
    this.tell("beat");
  }

  takePositions(columns: PositionColumns): void {
    if (applyPositions(this.positions, columns, this.clock.now()) > 0) this.tell("positions");
  }

  takeEvents(events: readonly EventMessage[]): void {
    this.become(applyEvents(this.state, events));
  }

  /** Forget everything, on sign-out or change of tenant. */
  reset(): void {
    this.ready = false;
    this.become(NOTHING_YET);
  }

  private become(state: LiveState): void {
    const before = this.state.vehicles;
    this.state = state;
    if (state.vehicles === before) return;
    this.byNo = new Map(Array.from(state.vehicles.values(), (vehicle) => [vehicle.no, vehicle]));
    const revision = this.positions.revision;
    this.positions.retain((number) => this.byNo.has(number));
    this.tell("vehicles");
    if (this.positions.revision !== revision) this.tell("positions");
  }

  private tell(key: LiveKey): void {
    this.versions[key] += 1;
    for (const listener of this.listeners.get(key) ?? []) listener();
  }
}
