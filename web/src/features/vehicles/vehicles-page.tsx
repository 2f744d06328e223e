import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Car, Plus, RadioTower, SearchX } from "lucide-react";
import { type ReactNode, useCallback, useMemo } from "react";
import { VehicleCard } from "@/features/vehicles/vehicle-card";
import { useVehicleColumns } from "@/features/vehicles/vehicle-columns";
import { AddVehicle } from "@/features/vehicles/vehicle-drawer";
import { VehicleFilters } from "@/features/vehicles/vehicle-filters";
import { isNarrowed, type VehiclesSearch } from "@/lib/addresses";
import { useApi } from "@/lib/api/api-context";
import { fleetsQuery, vehiclesQuery } from "@/lib/api/vehicle-queries";
import { can, useMe } from "@/lib/session";
import { vehicleState } from "@/lib/vehicle-state";
import { Button } from "@/ui/button";
import { useNow } from "@/ui/now";
import { Page } from "@/ui/page";
import { Empty, Failure, Skeleton } from "@/ui/states";
import { ColumnChooser } from "@/ui/table/column-chooser";
import { nextSort } from "@/ui/table/columns";
import { DataTable } from "@/ui/table/data-table";
import { useColumnChoice } from "@/ui/table/use-columns";
import { toast } from "@/ui/toast";
import { useNarrow } from "@/ui/use-narrow";

interface VehiclesPageProps {
  search: VehiclesSearch;
  /** Changes the address; undefined takes a word out of it. */
  onSearch: (change: Partial<Record<keyof VehiclesSearch, string | true | undefined>>) => void;
  onOpen: (vehicleId: string) => void;
}

/** All rows that are loaded, narrowed by state: a state is a matter of the reader's clock, not of the server's. */
function useVehicleRows(search: VehiclesSearch) {
  const now = useNow();
  const list = useInfiniteQuery({
    ...vehiclesQuery(useApi(), { q: search.q, fleet_id: search.fleet, sort: search.sort ?? "name" }),
    placeholderData: keepPreviousData,
  });
  const all = useMemo(() => list.data?.pages.flatMap((page) => page.data) ?? [], [list.data]);
  const rows = useMemo(
    () =>
      search.state
        ? all.filter(
            ({ latest }) =>
              vehicleState(latest?.motion ?? "unknown", latest?.at ?? null, now) === search.state,
          )
        : all,
    [all, search.state, now],
  );
  return { list, rows };
}

export function VehiclesPage({ search, onSearch, onOpen }: VehiclesPageProps) {
  const { t } = useLingui();
  const me = useMe();
  const fleets = useQuery(fleetsQuery(useApi())).data ?? NO_FLEETS;
  const columns = useVehicleColumns(fleets);
  const { choice, choose } = useColumnChoice("vehicles");
  const narrow = useNarrow();
  const { list, rows } = useVehicleRows(search);
  const { fetchNextPage, isFetchingNextPage } = list;
  const onMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);

  const mayAdd = can(me, "vehicles.write");
  const add = mayAdd && (
    <Button look="primary" onClick={() => onSearch({ add: true })}>
      <Plus size={18} aria-hidden="true" />
      <Trans>Add vehicle</Trans>
    </Button>
  );
  const bare = list.isSuccess && rows.length === 0 && !list.hasNextPage;

  function content(): ReactNode {
    if (list.isPending) return <Skeleton lines={10} />;
    if (list.isError && rows.length === 0)
      return <Failure error={list.error} onRetry={() => void list.refetch()} />;
    if (bare) return isNarrowed(search) ? <NothingFound /> : <NoVehicles add={add} />;
    return (
      <DataTable
        label={t`Vehicles`}
        columns={columns}
        choice={choice}
        rows={rows}
        rowId={(vehicle) => vehicle.id}
        onOpen={(vehicle) => onOpen(vehicle.id)}
        card={(vehicle) => <VehicleCard vehicle={vehicle} />}
        narrow={narrow}
        sort={search.sort ?? "name"}
        onSort={(column) => onSearch({ sort: nextSort(search.sort ?? "name", column) })}
        hasMore={list.hasNextPage}
        onMore={onMore}
      />
    );
  }

  return (
    <Page
      title={t`Vehicles`}
      fill
      note={list.isSuccess && rows.length > 0 && <Count shown={rows.length} more={list.hasNextPage} />}
      actions={add}
    >
      <VehicleFilters search={search} fleets={fleets} onSearch={onSearch}>
        <ColumnChooser columns={columns} choice={choice} onChoose={choose} />
      </VehicleFilters>
      <div className="flex min-h-0 flex-1 flex-col border-t border-line bg-surface">{content()}</div>
      <AddVehicle
        isOpen={mayAdd && search.add === true}
        onClose={() => onSearch({ add: undefined })}
        onAdded={(vehicle) => {
          toast("done", t`${vehicle.name} is added.`, {
            label: t`Connect a tracker`,
            run: () => onOpen(vehicle.id),
          });
          onSearch({ add: undefined });
        }}
      />
    </Page>
  );
}

const NO_FLEETS: never[] = [];

function Count({ shown, more }: { shown: number; more: boolean }) {
  return more ? (
    <Trans>{shown}+ vehicles</Trans>
  ) : (
    <Plural value={shown} one="# vehicle" other="# vehicles" />
  );
}

function NothingFound() {
  const { t } = useLingui();
  return (
    <Empty icon={<SearchX size={26} aria-hidden="true" />} title={t`No vehicle is like that`}>
      <Trans>Try fewer letters, another fleet or another state.</Trans>
    </Empty>
  );
}

function NoVehicles({ add }: { add: ReactNode }) {
  const { t } = useLingui();
  return (
    <Empty icon={<Car size={26} aria-hidden="true" />} title={t`No vehicles yet`} actions={add}>
      <p>
        <Trans>
          Add the first one: a name is enough. Then connect its tracker, and it appears on the map.
        </Trans>
      </p>
      <p className="mt-2 flex items-center justify-center gap-2">
        <RadioTower size={18} aria-hidden="true" />
        <Trans>Any phone can be a tracker.</Trans>
      </p>
    </Empty>
  );
}
