import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { Api } from "@/lib/api/client";
import type { Assignment, Device, Page, Vehicle } from "@/lib/api/types";

export const DEVICES_KEY = ["devices"] as const;

export function devicesQuery(api: Api) {
  return infiniteQueryOptions({
    queryKey: [...DEVICES_KEY, "list"],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Device>>("/devices", { query: { limit: 200, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.page.next,
  });
}

/** Devices that speak, or spoke, for a vehicle. */
export function devicesOfQuery(api: Api, vehicleId: string) {
  return queryOptions({
    queryKey: [...DEVICES_KEY, "of", vehicleId],
    queryFn: async ({ signal }) =>
      (await api.get<Page<Device>>("/devices", { query: { vehicle_id: vehicleId, limit: 200 }, signal }))
        .data,
  });
}

/** From when on a device spoke for which vehicle, oldest first. */
export function assignmentsQuery(api: Api, deviceId: string) {
  return queryOptions({
    queryKey: [...DEVICES_KEY, "assignments", deviceId],
    queryFn: async ({ signal }) =>
      (await api.get<Page<Assignment>>(`/devices/${deviceId}/assignments`, { signal })).data,
  });
}

/** Pages of 200 that are asked for names; a fleet beyond it shows its vehicles without. */
const NAME_PAGES = 10;

/** Names of vehicles by id, for lists that only have the id. */
export function vehicleNamesQuery(api: Api) {
  return queryOptions({
    queryKey: ["vehicles", "names"],
    queryFn: async ({ signal }) => {
      const names = new Map<string, string>();
      let cursor: string | null = null;
      for (let page = 0; page < NAME_PAGES; page++) {
        // oxlint-disable-next-line no-await-in-loop -- each page names the next
        const answer: Page<Vehicle> = await api.get("/vehicles", { query: { limit: 200, cursor }, signal });
        for (const vehicle of answer.data) names.set(vehicle.id, vehicle.name);
        cursor = answer.page.next;
        if (!cursor) break;
      }
      return names;
    },
    staleTime: 60_000,
  });
}

export interface NewDevice {
  name: string | null;
  model: string | null;
  identifiers: string[];
  vehicle_id: string | null;
}

export async function addDevice(api: Api, device: NewDevice): Promise<Device> {
  return await api.post<Device>("/devices", device);
}

/** From now on the device speaks for this vehicle, or for none. */
export async function assignDevice(
  api: Api,
  deviceId: string,
  vehicleId: string | null,
  source: boolean,
): Promise<void> {
  await api.post(`/devices/${deviceId}/assignments`, { vehicle_id: vehicleId, source });
}
