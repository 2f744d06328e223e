import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus, RadioTower } from "lucide-react";
import { type ReactNode, useCallback, useMemo } from "react";
import { AddDevice } from "@/features/devices/add-device";
import { DeviceDrawer } from "@/features/devices/device-drawer";
import { devicesQuery, vehicleNamesQuery } from "@/features/devices/device-queries";
import { useApi } from "@/lib/api/api-context";
import type { Device } from "@/lib/api/types";
import { can, useMe } from "@/lib/session";
import { NOT_SAID } from "@/lib/units";
import { Button } from "@/ui/button";
import { Page } from "@/ui/page";
import { RelativeTime } from "@/ui/relative-time";
import { Empty, Failure, Skeleton } from "@/ui/states";
import type { Column } from "@/ui/table/columns";
import { DataTable } from "@/ui/table/data-table";
import { useNarrow } from "@/ui/use-narrow";

interface DevicesPageProps {
  /** The device in the drawer, and whether the form is open: both stand in the address. */
  device: string | undefined;
  adding: boolean;
  onShow: (what: { device?: string; add?: true }) => void;
}

const NO_NAMES: ReadonlyMap<string, string> = new Map();
const NO_CHOICE = {};

function useDeviceColumns(names: ReadonlyMap<string, string>): Column<Device>[] {
  const { t } = useLingui();
  return useMemo(
    () => [
      {
        id: "name",
        header: t`Name`,
        width: "minmax(160px, 1.5fr)",
        fixed: true,
        cell: (device) => <b className="font-medium">{device.name}</b>,
      },
      {
        id: "identifiers",
        header: t`Identifier`,
        width: "minmax(170px, 1.5fr)",
        cell: (device) => (
          <span className="font-mono text-sm">{device.identifiers.map((one) => one.value).join(", ")}</span>
        ),
      },
      {
        id: "model",
        header: t`Model`,
        width: "minmax(120px, 1fr)",
        cell: (device) => <span className="text-quiet">{device.model ?? NOT_SAID}</span>,
      },
      {
        id: "vehicle",
        header: t`Vehicle`,
        width: "minmax(160px, 1.5fr)",
        cell: (device) =>
          device.vehicle_id ? (
            <Link
              to="/vehicles/$vehicleId"
              params={{ vehicleId: device.vehicle_id }}
              tabIndex={-1}
              onClick={(event) => event.stopPropagation()}
              className="hover:underline"
            >
              {names.get(device.vehicle_id) ?? t`A vehicle`}
            </Link>
          ) : (
            <span className="text-quiet">{t`No vehicle`}</span>
          ),
      },
      {
        id: "added",
        header: t`Added`,
        width: "130px",
        cell: (device) => <RelativeTime at={device.created_at} className="text-quiet" />,
      },
    ],
    [t, names],
  );
}

/** All devices, and the one that is looked at. */
export function DevicesPage({ device, adding, onShow }: DevicesPageProps) {
  const { t } = useLingui();
  const api = useApi();
  const mayAdd = can(useMe(), "devices.write");
  const narrow = useNarrow();
  const list = useInfiniteQuery(devicesQuery(api));
  const names = useQuery(vehicleNamesQuery(api)).data ?? NO_NAMES;
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.data) ?? [], [list.data]);
  const columns = useDeviceColumns(names);
  const { fetchNextPage, isFetchingNextPage } = list;
  const onMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);

  const add = mayAdd && (
    <Button look="primary" onClick={() => onShow({ add: true })}>
      <Plus size={18} aria-hidden="true" />
      <Trans>Add device</Trans>
    </Button>
  );

  function content(): ReactNode {
    if (list.isPending) return <Skeleton lines={10} />;
    if (list.isError && rows.length === 0)
      return <Failure error={list.error} onRetry={() => void list.refetch()} />;
    if (rows.length === 0) {
      return (
        <Empty icon={<RadioTower size={26} aria-hidden="true" />} title={t`No devices yet`} actions={add}>
          <Trans>
            Add the tracker or phone that speaks for a vehicle. You get the exact text to type into it.
          </Trans>
        </Empty>
      );
    }
    return (
      <DataTable
        label={t`Devices`}
        columns={columns}
        choice={NO_CHOICE}
        rows={rows}
        rowId={(row) => row.id}
        onOpen={(row) => onShow({ device: row.id })}
        card={(row) => (
          <DeviceCard device={row} vehicle={row.vehicle_id ? names.get(row.vehicle_id) : undefined} />
        )}
        narrow={narrow}
        hasMore={list.hasNextPage}
        onMore={onMore}
      />
    );
  }

  return (
    <Page
      title={t`Devices`}
      fill
      note={
        list.isSuccess && rows.length > 0 && <Plural value={rows.length} one="# device" other="# devices" />
      }
      actions={add}
    >
      <div className="flex min-h-0 flex-1 flex-col border-t border-line bg-surface">{content()}</div>
      <AddDevice isOpen={mayAdd && adding} onClose={() => onShow({})} />
      <DeviceDrawer device={rows.find((row) => row.id === device)} names={names} onClose={() => onShow({})} />
    </Page>
  );
}

function DeviceCard({ device, vehicle }: { device: Device; vehicle: string | undefined }) {
  return (
    <div className="flex h-full flex-col justify-center gap-1 px-4">
      <span className="truncate text-lg font-semibold">{device.name}</span>
      <span className="truncate font-mono text-sm text-quiet">
        {device.identifiers.map((one) => one.value).join(", ")}
      </span>
      <span className="truncate text-quiet">
        {[vehicle, device.model].filter(Boolean).join(" · ") || NOT_SAID}
      </span>
    </div>
  );
}
