import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { positionsQuery, stopsQuery, tripQuery, tripsQuery } from "@/features/trips/trip-queries";
import { useApi } from "@/lib/api/api-context";
import type { Position, Stop, Trip } from "@/lib/api/types";
import { boundsOf, type Day, dayOf } from "@/lib/days";
import { useZone } from "@/lib/session";
import { millis } from "@/lib/time";
import { useNow } from "@/ui/now";

export interface VehicleDay {
  day: Day;
  isToday: boolean;
  bounds: { from: number; to: number };
  trips: readonly Trip[];
  stops: readonly Stop[];
  /** Of the selected trip, or of the whole day. */
  positions: readonly Position[];
  selected: Trip | null;
  state: "loading" | "failed" | "ready";
  error: unknown;
  retry: () => void;
}

const NONE: never[] = [];

/** A trip that is still driven has no end; asking a little ahead of now keeps the question the same while it grows. */
function spanOf(trip: Trip, dayEnd: number) {
  const from = millis(trip.started_at);
  return { from, to: trip.ended_at ? millis(trip.ended_at) + 1 : Math.max(dayEnd, from) };
}

/** The day that is looked at: the one asked for, else the one of the linked trip, else today. */
function useDay(wanted: Day | undefined, tripId: string | undefined) {
  const api = useApi();
  const zone = useZone();
  const today = dayOf(useNow(), zone);
  const linked = useQuery({
    ...tripQuery(api, tripId ?? ""),
    enabled: tripId !== undefined && wanted === undefined,
  });
  const day = wanted ?? (linked.data ? dayOf(millis(linked.data.started_at), zone) : today);
  return { day, isToday: day === today, bounds: boundsOf(day, zone) };
}

/** A vehicle's day in the tenant's zone: trips, stops, and the way of what is selected. Today goes on by itself. */
export function useVehicleDay(
  vehicleId: string,
  wanted: Day | undefined,
  tripId: string | undefined,
): VehicleDay {
  const api = useApi();
  const { day, isToday, bounds } = useDay(wanted, tripId);
  const trips = useQuery({
    ...tripsQuery(api, vehicleId, bounds, isToday),
    placeholderData: keepPreviousData,
  });
  const stops = useQuery({
    ...stopsQuery(api, vehicleId, bounds, isToday),
    placeholderData: keepPreviousData,
  });
  const selected = trips.data?.find((trip) => trip.id === tripId) ?? null;
  const span = selected ? spanOf(selected, bounds.to) : bounds;
  const live = selected ? selected.ended_at === null : isToday;
  const positions = useQuery(positionsQuery(api, vehicleId, span, live));

  return {
    day,
    isToday,
    bounds,
    trips: trips.data ?? NONE,
    stops: stops.data ?? NONE,
    positions: positions.data ?? NONE,
    selected,
    state: trips.data ? "ready" : trips.isError ? "failed" : "loading",
    error: trips.error,
    retry: () => {
      void trips.refetch();
      void stops.refetch();
    },
  };
}
