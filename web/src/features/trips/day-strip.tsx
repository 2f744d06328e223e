import { useLingui } from "@lingui/react/macro";
import { hoursOf, type Segment, segmentsOf } from "@/features/trips/segments";
import type { VehicleDay } from "@/features/trips/use-vehicle-day";
import { useLocale, useUnits, useZone } from "@/lib/session";
import { clock, hourLabel } from "@/lib/time";
import { distance } from "@/lib/units";
import { cx } from "@/ui/class-names";
import { useNow } from "@/ui/now";

interface DayStripProps {
  day: VehicleDay;
  onTrip: (tripId: string) => void;
}

const LOOKS: Record<Segment["kind"], string> = {
  trip: "inset-y-0 cursor-pointer bg-(--mark-moving)",
  stop: "pointer-events-none inset-y-3 bg-surface",
  parked: "inset-y-[21px] bg-(--mark-stopped)",
};

/** The day as one strip: trips, stops, silence. The list below says the same in words and is what keys reach. */
export function DayStrip({ day, onTrip }: DayStripProps) {
  const { t } = useLingui();
  const zone = useZone();
  const locale = useLocale();
  const units = useUnits();
  const now = useNow();
  const segments = segmentsOf(day.trips, day.stops, day.bounds, now);
  const nowPart = (now - day.bounds.from) / (day.bounds.to - day.bounds.from);
  return (
    <div
      role="img"
      aria-label={t`The day from midnight to midnight: trips, stops and silence`}
      className="px-4 pt-3"
    >
      <div className="relative h-11 overflow-hidden rounded-lg bg-raised">
        {segments.map((segment) => (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- the list of trips is the way by keys
          <div
            key={segment.id}
            onClick={segment.trip ? () => onTrip(segment.id) : undefined}
            title={
              segment.trip
                ? `${clock(segment.trip.started_at, zone, locale)} · ${distance(segment.trip.distance_m, units)}`
                : undefined
            }
            className={cx("absolute", LOOKS[segment.kind], day.selected?.id === segment.id && "bg-accent!")}
            style={{
              left: `${segment.from * 100}%`,
              width: `max(3px, ${(segment.to - segment.from) * 100}%)`,
            }}
          />
        ))}
        {day.isToday && (
          <div className="absolute inset-y-0 w-0.5 bg-text" style={{ left: `${nowPart * 100}%` }} />
        )}
      </div>
      <div className="relative mt-1 h-5 text-xs text-quiet">
        {hoursOf(day.bounds, 6).map(({ at, part }, index, all) => (
          <span
            key={at}
            className={cx(
              "absolute whitespace-nowrap",
              index === 0 ? "" : index === all.length - 1 ? "-translate-x-full" : "-translate-x-1/2",
            )}
            style={{ left: `${part * 100}%` }}
          >
            {hourLabel(at, zone, locale)}
          </span>
        ))}
      </div>
    </div>
  );
}
