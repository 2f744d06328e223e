import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { type LiveSearch, lookOf, searchOf } from "@/features/live/live-search";
import type { Look } from "@/map/fleet-map";
import type { LiveVehicle } from "@/realtime/messages";
import type { LiveStore } from "@/realtime/store";

/** What the address bar says of the page: who is selected, where the map looks. */
export function useLiveSelection(live: LiveStore) {
  const search: LiveSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const [start] = useState<Look | null>(() => lookOf(search));
  const vehicle: LiveVehicle | null = search.vehicle
    ? (live.state.vehicles.get(search.vehicle) ?? null)
    : null;

  const change = useCallback(
    (part: (before: LiveSearch) => LiveSearch, replace: boolean) =>
      void navigate({ to: "/live", search: part, replace, resetScroll: false }),
    [navigate],
  );
  const select = useCallback(
    (vehicleNo: number | null) => {
      const id = vehicleNo === null ? undefined : live.byNo.get(vehicleNo)?.id;
      change(
        ({ z, c }) => ({ ...(id && { vehicle: id }), ...(z !== undefined && { z }), ...(c && { c }) }),
        false,
      );
    },
    [change, live],
  );
  const look = useCallback(
    (at: Look) => change((before) => ({ ...before, ...searchOf(at) }), true),
    [change],
  );
  return { vehicle, start, select, look };
}
