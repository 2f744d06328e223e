import { queryOptions } from "@tanstack/react-query";
import type { Api } from "@/lib/api/client";
import type { Found, Page } from "@/lib/api/types";

/** The first things of each kind that fit the words; nothing is asked without words. */
export function searchQuery(api: Api, q: string) {
  return queryOptions({
    queryKey: ["search", q],
    queryFn: async ({ signal }) => (await api.get<Page<Found>>("/search", { query: { q }, signal })).data,
    enabled: q !== "",
    staleTime: 30_000,
  });
}
