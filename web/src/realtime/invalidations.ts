/** Which server lists a live event makes out of date. Keys are the beginnings of TanStack Query keys. */

export type QueryKey = readonly unknown[];

type Data = Readonly<Record<string, unknown>>;

const vehicleLists = (): QueryKey[] => [["vehicles"], ["fleets"]];

const tripLists = ({ vehicle_id, trip_id }: Data): QueryKey[] => [
  ["trips", vehicle_id],
  ["trip", trip_id],
  ["stops", vehicle_id],
];

const KEYS: Readonly<Record<string, (data: Data) => QueryKey[]>> = {
  "vehicles.vehicle_added.v1": vehicleLists,
  "vehicles.vehicle_changed.v1": vehicleLists,
  "vehicles.vehicle_removed.v1": vehicleLists,
  "telemetry.trip_started.v1": tripLists,
  "telemetry.trip_ended.v1": tripLists,
  "telemetry.trip_revised.v1": tripLists,
};

/** The query keys to refresh after event `name`; none for an event no list depends on. */
export function staleKeys(name: string, data: Data): QueryKey[] {
  return KEYS[name]?.(data) ?? [];
}
