import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { ConnectTracker } from "@/features/devices/connect-tracker";
import { addDevice, DEVICES_KEY } from "@/features/devices/device-queries";
import { type DeviceValues, deviceOf, identifierFinding, NEW_DEVICE } from "@/features/devices/device-values";
import { useApi } from "@/lib/api/api-context";
import { failedWith } from "@/lib/api/problem";
import type { Device } from "@/lib/api/types";
import { Button } from "@/ui/button";
import { Drawer } from "@/ui/drawer";
import { TextField } from "@/ui/form/field";
import { DraftNote, ErrorSummary } from "@/ui/form/summary";
import { useForm } from "@/ui/form/use-form";
import { VehiclePicker } from "@/ui/vehicle-picker";

interface AddDeviceProps {
  isOpen: boolean;
  onClose: () => void;
  /** The vehicle it is for, when it is added from there. */
  vehicleId?: string;
}

/** Name the tracker, then tell it where to speak: two steps in one drawer. */
export function AddDevice({ isOpen, onClose, vehicleId }: AddDeviceProps) {
  const { t } = useLingui();
  const [made, setMade] = useState<Device | null>(null);
  const close = () => {
    setMade(null);
    onClose();
  };
  return (
    <Drawer title={made ? t`Connect ${made.name}` : t`Add device`} isOpen={isOpen} onClose={close}>
      {made ? (
        <div className="flex flex-col gap-4 p-5">
          <p role="status" className="flex gap-2 rounded-lg bg-moving-tint px-3 py-2 font-medium text-moving">
            <CircleCheck size={18} aria-hidden="true" className="mt-0.5 shrink-0" />
            <Trans>{made.name} is known now. Tell it where to speak:</Trans>
          </p>
          <ConnectTracker identifier={made.identifiers[0]?.value} />
          <Button look="primary" onClick={close}>
            <Trans>Done</Trans>
          </Button>
        </div>
      ) : (
        <DeviceForm vehicleId={vehicleId ?? null} onMade={setMade} onCancel={close} />
      )}
    </Drawer>
  );
}

interface DeviceFormProps {
  vehicleId: string | null;
  onMade: (device: Device) => void;
  onCancel: () => void;
}

function DeviceForm({ vehicleId, onMade, onCancel }: DeviceFormProps) {
  const { t } = useLingui();
  const api = useApi();
  const queries = useQueryClient();
  const [vehicle, setVehicle] = useState(vehicleId);
  const form = useForm<DeviceValues>({
    draftKey: "device.new",
    initial: NEW_DEVICE,
    check: ({ identifier }) => ({
      identifier: {
        missing: t`Enter what the device calls itself.`,
        imei: t`An IMEI's last digit does not fit: one digit is mistyped.`,
        none: undefined,
      }[identifierFinding(identifier) ?? "none"],
    }),
    send: async (values) => {
      const device = await addDevice(api, deviceOf(values, vehicle));
      await queries.invalidateQueries({ queryKey: DEVICES_KEY });
      onMade(device);
    },
    explain: (error) =>
      failedWith(error, 0) ? t`The server does not answer. What you typed is kept.` : null,
  });
  const labels = { identifier: t`Identifier`, name: t`Name`, model: t`Model` };
  return (
    <form noValidate onSubmit={form.submit} className="flex flex-col gap-4 p-5">
      {form.restored && <DraftNote onDiscard={form.discard} />}
      <ErrorSummary errors={form.errors} others={form.others} labels={labels} refusals={form.refusals} />
      <TextField
        label={labels.identifier}
        required
        className="font-mono"
        spellCheck={false}
        hint={t`What it calls itself: a tracker's IMEI (15 digits on its label), a phone app's device identifier`}
        {...form.field("identifier")}
      />
      <TextField
        label={labels.name}
        hint={t`Left empty, it is called by its identifier`}
        {...form.field("name")}
      />
      <TextField label={labels.model} hint={t`Such as FMC130 or Traccar Client`} {...form.field("model")} />
      <VehiclePicker label={t`Vehicle`} value={vehicle} onChange={setVehicle} />
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>
          <Trans>Cancel</Trans>
        </Button>
        <Button type="submit" look="primary" pending={form.pending}>
          {form.pending ? <Trans>Saving …</Trans> : <Trans>Add device</Trans>}
        </Button>
      </div>
    </form>
  );
}
