import type { VehicleSort } from "@/lib/api/vehicle-queries";
import { VEHICLE_STATES, type VehicleState } from "@/lib/vehicle-state";

/** What the list's address says. */
export interface VehiclesSearch {
  q?: string;
  fleet?: string;
  state?: VehicleState;
  sort?: VehicleSort;
  add?: true;
}

const SORTS: ReadonlySet<string> = new Set(["name", "-name", "created_at", "-created_at"]);

/** What was searched; the router reads "12" as a number. */
function word(raw: unknown): string {
  return typeof raw === "string" || typeof raw === "number" ? String(raw).trim() : "";
}

/** Reads an address; what it does not know is left out. */
export function vehiclesSearch(raw: Record<string, unknown>): VehiclesSearch {
  const { q, fleet, state, sort, add } = raw;
  return {
    ...(word(q) ? { q: word(q) } : {}),
    ...(typeof fleet === "string" && fleet ? { fleet } : {}),
    ...(VEHICLE_STATES.includes(state as VehicleState) ? { state: state as VehicleState } : {}),
    ...(SORTS.has(String(sort)) ? { sort: sort as VehicleSort } : {}),
    ...(add ? { add: true as const } : {}),
  };
}

/** True when something narrows the list. */
export function isNarrowed(search: VehiclesSearch): boolean {
  return Boolean(search.q || search.fleet || search.state);
}
