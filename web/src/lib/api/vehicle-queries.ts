import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { Api } from "@/lib/api/client";
import type { Fleet, Page, Vehicle } from "@/lib/api/types";

export interface VehicleFilter {
  q?: string | undefined;
  fleet_id?: string | undefined;
  status?: string | undefined;
  sort?: VehicleSort | undefined;
}

export type VehicleSort = "name" | "-name" | "created_at" | "-created_at";

const PAGE = 200;
/** The list shows states and ages: it is asked again while somebody looks. */
const REFRESH_MS = 15_000;

export const VEHICLES_KEY = ["vehicles"] as const;
export const FLEETS_KEY = ["fleets"] as const;

/** Vehicles page by page, in the server's order. */
export function vehiclesQuery(api: Api, filter: VehicleFilter) {
  return infiniteQueryOptions({
    queryKey: [...VEHICLES_KEY, "list", filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Vehicle>>("/vehicles", { query: { ...filter, limit: PAGE, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.page.next,
    refetchInterval: REFRESH_MS,
  });
}

/** The few vehicles whose name, plate or VIN fits best. */
export function vehicleSearchQuery(api: Api, q: string, limit = 8) {
  return queryOptions({
    queryKey: [...VEHICLES_KEY, "search", q, limit],
    queryFn: async ({ signal }) =>
      (await api.get<Page<Vehicle>>("/vehicles", { query: { q, limit, sort: "name" }, signal })).data,
    staleTime: 30_000,
  });
}

export function vehicleQuery(api: Api, id: string) {
  return queryOptions({
    queryKey: [...VEHICLES_KEY, "one", id],
    queryFn: ({ signal }) => api.get<Vehicle>(`/vehicles/${id}`, { signal }),
    refetchInterval: 10_000,
  });
}

/** All fleets the reader may see; a tenant has few. */
export function fleetsQuery(api: Api) {
  return queryOptions({
    queryKey: FLEETS_KEY,
    queryFn: async ({ signal }) =>
      (await api.get<Page<Fleet>>("/fleets", { query: { limit: PAGE }, signal })).data,
    staleTime: 60_000,
  });
}
