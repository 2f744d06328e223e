import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ArrowLeft, CarFront, Map as MapIcon, Pencil } from "lucide-react";
import { useRef } from "react";
import { VehicleDevices } from "@/features/devices/vehicle-devices";
import { DayCard } from "@/features/trips/day-card";
import { DayMap } from "@/features/trips/day-map";
import { useVehicleDay } from "@/features/trips/use-vehicle-day";
import { EditVehicle } from "@/features/vehicles/vehicle-drawer";
import { VehicleNow } from "@/features/vehicles/vehicle-now";
import { VehiclePapers } from "@/features/vehicles/vehicle-papers";
import { useApi } from "@/lib/api/api-context";
import { failedWith } from "@/lib/api/problem";
import type { Vehicle } from "@/lib/api/types";
import { vehicleQuery } from "@/lib/api/vehicle-queries";
import { can, useMe } from "@/lib/session";
import { Button, buttonClass } from "@/ui/button";
import { cx } from "@/ui/class-names";
import { Page } from "@/ui/page";
import { Empty, Failure, Skeleton } from "@/ui/states";
import { useNarrow } from "@/ui/use-narrow";

const route = getRouteApi("/inside/vehicles/$vehicleId");

/** One vehicle: now, its day on the map, its papers and trackers. The address keeps day and trip. */
export function VehicleDetail() {
  const { vehicleId } = route.useParams();
  const vehicle = useQuery(vehicleQuery(useApi(), vehicleId));
  if (vehicle.data) return <Found vehicle={vehicle.data} />;
  if (vehicle.isPending) return <Skeleton lines={8} />;
  if (failedWith(vehicle.error, 404) || failedWith(vehicle.error, 422)) return <Gone />;
  return <Failure error={vehicle.error} onRetry={() => void vehicle.refetch()} />;
}

function Found({ vehicle }: { vehicle: Vehicle }) {
  const { t } = useLingui();
  const me = useMe();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const day = useVehicleDay(vehicle.id, search.day, search.trip);
  const narrow = useNarrow();
  const map = useRef<HTMLDivElement>(null);
  const mayEdit = can(me, "vehicles.write");
  return (
    <Page
      title={vehicle.name}
      fill
      back={
        <Link to="/vehicles" aria-label={t`All vehicles`} className={cx(buttonClass("quiet", true), "-ml-2")}>
          <ArrowLeft size={20} aria-hidden="true" />
        </Link>
      }
      note={vehicle.plate}
      actions={
        <>
          <Link to="/live" search={{ vehicle: vehicle.id }} className={buttonClass("plain")}>
            <MapIcon size={18} aria-hidden="true" />
            <Trans>Live</Trans>
          </Link>
          {mayEdit && (
            <Button onClick={() => void navigate({ search: { ...search, edit: true } })}>
              <Pencil size={18} aria-hidden="true" />
              <Trans>Edit</Trans>
            </Button>
          )}
        </>
      }
    >
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto border-t border-line lg:flex-row lg:overflow-hidden">
        <div className="contents lg:block lg:w-[430px] lg:shrink-0 lg:overflow-y-auto lg:border-r lg:border-line">
          <div className="order-1 p-3 pb-0 md:p-4 md:pb-0">
            <VehicleNow vehicle={vehicle} last={day.isToday ? day.positions.at(-1) : undefined} />
          </div>
          <div className="order-3 flex flex-col gap-3 p-3 md:gap-4 md:p-4">
            <DayCard
              day={day}
              onDay={(picked) => void navigate({ search: { day: picked } })}
              onTrip={(trip) => {
                void navigate({
                  search: { ...(search.day ? { day: search.day } : {}), ...(trip ? { trip } : {}) },
                  replace: true,
                });
                // On a phone the map stands above the list that was pressed.
                if (trip && narrow) map.current?.scrollIntoView({ block: "start" });
              }}
            />
            <VehicleDevices vehicleId={vehicle.id} />
            <VehiclePapers vehicle={vehicle} />
          </div>
        </div>
        <div
          ref={map}
          className="order-2 h-72 shrink-0 border-y border-line max-lg:mt-3 lg:h-auto lg:min-w-0 lg:flex-1 lg:border-y-0"
        >
          <DayMap day={day} />
        </div>
      </div>
      <EditVehicle
        vehicle={vehicle}
        isOpen={mayEdit && search.edit === true}
        onClose={() => {
          const { edit: _, ...rest } = search;
          void navigate({ search: rest });
        }}
      />
    </Page>
  );
}

function Gone() {
  const { t } = useLingui();
  return (
    <Empty
      icon={<CarFront size={26} aria-hidden="true" />}
      title={t`There is no such vehicle`}
      actions={
        <Link to="/vehicles" className={buttonClass("primary")}>
          <Trans>All vehicles</Trans>
        </Link>
      }
    >
      <Trans>It may belong to another company, or the address is mistyped.</Trans>
    </Empty>
  );
}
