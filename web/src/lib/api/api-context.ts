import { createContext, useContext } from "react";
import type { Api } from "@/lib/api/client";

export const ApiContext = createContext<Api | null>(null);

/** The server, as the nearest provider reaches it. */
export function useApi(): Api {
  const api = useContext(ApiContext);
  if (!api) throw new Error("useApi needs an ApiContext above it.");
  return api;
}
