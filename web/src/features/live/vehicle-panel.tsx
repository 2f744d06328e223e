import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { LocateFixed, Navigation, NavigationOff, X } from "lucide-react";
import { stateOf } from "@/features/live/fleet-order";
import { VehicleFacts } from "@/features/live/vehicle-facts";
import type { LiveVehicle } from "@/realtime/messages";
import type { LiveStore } from "@/realtime/store";
import { useLiveVersion } from "@/realtime/use-live";
import { Button, buttonClass } from "@/ui/button";
import { StateBadge } from "@/ui/state-badge";

interface VehiclePanelProps {
  live: LiveStore;
  vehicle: LiveVehicle;
  following: boolean;
  onCenter: () => void;
  onFollow: (follow: boolean) => void;
  onClose: () => void;
}

/** The vehicle one looks at: who, how it is, and what one can do. */
export function VehiclePanel({ live, vehicle, following, onCenter, onFollow, onClose }: VehiclePanelProps) {
  const { t } = useLingui();
  useLiveVersion(live, "beat");
  const state = stateOf(live, vehicle.no, live.serverNow());
  const heard = state !== "unheard";
  return (
    <section aria-label={vehicle.name} className="flex h-full min-h-0 flex-col overflow-y-auto">
      <header className="flex items-start gap-2 py-3 pr-2 pl-4">
        <div className="flex min-w-0 flex-1 flex-col gap-1.5">
          <h2 className="truncate text-lg font-semibold">{vehicle.name}</h2>
          <div className="flex flex-wrap items-center gap-2">
            <StateBadge state={state} />
            <span className="text-quiet">{vehicle.plate ?? t`No plate`}</span>
          </div>
        </div>
        <Button look="quiet" iconOnly aria-label={t`Close ${vehicle.name}`} onClick={onClose}>
          <X size={20} aria-hidden="true" />
        </Button>
      </header>
      <div className="flex gap-2 px-4 pb-2">
        <Button className="flex-1 px-2" onClick={onCenter} disabled={!heard}>
          <LocateFixed size={18} aria-hidden="true" />
          <Trans>Centre</Trans>
        </Button>
        <Button
          className="flex-1 px-2"
          aria-pressed={following}
          onClick={() => onFollow(!following)}
          disabled={!heard}
        >
          {following ? (
            <NavigationOff size={18} aria-hidden="true" />
          ) : (
            <Navigation size={18} aria-hidden="true" />
          )}
          {following ? <Trans>Stop following</Trans> : <Trans>Follow</Trans>}
        </Button>
      </div>
      <div className="px-4">
        <VehicleFacts live={live} vehicle={vehicle} />
      </div>
      <div className="p-4">
        <Link
          to="/vehicles/$vehicleId"
          params={{ vehicleId: vehicle.id }}
          className={`${buttonClass("primary")} w-full`}
        >
          <Trans>Open vehicle</Trans>
        </Link>
      </div>
    </section>
  );
}
