import { queryOptions } from "@tanstack/react-query";
import { createContext, useContext, useMemo } from "react";
import type { Api } from "@/lib/api/client";
import { failedWith } from "@/lib/api/problem";
import type { Me, Settings } from "@/lib/api/types";
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

const REGIONS: Readonly<Record<string, string>> = {
  "MM/DD/YYYY": "US",
  "DD/MM/YYYY": "GB",
  "DD.MM.YYYY": "DE",
  "YYYY-MM-DD": "SE",
};

/** The page's language as it is written where the tenant writes dates that way: `en-GB`. */
export function localeOf(
  settings: Pick<Settings, "date_format">,
  language = document.documentElement.lang,
): string {
  return `${language || "en"}-${REGIONS[settings.date_format] ?? "US"}`;
}

/** How dates and numbers are written. */
export function useLocale(): string {
  return localeOf(useMe().settings);
}

/** The tenant's units. */
export function useUnits(): Units {
  const { settings } = useMe();
  return useMemo(() => unitsOf(settings, localeOf(settings)), [settings]);
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
