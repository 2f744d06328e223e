import { queryOptions } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import type { Api } from "@/lib/api/client";
import { failedWith } from "@/lib/api/problem";
import type { Me } from "@/lib/api/types";
import { type Units, unitsOf } from "@/lib/units";

export const ME_KEY = ["me"] as const;

/** Who is signed in, or null. Other failures are thrown. */
export function meQuery(api: Api) {
  return queryOptions({
    queryKey: ME_KEY,
    queryFn: async ({ signal }): Promise<Me | null> => {
      try {
        return await api.get<Me>("/auth/me", { signal });
      } catch (error) {
        if (failedWith(error, 401)) return null;
        throw error;
      }
    },
    staleTime: 5 * 60_000,
  });
}

export const SessionContext = createContext<Me | null>(null);

/** The signed-in reader; only below the frame. */
export function useMe(): Me {
  const me = useContext(SessionContext);
  if (!me) throw new Error("useMe is only for pages behind sign-in.");
  return me;
}

/** The tenant's units, written as the page's language writes numbers. */
export function useUnits(): Units {
  return unitsOf(useMe().settings, document.documentElement.lang || undefined);
}

/** The tenant's time zone. */
export function useZone(): string {
  return useMe().settings.timezone;
}

/** True when the reader's role, and keys made by it, may do this. */
export function can(me: Pick<Me, "permissions">, permission: string): boolean {
  return me.permissions.includes(permission) || me.permissions.includes("*");
}

const HOME = "/live";

/** Where to go after signing in: an address of this site, never somebody else's (`//evil.example`, `https:`). */
export function safeReturn(to: unknown): string {
  if (typeof to !== "string" || !/^\/(?![/\\])/.test(to)) return HOME;
  const url = new URL(to, "https://here.invalid");
  if (url.origin !== "https://here.invalid" || url.pathname.startsWith("/sign-in")) return HOME;
  return url.pathname + url.search + url.hash;
}

/** The sign-in address that comes back to `here` afterwards; home needs no mention. */
export function signInSearch(here: string): { to?: string } {
  const to = safeReturn(here);
  return to === HOME ? {} : { to };
}
