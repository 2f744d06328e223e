import type { Position, Stop, Trip } from "@/lib/api/types";

export interface TripMapProps {
  /** Oldest first. */
  positions: readonly Position[];
  trip: Trip | null;
  stops: readonly Stop[];
}

/** One trip drawn on the map: its track, beginning, end and stops. */
export function TripMap({ positions }: TripMapProps) {
  return <div className="h-full w-full bg-raised" data-positions={positions.length} />;
}
