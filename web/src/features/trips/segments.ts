import type { Stop, Trip } from "@/lib/api/types";
import { millis } from "@/lib/time";

/** A piece of the day's strip: from and to as parts (0…1) of the day. */
export interface Segment {
  kind: "trip" | "stop" | "parked";
  id: string;
  from: number;
  to: number;
  trip?: Trip;
}

/** Trips (oldest first), their stops and the time between them, in the order of time; what is open goes on until now. */
export function segmentsOf(
  trips: readonly Trip[],
  stops: readonly Stop[],
  day: { from: number; to: number },
  now: number,
): Segment[] {
  const part = (at: number) => Math.max(0, Math.min(1, (at - day.from) / (day.to - day.from)));
  const place = (began: string, ended: string | null) => ({
    from: part(millis(began)),
    to: part(ended ? millis(ended) : Math.min(now, day.to)),
  });
  const between = trips.slice(1).map((trip, index) => ({ trip, ended: trips[index]?.ended_at ?? null }));
  const segments: Segment[] = [
    ...between.flatMap(({ trip, ended }) =>
      ended ? [{ kind: "parked" as const, id: `parked ${trip.id}`, ...place(ended, trip.started_at) }] : [],
    ),
    ...trips.map((trip) => ({
      kind: "trip" as const,
      id: trip.id,
      trip,
      ...place(trip.started_at, trip.ended_at),
    })),
    ...stops.map((stop) => ({
      kind: "stop" as const,
      id: `stop ${stop.started_at}`,
      ...place(stop.started_at, stop.ended_at),
    })),
  ];
  return segments.filter((one) => one.to > one.from).toSorted((a, b) => a.from - b.from);
}

/** What a day amounts to. */
export function totalsOf(trips: readonly Trip[]): { distance_m: number; drive_s: number; idle_s: number } {
  return {
    distance_m: trips.reduce((sum, trip) => sum + trip.distance_m, 0),
    drive_s: trips.reduce((sum, trip) => sum + trip.drive_s, 0),
    idle_s: trips.reduce((sum, trip) => sum + trip.idle_s, 0),
  };
}

/** Full hours within a day for the strip's scale: their part of the day and their moment. */
export function hoursOf(day: { from: number; to: number }, every: number): { part: number; at: number }[] {
  const step = every * 3_600_000;
  const count = Math.floor((day.to - day.from) / step);
  return Array.from({ length: count + 1 }, (_, index) => {
    const at = day.from + index * step;
    return { at, part: (at - day.from) / (day.to - day.from) };
  });
}
