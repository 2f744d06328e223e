import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ageOf } from "@/features/live/fleet-order";
import { speedOf } from "@/features/live/list-row";
import { useApi } from "@/lib/api/api-context";
import type { Trip } from "@/lib/api/types";
import { vehicleQuery } from "@/lib/api/vehicle-queries";
import { useUnits, useZone } from "@/lib/session";
import { absolute, clock, duration, relative } from "@/lib/time";
import { distance, NOT_SAID, odometer, speed } from "@/lib/units";
import type { LiveVehicle } from "@/realtime/messages";
import type { LiveStore } from "@/realtime/store";
import { useLiveVersion } from "@/realtime/use-live";

const REFRESH_MS = 15_000;
const HEADING_NOT_SAID = 0xffff;

/** Eight words are enough for a direction; degrees follow for who needs them. */
function useDirection(cdeg: number): string {
  const { t } = useLingui();
  if (cdeg === HEADING_NOT_SAID) return NOT_SAID;
  const words = [
    t`North`,
    t`North-east`,
    t`East`,
    t`South-east`,
    t`South`,
    t`South-west`,
    t`West`,
    t`North-west`,
  ];
  return `${words[Math.round(cdeg / 4_500) % 8] ?? ""}, ${Math.round(cdeg / 100) % 360}°`;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-11 items-center justify-between gap-4 border-b border-line py-1.5">
      <dt className="text-quiet">{name}</dt>
      <dd className="text-right font-medium">{children}</dd>
    </div>
  );
}

/** What is known of a vehicle at this moment; live numbers change in place. */
export function VehicleFacts({ live, vehicle }: { live: LiveStore; vehicle: LiveVehicle }) {
  const { t } = useLingui();
  const api = useApi();
  const units = useUnits();
  const zone = useZone();
  useLiveVersion(live, "beat");
  const locale = document.documentElement.lang || undefined;
  const { positions } = live;
  const slot = positions.slotOf(vehicle.no);
  const now = live.serverNow();
  const age = ageOf(live, vehicle.no, now);
  const direction = useDirection(slot < 0 ? HEADING_NOT_SAID : (positions.headingCdeg[slot] as number));
  const tripId = vehicle.trip?.id;
  const details = useQuery(vehicleQuery(api, vehicle.id));
  const trip = useQuery({
    queryKey: ["trip", tripId],
    queryFn: ({ signal }) => api.get<Trip>(`/trips/${tripId}`, { signal }),
    enabled: tripId !== undefined,
    refetchInterval: REFRESH_MS,
  });
  const started = vehicle.trip ? Date.parse(vehicle.trip.started_at) : null;
  return (
    <dl>
      <Fact name={t`Last fix`}>
        {slot < 0 ? (
          t`Never heard`
        ) : (
          <time title={absolute(now - age, zone, locale)}>{relative(now - age, now, locale)}</time>
        )}
      </Fact>
      <Fact name={t`Speed`}>
        {slot < 0 ? NOT_SAID : speed(speedOf(positions.speedCmps[slot] as number), units)}
      </Fact>
      <Fact name={t`Heading`}>{direction}</Fact>
      <Fact name={t`Odometer`}>{odometer(details.data?.latest?.odometer_m, units)}</Fact>
      <Fact name={t`Position`}>
        {slot < 0
          ? NOT_SAID
          : `${((positions.latE7[slot] as number) / 1e7).toFixed(5)}, ${((positions.lonE7[slot] as number) / 1e7).toFixed(5)}`}
      </Fact>
      <Fact name={t`Trip`}>
        {started === null ? (
          t`None under way`
        ) : (
          <span title={absolute(started, zone, locale)}>
            {t`Since ${clock(started, zone, locale)}`}, {duration((now - started) / 1_000, locale)}
            {trip.data && `, ${distance(trip.data.distance_m, units)}`}
          </span>
        )}
      </Fact>
    </dl>
  );
}
