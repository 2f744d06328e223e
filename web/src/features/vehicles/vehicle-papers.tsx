import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { FUELS, KINDS, STATUSES } from "@/features/vehicles/words";
import { useApi } from "@/lib/api/api-context";
import type { Vehicle } from "@/lib/api/types";
import { fleetsQuery } from "@/lib/api/vehicle-queries";
import { NOT_SAID } from "@/lib/units";
import { Card } from "@/ui/page";
import { wordOf } from "@/lib/words";

/** What is written about a vehicle. */
export function VehiclePapers({ vehicle }: { vehicle: Vehicle }) {
  const { t, i18n } = useLingui();
  const fleets = useQuery(fleetsQuery(useApi())).data ?? [];
  const facts: [string, string | number | null | undefined][] = [
    [t`Plate`, vehicle.plate],
    [t`VIN`, vehicle.vin],
    [t`Make and model`, [vehicle.make, vehicle.model].filter(Boolean).join(" ")],
    [t`Year`, vehicle.year],
    [t`Kind`, wordOf(i18n, KINDS, vehicle.kind)],
    [t`Fuel`, wordOf(i18n, FUELS, vehicle.fuel_type)],
    [t`Fleet`, fleets.find((fleet) => fleet.id === vehicle.fleet_id)?.name],
    [t`Status`, wordOf(i18n, STATUSES, vehicle.status)],
    [t`Number`, vehicle.no],
  ];
  return (
    <Card title={<Trans>Details</Trans>}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 p-4">
        {facts.map(([name, value]) => (
          <div key={name} className="col-span-full grid grid-cols-subgrid">
            <dt className="text-quiet">{name}</dt>
            <dd className="min-w-0 font-medium break-words">{value || NOT_SAID}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
