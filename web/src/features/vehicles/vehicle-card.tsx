import { VehicleSpeed, VehicleStateBadge } from "@/features/vehicles/vehicle-columns";
import type { Vehicle } from "@/lib/api/types";
import { useUnits } from "@/lib/session";
import { odometer } from "@/lib/units";
import { RelativeTime } from "@/ui/relative-time";

/** One vehicle on a phone: who, how, since when. */
export function VehicleCard({ vehicle }: { vehicle: Vehicle }) {
  const units = useUnits();
  const { latest } = vehicle;
  const model = [vehicle.plate, vehicle.make, vehicle.model].filter(Boolean).join(" · ");
  return (
    <div className="flex h-full flex-col justify-center gap-1.5 px-4">
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate text-lg font-semibold">{vehicle.name}</span>
        <VehicleStateBadge vehicle={vehicle} />
      </div>
      <p className="truncate text-quiet">{model || "–"}</p>
      <div className="flex items-center gap-4 text-quiet">
        {latest && (
          <>
            <RelativeTime at={latest.at} />
            <VehicleSpeed vehicle={vehicle} />
            <span className="ml-auto">{odometer(latest.odometer_m, units)}</span>
          </>
        )}
      </div>
    </div>
  );
}
