/** The live picture, filtered, as the map takes it. */

import { maskOf } from "@/features/live/fleet-order";
import type { FleetSource } from "@/map/fleet-columns";
import type { LiveStore } from "@/realtime/store";

/** `numbers`: who is shown; null shows everybody. */
export function fleetSource(live: LiveStore, numbers: ReadonlySet<number> | null): FleetSource {
  const { positions } = live;
  let mask: Uint8Array | null = null;
  let of = { layout: -1, size: -1 };
  return {
    columns: positions,
    serverNow: () => live.serverNow(),
    nameOf: (vehicleNo) => live.byNo.get(vehicleNo)?.name ?? "",
    shown: () => {
      if (numbers === null) return null;
      if (!mask || of.layout !== positions.layout || of.size !== positions.size) {
        mask = maskOf(positions, numbers);
        of = { layout: positions.layout, size: positions.size };
      }
      return mask;
    },
    onPositions: (changed) => live.subscribe("positions", changed),
  };
}
