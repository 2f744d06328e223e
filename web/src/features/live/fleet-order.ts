/** Which vehicles the list and the map show, and in which order. Pure: the live picture and the time are arguments. */

import { VEHICLE_STATES, type VehicleState, vehicleState } from "@/lib/vehicle-state";
import type { LiveVehicle } from "@/realtime/messages";
import type { LivePositions } from "@/realtime/positions";

export type Sort = "name" | "state" | "age";

export interface Filter {
  /** Part of the name or the plate. */
  readonly text: string;
  /** Only these; none means all. */
  readonly states: ReadonlySet<VehicleState>;
  /** Id of a fleet, or null for all. */
  readonly fleet: string | null;
}

export const EVERYTHING: Filter = { text: "", states: new Set(), fleet: null };

export interface Picture {
  readonly byNo: ReadonlyMap<number, LiveVehicle>;
  readonly positions: LivePositions;
}

const MOTIONS = ["unknown", "moving", "idling", "stopped"] as const;

/** The state of one vehicle now. */
export function stateOf(
  { positions }: Pick<Picture, "positions">,
  vehicleNo: number,
  now: number,
): VehicleState {
  const slot = positions.slotOf(vehicleNo);
  if (slot < 0) return "unheard";
  return vehicleState(
    MOTIONS[positions.motion[slot] as number] ?? "unknown",
    positions.atMs[slot] as number,
    now,
  );
}

/** Age of the last fix in ms; never heard is older than everything. */
export function ageOf({ positions }: Pick<Picture, "positions">, vehicleNo: number, now: number): number {
  const slot = positions.slotOf(vehicleNo);
  return slot < 0 ? Number.POSITIVE_INFINITY : now - (positions.atMs[slot] as number);
}

const folded = (text: string): string => text.toLocaleLowerCase().normalize("NFKD").replaceAll(/\p{M}/gu, "");
/** Plates are compared without what people leave out when they type them. */
const plain = (plate: string): string => folded(plate).replaceAll(/[\s\-.·]/g, "");

/** Name and plate as they are compared; worked out once for each telling of a vehicle. */
const searchable = new WeakMap<LiveVehicle, { name: string; plate: string }>();

function searchableOf(vehicle: LiveVehicle): { name: string; plate: string } {
  const known = searchable.get(vehicle);
  if (known) return known;
  const made = { name: folded(vehicle.name), plate: plain(vehicle.plate ?? "") };
  searchable.set(vehicle, made);
  return made;
}

function matcher({ text, fleet }: Filter): (vehicle: LiveVehicle) => boolean {
  const wanted = folded(text.trim());
  const wantedPlate = plain(text);
  return (vehicle) => {
    if (fleet !== null && vehicle.fleet_id !== fleet) return false;
    if (wanted === "") return true;
    const { name, plate } = searchableOf(vehicle);
    return name.includes(wanted) || (wantedPlate !== "" && plate.includes(wantedPlate));
  };
}

export type Counts = Readonly<Record<VehicleState, number>>;

export interface Matching {
  /** Numbers of the vehicles that pass the filter, in no order. */
  readonly numbers: readonly number[];
  /** How many of those that pass text and fleet are in which state, so a filter by state shows what it would give. */
  readonly counts: Counts;
}

/** Who passes the filter now. */
export function matching(picture: Picture, filter: Filter, now: number): Matching {
  const counts = Object.fromEntries(VEHICLE_STATES.map((state) => [state, 0])) as Record<
    VehicleState,
    number
  >;
  const passes = matcher(filter);
  const numbers: number[] = [];
  for (const [no, vehicle] of picture.byNo) {
    if (!passes(vehicle)) continue;
    const state = stateOf(picture, no, now);
    counts[state] += 1;
    if (filter.states.size === 0 || filter.states.has(state)) numbers.push(no);
  }
  return { numbers, counts };
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** The numbers in the wanted order; within a state and for equal ages by name. */
export function inOrder(picture: Picture, numbers: readonly number[], sort: Sort, now: number): number[] {
  const names = new Map(numbers.map((no) => [no, picture.byNo.get(no)?.name ?? ""]));
  const byName = (one: number, other: number): number =>
    collator.compare(names.get(one) ?? "", names.get(other) ?? "") || one - other;
  if (sort === "name") return numbers.toSorted(byName);
  const key = new Map(
    numbers.map((no) => [
      no,
      sort === "age" ? ageOf(picture, no, now) : VEHICLE_STATES.indexOf(stateOf(picture, no, now)),
    ]),
  );
  return numbers.toSorted((one, other) => {
    const a = key.get(one) ?? 0;
    const b = key.get(other) ?? 0;
    return a === b ? byName(one, other) : a - b;
  });
}

/** For each row of the columns 1 when its vehicle is shown, else 0. */
export function maskOf(positions: LivePositions, numbers: ReadonlySet<number>): Uint8Array {
  const mask = new Uint8Array(positions.size);
  for (let slot = 0; slot < positions.size; slot += 1)
    mask[slot] = numbers.has(positions.no[slot] as number) ? 1 : 0;
  return mask;
}
