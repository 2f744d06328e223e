import { queryOptions } from "@tanstack/react-query";
import type { Api } from "@/lib/api/client";
import type { ApiKey, NewApiKey, Page } from "@/lib/api/types";

export const KEYS_KEY = ["api-keys"] as const;

export function keysQuery(api: Api) {
  return queryOptions({
    queryKey: KEYS_KEY,
    queryFn: async ({ signal }) => (await api.get<Page<ApiKey>>("/api-keys", { signal })).data,
  });
}

/** Without permissions the key may do what its maker may. */
export async function makeKey(
  api: Api,
  name: string,
  permissions: readonly string[] | null,
): Promise<NewApiKey> {
  return await api.post<NewApiKey>("/api-keys", permissions ? { name, permissions } : { name });
}

export async function revokeKey(api: Api, id: string): Promise<void> {
  await api.remove(`/api-keys/${id}`);
}
