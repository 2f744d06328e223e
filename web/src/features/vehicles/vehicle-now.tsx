import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { VehicleSpeed, VehicleStateBadge } from "@/features/vehicles/vehicle-columns";
import type { Position, Vehicle } from "@/lib/api/types";
import { useUnits } from "@/lib/session";
import { integer, NOT_SAID, odometer, percent, temperature, volts } from "@/lib/units";
import { Card } from "@/ui/page";
import { RelativeTime } from "@/ui/relative-time";

/** What the vehicle says now; `last` has the sensors that lists leave out. */
export function VehicleNow({ vehicle, last }: { vehicle: Vehicle; last: Position | undefined }) {
  const { t } = useLingui();
  const units = useUnits();
  const { latest } = vehicle;
  if (!latest) {
    return (
      <Card title={<Trans>Now</Trans>} actions={<VehicleStateBadge vehicle={vehicle} />}>
        <p className="p-4 text-quiet">
          <Trans>
            Nothing has been heard from this vehicle. Connect a tracker below; it appears with its first fix.
          </Trans>
        </p>
      </Card>
    );
  }
  const engine = (rpm: number | null | undefined) =>
    typeof rpm === "number" ? t`${integer(rpm, units)} rpm` : NOT_SAID;
  const sensors: [string, string][] = [
    [t`Fuel level`, percent(latest.fuel_percent ?? last?.fuel_percent, units)],
    [t`Engine`, engine(last?.rpm)],
    [t`Coolant`, temperature(last?.coolant_c, units)],
    [t`Battery`, volts(last?.battery_v, units)],
  ];
  const said = sensors.filter(([, value]) => value !== NOT_SAID);
  return (
    <Card title={<Trans>Now</Trans>} actions={<VehicleStateBadge vehicle={vehicle} />}>
      <dl className="flex flex-wrap gap-px overflow-hidden rounded-b-lg bg-line">
        <Fact name={t`Last fix`} value={<RelativeTime at={latest.at} />} />
        <Fact name={t`Speed`} value={<VehicleSpeed vehicle={vehicle} />} />
        <Fact name={t`Odometer`} value={odometer(latest.odometer_m, units)} />
        {said.map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
        <div className="basis-full bg-surface px-4 py-2.5">
          <dt className="text-sm text-quiet">{t`Place`}</dt>
          <dd className="font-medium">
            {latest.lat.toFixed(5)}, {latest.lon.toFixed(5)}
          </dd>
        </div>
      </dl>
    </Card>
  );
}

function Fact({ name, value }: { name: string; value: ReactNode }) {
  return (
    <div className="grow basis-[30%] bg-surface px-4 py-2.5">
      <dt className="text-sm text-quiet">{name}</dt>
      <dd className="truncate text-lg font-semibold">{value}</dd>
    </div>
  );
}
