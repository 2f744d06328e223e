import { queryOptions, useQueryClient } from "@tanstack/react-query";
import type { FeatureCollection } from "geojson";
import { useCallback } from "react";
import { useApi } from "@/lib/api/api-context";
import type { Api } from "@/lib/api/client";
import { failedWith } from "@/lib/api/problem";
import type { Instance } from "@/lib/api/types";

const instanceOf = (api: Api) =>
  queryOptions({
    queryKey: ["instance"],
    queryFn: ({ signal }) => api.get<Instance>("/instance", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** A function that brings the demo town's streets, once; null where the server has no such town. */
export function useTown(): () => Promise<FeatureCollection | null> {
  const api = useApi();
  const queries = useQueryClient();
  return useCallback(
    () =>
      queries.fetchQuery({
        queryKey: ["town"],
        staleTime: Number.POSITIVE_INFINITY,
        queryFn: async () => {
          try {
            const { demo } = await queries.fetchQuery(instanceOf(api));
            if (!demo) return null;
            return await api.get<FeatureCollection>("/map/town");
          } catch (error) {
            if (failedWith(error, 404)) return null;
            throw error;
          }
        },
      }),
    [api, queries],
  );
}
