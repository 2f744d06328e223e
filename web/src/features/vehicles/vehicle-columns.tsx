import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { FUELS, KINDS, STATUSES } from "@/features/vehicles/words";
import type { Fleet, Vehicle } from "@/lib/api/types";
import { useUnits } from "@/lib/session";
import { NOT_SAID, odometer, percent, speed } from "@/lib/units";
import { vehicleState } from "@/lib/vehicle-state";
import { useNow } from "@/ui/now";
import { RelativeTime } from "@/ui/relative-time";
import { StateBadge } from "@/ui/state-badge";
import type { Column } from "@/ui/table/columns";
import { wordOf } from "@/lib/words";

/** A vehicle's state now, which ages by itself. */
export function VehicleStateBadge({ vehicle }: { vehicle: Pick<Vehicle, "latest"> }) {
  const now = useNow();
  return (
    <StateBadge state={vehicleState(vehicle.latest?.motion ?? "unknown", vehicle.latest?.at ?? null, now)} />
  );
}

/** How fast it drives, while that is news: an old speed is none. */
export function VehicleSpeed({ vehicle }: { vehicle: Pick<Vehicle, "latest"> }) {
  const units = useUnits();
  const now = useNow();
  const { latest } = vehicle;
  const state = vehicleState(latest?.motion ?? "unknown", latest?.at ?? null, now);
  return state === "silent" ? NOT_SAID : speed(latest?.speed_mps, units);
}

/** The columns of the list, in the tenant's units. */
export function useVehicleColumns(fleets: readonly Fleet[]): Column<Vehicle>[] {
  const { t, i18n } = useLingui();
  const units = useUnits();
  return useMemo(() => {
    const fleetNames = new Map(fleets.map((fleet) => [fleet.id, fleet.name]));
    const quiet = (text: string | number | null | undefined) => (
      <span className="text-quiet">{text ?? NOT_SAID}</span>
    );
    return [
      {
        id: "name",
        header: t`Name`,
        width: "minmax(180px, 2fr)",
        sort: "name",
        fixed: true,
        cell: (vehicle) => (
          <Link
            to="/vehicles/$vehicleId"
            params={{ vehicleId: vehicle.id }}
            tabIndex={-1}
            onClick={(event) => event.stopPropagation()}
            className="font-medium hover:underline"
          >
            {vehicle.name}
          </Link>
        ),
      },
      { id: "plate", header: t`Plate`, width: "minmax(110px, 1fr)", cell: (vehicle) => quiet(vehicle.plate) },
      {
        id: "state",
        header: t`State`,
        width: "150px",
        cell: (vehicle) => <VehicleStateBadge vehicle={vehicle} />,
      },
      {
        id: "heard",
        header: t`Last fix`,
        width: "130px",
        cell: (vehicle) => (vehicle.latest ? <RelativeTime at={vehicle.latest.at} /> : quiet(t`never`)),
      },
      {
        id: "speed",
        header: t`Speed`,
        width: "100px",
        align: "right",
        cell: (vehicle) => <VehicleSpeed vehicle={vehicle} />,
      },
      {
        id: "odometer",
        header: t`Odometer`,
        width: "120px",
        align: "right",
        cell: (vehicle) => odometer(vehicle.latest?.odometer_m, units),
      },
      {
        id: "fuel",
        header: t`Fuel level`,
        width: "110px",
        align: "right",
        cell: (vehicle) => percent(vehicle.latest?.fuel_percent, units),
      },
      {
        id: "fleet",
        header: t`Fleet`,
        width: "minmax(120px, 1fr)",
        cell: (vehicle) => quiet(vehicle.fleet_id ? fleetNames.get(vehicle.fleet_id) : null),
      },
      {
        id: "kind",
        header: t`Kind`,
        width: "110px",
        cell: (vehicle) => quiet(wordOf(i18n, KINDS, vehicle.kind)),
      },
      {
        id: "make",
        header: t`Make and model`,
        width: "minmax(150px, 1fr)",
        extra: true,
        cell: (vehicle) => quiet([vehicle.make, vehicle.model].filter(Boolean).join(" ") || null),
      },
      {
        id: "year",
        header: t`Year`,
        width: "70px",
        align: "right",
        extra: true,
        cell: (vehicle) => quiet(vehicle.year),
      },
      {
        id: "vin",
        header: t`VIN`,
        width: "190px",
        extra: true,
        cell: (vehicle) => <span className="font-mono text-sm text-quiet">{vehicle.vin ?? NOT_SAID}</span>,
      },
      {
        id: "fuel_type",
        header: t`Fuel`,
        width: "120px",
        extra: true,
        cell: (vehicle) => quiet(wordOf(i18n, FUELS, vehicle.fuel_type)),
      },
      {
        id: "status",
        header: t`Status`,
        width: "140px",
        extra: true,
        cell: (vehicle) => quiet(wordOf(i18n, STATUSES, vehicle.status)),
      },
      {
        id: "added",
        header: t`Added`,
        width: "120px",
        sort: "created_at",
        extra: true,
        cell: (vehicle) => <RelativeTime at={vehicle.created_at} />,
      },
    ];
  }, [t, i18n, units, fleets]);
}
