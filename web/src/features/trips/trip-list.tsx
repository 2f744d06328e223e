import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Route } from "lucide-react";
import { type KeyboardEvent, useRef } from "react";
import type { VehicleDay } from "@/features/trips/use-vehicle-day";
import type { Trip } from "@/lib/api/types";
import { useLocale, useUnits, useZone } from "@/lib/session";
import { clock, duration } from "@/lib/time";
import { distance, speed } from "@/lib/units";
import { cx } from "@/ui/class-names";
import { Empty, Failure, Skeleton } from "@/ui/states";

interface TripListProps {
  day: VehicleDay;
  onTrip: (tripId: string | undefined) => void;
}

/** The trips of a day; the selected one is on the map. Pressing it again shows the whole day. */
export function TripList({ day, onTrip }: TripListProps) {
  const { t } = useLingui();
  const list = useRef<HTMLUListElement>(null);
  if (day.state === "loading") return <Skeleton lines={4} />;
  if (day.state === "failed") return <Failure error={day.error} onRetry={day.retry} />;
  if (day.trips.length === 0) {
    return (
      <Empty
        icon={<Route size={26} aria-hidden="true" />}
        title={day.isToday ? t`No trip yet today` : t`No trip that day`}
      >
        <Trans>A trip begins when the vehicle drives off and ends when it has stood for a while.</Trans>
      </Empty>
    );
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const buttons = Array.from(list.current?.querySelectorAll("button") ?? []);
    const next = buttons[buttons.indexOf(event.target as HTMLButtonElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrows move among the buttons inside
    <ul ref={list} onKeyDown={onKeyDown} aria-label={t`Trips`} className="flex flex-col px-2 pb-2">
      {day.trips.toReversed().map((trip) => (
        <li key={trip.id}>
          <TripButton
            trip={trip}
            selected={day.selected?.id === trip.id}
            onPress={() => onTrip(day.selected?.id === trip.id ? undefined : trip.id)}
          />
        </li>
      ))}
    </ul>
  );
}

function TripButton({ trip, selected, onPress }: { trip: Trip; selected: boolean; onPress: () => void }) {
  const zone = useZone();
  const locale = useLocale();
  const units = useUnits();
  const from = clock(trip.started_at, zone, locale);
  const to = trip.ended_at ? clock(trip.ended_at, zone, locale) : null;
  return (
    <button
      type="button"
      aria-pressed={selected}
      onClick={onPress}
      className={cx(
        "grid min-h-14 w-full grid-cols-[1fr_auto] items-center gap-x-4 rounded-lg border-l-4 px-3 py-2 text-left",
        selected ? "border-accent bg-accent-tint" : "border-transparent hover:bg-raised",
      )}
    >
      <span className="font-medium">{to ? `${from} – ${to}` : <Trans>{from} – under way</Trans>}</span>
      <span className="text-right font-medium">{distance(trip.distance_m, units)}</span>
      <span className="text-sm text-quiet">
        <Trans>{duration(trip.drive_s, locale)} driving</Trans>
        {trip.stops > 0 && (
          <>
            {" · "}
            <Plural value={trip.stops} one="# stop" other="# stops" />
          </>
        )}
        {trip.idle_s >= 60 && (
          <>
            {" · "}
            <Trans>{duration(trip.idle_s, locale)} idling</Trans>
          </>
        )}
      </span>
      <span className="text-right text-sm text-quiet">
        <Trans>max {speed(trip.max_speed_mps, units)}</Trans>
      </span>
    </button>
  );
}
