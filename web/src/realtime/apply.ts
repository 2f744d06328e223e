/** The live picture as a fold: snapshot, then events and positions. No clock, no network, no React.
 *
 * The rule that holds for every event: *old snapshot + events = new snapshot* (`triples.json` replays it). The vehicles
 * are an immutable map; the positions are columns written in place (`positions.ts`).
 */

import type { PositionColumns } from "@/realtime/frame";
import type { EventMessage, LiveTrip, LiveVehicle, SnapshotMessage } from "@/realtime/messages";
import type { LivePositions } from "@/realtime/positions";

export interface LiveState {
  readonly channel: string;
  /** The last event in this picture; −1 before the first snapshot. */
  readonly cursor: number;
  readonly vehicles: ReadonlyMap<string, LiveVehicle>;
}

export const NOTHING_YET: LiveState = { channel: "", cursor: -1, vehicles: new Map() };

type Vehicles = Map<string, LiveVehicle>;
type Data = EventMessage["data"];

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** Take the snapshot for the whole truth. Vehicles it does not name lose their position too. */
export function applySnapshot(snapshot: SnapshotMessage): LiveState {
  return {
    channel: snapshot.channel,
    cursor: snapshot.cursor,
    vehicles: new Map(snapshot.vehicles.map((vehicle) => [vehicle.id, vehicle])),
  };
}

/** Write the rows that are newer than what is known (by the time of the fix). Answers how many were. */
export function applyPositions(positions: LivePositions, columns: PositionColumns, nowMs: number): number {
  return positions.merge(columns, nowMs);
}

function setTrip(vehicles: Vehicles, vehicleId: string, trip: LiveTrip | null): void {
  const vehicle = vehicles.get(vehicleId);
  if (vehicle) vehicles.set(vehicleId, { ...vehicle, trip });
}

function tripStarted(vehicles: Vehicles, data: Data): void {
  setTrip(vehicles, text(data["vehicle_id"]), {
    id: text(data["trip_id"]),
    started_at: text(data["started_at"]),
  });
}

function clearTrip(vehicles: Vehicles, data: Data): void {
  const id = text(data["vehicle_id"]);
  if (vehicles.get(id)?.trip?.id === data["trip_id"]) setTrip(vehicles, id, null);
}

/** A revised trip that is open becomes the current one when it is the same or newer; otherwise it is no longer current. */
function tripRevised(vehicles: Vehicles, data: Data): void {
  const open = data["removed"] !== true && textOrNull(data["ended_at"]) === null;
  if (!open) return clearTrip(vehicles, data);
  const trip = vehicles.get(text(data["vehicle_id"]))?.trip;
  const startedAt = text(data["started_at"]);
  const newer = !trip || trip.id === data["trip_id"] || Date.parse(startedAt) > Date.parse(trip.started_at);
  if (newer) tripStarted(vehicles, data);
}

/** Added and changed carry the same fields; a vehicle that left the fleet of a fleet channel leaves the picture. */
function vehicleTold(vehicles: Vehicles, data: Data, channel: string): void {
  const id = text(data["vehicle_id"]);
  const fleetId = textOrNull(data["fleet_id"]);
  if (channel.startsWith("fleet:") && channel !== `fleet:${fleetId}`) {
    vehicles.delete(id);
    return;
  }
  vehicles.set(id, {
    id,
    no: Number(data["no"]),
    name: text(data["name"]),
    plate: textOrNull(data["plate"]),
    kind: text(data["kind"]),
    fleet_id: fleetId,
    status: text(data["status"]),
    trip: vehicles.get(id)?.trip ?? null,
  });
}

const RULES: Readonly<Record<string, (vehicles: Vehicles, data: Data, channel: string) => void>> = {
  "telemetry.trip_started.v1": tripStarted,
  "telemetry.trip_ended.v1": clearTrip,
  "telemetry.trip_revised.v1": tripRevised,
  "vehicles.vehicle_added.v1": vehicleTold,
  "vehicles.vehicle_changed.v1": vehicleTold,
  "vehicles.vehicle_removed.v1": (vehicles, data) => void vehicles.delete(text(data["vehicle_id"])),
};

/** The picture after `events`, in order. One the picture already holds (cursor not greater) changes nothing. */
export function applyEvents(state: LiveState, events: readonly EventMessage[]): LiveState {
  const fresh = events.filter((event) => event.cursor > state.cursor);
  if (fresh.length === 0) return state;
  let cursor = state.cursor;
  let vehicles: Vehicles | null = null;
  for (const event of fresh) {
    if (event.cursor <= cursor) continue;
    cursor = event.cursor;
    const rule = RULES[event.name];
    if (!rule) continue;
    vehicles ??= new Map(state.vehicles);
    rule(vehicles, event.data, state.channel);
  }
  return { ...state, cursor, vehicles: vehicles ?? state.vehicles };
}

/** The picture after one event. */
export function applyEvent(state: LiveState, event: EventMessage): LiveState {
  return applyEvents(state, [event]);
}
