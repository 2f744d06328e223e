import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import { useState } from "react";
import { ConnectTracker } from "@/features/devices/connect-tracker";
import { assignDevice, assignmentsQuery, DEVICES_KEY } from "@/features/devices/device-queries";
import { useApi } from "@/lib/api/api-context";
import type { Device } from "@/lib/api/types";
import { can, useLocale, useMe, useZone } from "@/lib/session";
import { absolute } from "@/lib/time";
import { Button } from "@/ui/button";
import { Drawer } from "@/ui/drawer";
import { toast } from "@/ui/toast";
import { VehiclePicker } from "@/ui/vehicle-picker";

interface DeviceDrawerProps {
  device: Device | undefined;
  names: ReadonlyMap<string, string>;
  onClose: () => void;
}

/** One device: what it calls itself, whom it speaks for, since when, and what to type into it. */
export function DeviceDrawer({ device, names, onClose }: DeviceDrawerProps) {
  const me = useMe();
  return (
    <Drawer title={device?.name ?? ""} isOpen={device !== undefined} onClose={onClose}>
      {device && (
        <div className="flex flex-col gap-6 p-5">
          <Identifiers device={device} />
          {can(me, "devices.write") && <Assign key={device.vehicle_id} device={device} />}
          <History device={device} names={names} />
          <section>
            <h3 className="mb-2 font-semibold">
              <Trans>Connect it</Trans>
            </h3>
            <ConnectTracker identifier={device.identifiers[0]?.value} />
          </section>
        </div>
      )}
    </Drawer>
  );
}

function Identifiers({ device }: { device: Device }) {
  return (
    <section>
      <h3 className="mb-2 font-semibold">
        <Trans>Identifier</Trans>
      </h3>
      <ul className="flex flex-col gap-1">
        {device.identifiers.map((identifier) => (
          <li key={identifier.value}>
            <span className="font-mono">{identifier.value}</span>
            {!identifier.on_ports && (
              <span className="mt-1 flex gap-2 rounded-lg bg-idling-tint px-3 py-2 text-idling">
                <TriangleAlert size={18} aria-hidden="true" className="mt-0.5 shrink-0" />
                <Trans>
                  Another company uses this name on the device ports. It works through the API only.
                </Trans>
              </span>
            )}
          </li>
        ))}
      </ul>
      {device.model && <p className="mt-1 text-quiet">{device.model}</p>}
    </section>
  );
}

function Assign({ device }: { device: Device }) {
  const { t } = useLingui();
  const api = useApi();
  const queries = useQueryClient();
  const [vehicle, setVehicle] = useState(device.vehicle_id);
  const [source, setSource] = useState(true);
  const assigning = useMutation({
    mutationFn: () => assignDevice(api, device.id, vehicle, source),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: DEVICES_KEY });
      toast("done", t`From now on ${device.name} speaks for it.`);
    },
    onError: (error) => toast("failed", error.message || t`This could not be saved. Try again.`),
  });
  return (
    <section className="flex flex-col gap-3">
      <VehiclePicker label={t`Vehicle`} value={vehicle} onChange={setVehicle} />
      {vehicle !== device.vehicle_id && (
        <>
          {vehicle !== null && (
            <label className="flex min-h-11 cursor-pointer items-center gap-3">
              <input
                type="checkbox"
                checked={source}
                onChange={(event) => setSource(event.target.checked)}
                className="size-5 accent-(--accent)"
              />
              <Trans>Its place moves the vehicle on the map</Trans>
            </label>
          )}
          <div className="flex gap-2">
            <Button look="primary" pending={assigning.isPending} onClick={() => assigning.mutate()}>
              <Trans>Assign from now on</Trans>
            </Button>
            <Button onClick={() => setVehicle(device.vehicle_id)}>
              <Trans>Keep as it is</Trans>
            </Button>
          </div>
        </>
      )}
    </section>
  );
}

function History({ device, names }: { device: Device; names: ReadonlyMap<string, string> }) {
  const { t } = useLingui();
  const zone = useZone();
  const locale = useLocale();
  const history = useQuery(assignmentsQuery(useApi(), device.id));
  if (!history.data?.length) return null;
  return (
    <section>
      <h3 className="mb-2 font-semibold">
        <Trans>History</Trans>
      </h3>
      <ol className="flex flex-col gap-1">
        {history.data.toReversed().map((one) => (
          <li key={one.from} className="flex justify-between gap-3">
            {one.vehicle_id ? (
              <Link
                to="/vehicles/$vehicleId"
                params={{ vehicleId: one.vehicle_id }}
                className="font-medium underline"
              >
                {names.get(one.vehicle_id) ?? t`A vehicle`}
              </Link>
            ) : (
              <span className="text-quiet">{t`No vehicle`}</span>
            )}
            <span className="text-right text-quiet">{t`from ${absolute(one.from, zone, locale)}`}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
