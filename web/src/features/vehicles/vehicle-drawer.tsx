import { useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { addVehicle, changeVehicle } from "@/features/vehicles/save-vehicle";
import { VehicleForm } from "@/features/vehicles/vehicle-form";
import { NEW_VEHICLE, valuesOf } from "@/features/vehicles/vehicle-values";
import { useApi } from "@/lib/api/api-context";
import { failedWith } from "@/lib/api/problem";
import type { Vehicle } from "@/lib/api/types";
import { FLEETS_KEY, VEHICLES_KEY } from "@/lib/api/vehicle-queries";
import { Drawer } from "@/ui/drawer";
import { toast } from "@/ui/toast";

interface AddVehicleProps {
  isOpen: boolean;
  onClose: () => void;
  onAdded: (vehicle: Vehicle) => void;
}

/** What no field can say. */
function useExplain(): (error: unknown) => string | null {
  const { t } = useLingui();
  return (error) => {
    if (failedWith(error, 0))
      return t`The server does not answer. What you typed is kept; save again when it is back.`;
    if (failedWith(error, 412)) {
      return t`Somebody changed this vehicle while you were typing. What you typed is kept: save again to put your changes on top of theirs.`;
    }
    return null;
  };
}

export function AddVehicle({ isOpen, onClose, onAdded }: AddVehicleProps) {
  const { t } = useLingui();
  const api = useApi();
  const queries = useQueryClient();
  const explain = useExplain();
  return (
    <Drawer title={t`Add vehicle`} isOpen={isOpen} onClose={onClose}>
      <VehicleForm
        draftKey="vehicle.new"
        initial={NEW_VEHICLE}
        verb={t`Add vehicle`}
        explain={explain}
        onCancel={onClose}
        send={async (values) => {
          const vehicle = await addVehicle(api, values);
          await queries.invalidateQueries({ queryKey: VEHICLES_KEY });
          void queries.invalidateQueries({ queryKey: FLEETS_KEY });
          onAdded(vehicle);
        }}
      />
    </Drawer>
  );
}

interface EditVehicleProps {
  vehicle: Vehicle;
  isOpen: boolean;
  onClose: () => void;
}

/** Changes go on top of the newest version; a conflict is told, and what was typed is kept. */
export function EditVehicle({ vehicle, isOpen, onClose }: EditVehicleProps) {
  const { t } = useLingui();
  return (
    <Drawer title={t`Edit ${vehicle.name}`} isOpen={isOpen} onClose={onClose}>
      <EditForm vehicle={vehicle} onClose={onClose} />
    </Drawer>
  );
}

function EditForm({ vehicle, onClose }: Omit<EditVehicleProps, "isOpen">) {
  const { t } = useLingui();
  const api = useApi();
  const queries = useQueryClient();
  const explain = useExplain();
  // As it was when the form opened: refreshes in between do not move under what is typed.
  const [opened] = useState({ values: valuesOf(vehicle), version: vehicle.version });
  const [version, setVersion] = useState(opened.version);
  return (
    <VehicleForm
      draftKey={`vehicle.${vehicle.id}`}
      initial={opened.values}
      verb={t`Save`}
      explain={explain}
      onCancel={onClose}
      send={async (values) => {
        try {
          await changeVehicle(api, vehicle.id, version, opened.values, values);
        } catch (error) {
          if (failedWith(error, 412)) {
            const newest = await api.get<Vehicle>(`/vehicles/${vehicle.id}`);
            setVersion(newest.version);
          }
          throw error;
        }
        await queries.invalidateQueries({ queryKey: VEHICLES_KEY });
        void queries.invalidateQueries({ queryKey: FLEETS_KEY });
        toast("done", t`${values.name} is saved.`);
        onClose();
      }}
    />
  );
}
