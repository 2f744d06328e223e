/** Which symbol a vehicle gets: the states of `lib/vehicle-state` as small numbers, for loops over ten thousand rows. */

import { SILENT_PARKED_MS, SILENT_UNDER_WAY_MS, type VehicleState } from "@/lib/vehicle-state";

export const MOVING = 0;
export const IDLING = 1;
export const STOPPED = 2;
export const SILENT = 3;
/** Moving, but the device says no heading: a disc instead of an arrow. */
export const MOVING_SOMEWHERE = 4;
export const STATES = 4;

export const STATE_OF_SYMBOL: readonly VehicleState[] = ["moving", "idling", "stopped", "silent", "moving"];

const MOTION_MOVING = 1;
const MOTION_IDLING = 2;
const MOTION_STOPPED = 3;

/** The symbol for a motion (0 unknown, 1 moving, 2 idling, 3 stopped) whose fix is `ageMs` old. */
export function symbolOf(motion: number, ageMs: number): number {
  if (ageMs > SILENT_PARKED_MS) return SILENT;
  if (motion === MOTION_STOPPED) return STOPPED;
  if (ageMs > SILENT_UNDER_WAY_MS) return SILENT;
  if (motion === MOTION_MOVING) return MOVING;
  return motion === MOTION_IDLING ? IDLING : STOPPED;
}

const FRESH_MS = 30_000;

/** How old a fix looks, 0 (fresh) … 1 (about to be silent); the inside of the symbol pales with it, the edge never. */
export function paleness(motion: number, ageMs: number): number {
  if (motion === MOTION_STOPPED || ageMs <= FRESH_MS) return 0;
  return Math.min(1, (ageMs - FRESH_MS) / (SILENT_UNDER_WAY_MS - FRESH_MS));
}
