import { queryOptions } from "@tanstack/react-query";
import type { Api } from "@/lib/api/client";
import type { Instance } from "@/lib/api/types";

/** What this installation is; the demo's accounts are in it. */
export function instanceQuery(api: Api) {
  return queryOptions({
    queryKey: ["instance"],
    queryFn: ({ signal }) => api.get<Instance>("/instance", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
