import { lazy, Suspense } from "react";
import type { VehicleDay } from "@/features/trips/use-vehicle-day";
import { Skeleton } from "@/ui/states";

// MapLibre is larger than everything else together.
const TripMap = lazy(() => import("@/map/trip-map").then((module) => ({ default: module.TripMap })));

/** The selected trip, or the whole day, on the map. */
export function DayMap({ day }: { day: VehicleDay }) {
  return (
    <Suspense fallback={<Skeleton lines={1} />}>
      <TripMap positions={day.positions} trip={day.selected} stops={day.stops} />
    </Suspense>
  );
}
