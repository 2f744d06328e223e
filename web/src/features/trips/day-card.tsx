import { Trans } from "@lingui/react/macro";
import { DayPicker } from "@/features/trips/day-picker";
import { DayStrip } from "@/features/trips/day-strip";
import { totalsOf } from "@/features/trips/segments";
import { TripList } from "@/features/trips/trip-list";
import type { VehicleDay } from "@/features/trips/use-vehicle-day";
import { type Day, dayName, dayOf } from "@/lib/days";
import { useLocale, useUnits, useZone } from "@/lib/session";
import { duration } from "@/lib/time";
import { distance } from "@/lib/units";
import { useNow } from "@/ui/now";
import { Card } from "@/ui/page";

interface DayCardProps {
  day: VehicleDay;
  onDay: (day: Day) => void;
  onTrip: (tripId: string | undefined) => void;
}

/** One day: what it amounts to, its strip, its trips. */
export function DayCard({ day, onDay, onTrip }: DayCardProps) {
  const locale = useLocale();
  const units = useUnits();
  const today = dayOf(useNow(), useZone());
  const totals = totalsOf(day.trips);
  return (
    <Card
      title={day.isToday ? <Trans>Today</Trans> : dayName(day.day, locale)}
      actions={<DayPicker day={day.day} today={today} onDay={onDay} />}
    >
      <p className="px-4 pt-3 text-quiet">
        <Trans>
          <strong className="text-lg font-semibold text-text">{distance(totals.distance_m, units)}</strong> in{" "}
          {duration(totals.drive_s, locale)}
        </Trans>
        {totals.idle_s >= 60 && (
          <>
            {" · "}
            <Trans>{duration(totals.idle_s, locale)} idling</Trans>
          </>
        )}
      </p>
      <DayStrip day={day} onTrip={onTrip} />
      <TripList day={day} onTrip={onTrip} />
    </Card>
  );
}
