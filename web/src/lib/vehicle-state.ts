import type { Motion } from "@/lib/api/types";
import { millis } from "@/lib/time";

/** What a dispatcher sees at one glance; each has a shape and a colour of its own. */
export type VehicleState = "moving" | "idling" | "stopped" | "silent" | "unheard";

export const VEHICLE_STATES: readonly VehicleState[] = ["moving", "idling", "stopped", "silent", "unheard"];

/** A vehicle under way that says nothing for so long has a problem: a dead tracker or no network. */
export const SILENT_UNDER_WAY_MS = 10 * 60_000;
/** A parked tracker sleeps; most wake once a day. */
export const SILENT_PARKED_MS = 26 * 3_600_000;

/** State from the last motion and the time of the last fix (`null`: never heard). */
export function vehicleState(motion: Motion, at: string | number | null, now: number): VehicleState {
  if (at === null) return "unheard";
  const age = now - (typeof at === "number" ? at : millis(at));
  if (age > SILENT_PARKED_MS) return "silent";
  if (motion === "stopped") return "stopped";
  if (age > SILENT_UNDER_WAY_MS) return "silent";
  return motion === "unknown" ? "stopped" : motion;
}
