import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus, RadioTower } from "lucide-react";
import { useState } from "react";
import { AddDevice } from "@/features/devices/add-device";
import { devicesOfQuery } from "@/features/devices/device-queries";
import { useApi } from "@/lib/api/api-context";
import { can, useMe } from "@/lib/session";
import { Button } from "@/ui/button";
import { Card } from "@/ui/page";
import { Skeleton } from "@/ui/states";

/** The devices that speak for a vehicle now. */
export function VehicleDevices({ vehicleId }: { vehicleId: string }) {
  const me = useMe();
  const mayRead = can(me, "devices.read");
  const [adding, setAdding] = useState(false);
  const devices = useQuery({ ...devicesOfQuery(useApi(), vehicleId), enabled: mayRead });
  if (!mayRead) return null;
  const now = devices.data?.filter((device) => device.vehicle_id === vehicleId) ?? [];
  return (
    <Card
      title={<Trans>Devices</Trans>}
      actions={
        can(me, "devices.write") && (
          <Button look="quiet" onClick={() => setAdding(true)}>
            <Plus size={18} aria-hidden="true" />
            <Trans>Connect a tracker</Trans>
          </Button>
        )
      }
    >
      {devices.isPending && <Skeleton lines={2} />}
      {devices.isSuccess && now.length === 0 && (
        <p className="p-4 text-quiet">
          <Trans>No device speaks for this vehicle now.</Trans>
        </p>
      )}
      <ul>
        {now.map((device) => (
          <li key={device.id}>
            <Link
              to="/devices"
              search={{ device: device.id }}
              className="flex min-h-13 items-center gap-3 px-4 hover:bg-raised"
            >
              <RadioTower size={18} aria-hidden="true" className="text-quiet" />
              <span className="min-w-0 flex-1 truncate font-medium">{device.name}</span>
              <span className="text-quiet">{device.model}</span>
            </Link>
          </li>
        ))}
      </ul>
      <AddDevice isOpen={adding} onClose={() => setAdding(false)} vehicleId={vehicleId} />
    </Card>
  );
}
