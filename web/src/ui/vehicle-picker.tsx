import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronsUpDown, Search } from "lucide-react";
import { useState } from "react";
import { Autocomplete } from "react-aria-components/Autocomplete";
import { Button } from "react-aria-components/Button";
import { Dialog, DialogTrigger } from "react-aria-components/Dialog";
import { Input } from "react-aria-components/Input";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { TextField } from "react-aria-components/TextField";
import { useApi } from "@/lib/api/api-context";
import { vehicleQuery, vehicleSearchQuery } from "@/lib/api/vehicle-queries";
import { buttonClass } from "@/ui/button";
import { cx } from "@/ui/class-names";
import { useSettled } from "@/ui/use-settled";

interface VehiclePickerProps {
  label: string;
  value: string | null;
  onChange: (vehicleId: string | null) => void;
}

const ITEM =
  "flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-3 outline-none data-[focused]:bg-accent-tint data-[selected]:font-semibold";

/** One of the vehicles, found by its name or plate; or none. */
export function VehiclePicker({ label, value, onChange }: VehiclePickerProps) {
  const { t } = useLingui();
  const api = useApi();
  const [isOpen, setOpen] = useState(false);
  const chosen = useQuery({
    ...vehicleQuery(api, value ?? ""),
    enabled: value !== null,
    refetchInterval: false,
  });
  const name = value === null ? t`No vehicle` : (chosen.data?.name ?? t`…`);
  return (
    <div className="flex flex-col gap-1">
      <span className="font-medium">{label}</span>
      <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
        <Button
          aria-label={t`${label}: ${name}`}
          className={cx(buttonClass("plain"), "w-full justify-between! font-normal!")}
        >
          <span className="truncate">{name}</span>
          <ChevronsUpDown size={18} aria-hidden="true" />
        </Button>
        <Popover
          isNonModal
          placement="bottom start"
          className="w-(--trigger-width) min-w-72 rounded-lg border border-line bg-surface shadow-float"
        >
          <Dialog aria-label={label} className="flex max-h-80 flex-col outline-none">
            <Found
              onChoose={(vehicleId) => {
                onChange(vehicleId);
                setOpen(false);
              }}
            />
          </Dialog>
        </Popover>
      </DialogTrigger>
    </div>
  );
}

function Found({ onChoose }: { onChoose: (vehicleId: string | null) => void }) {
  const { t } = useLingui();
  const [typed, setTyped] = useState("");
  const word = useSettled(typed.trim(), 120);
  const found = useQuery({ ...vehicleSearchQuery(useApi(), word, 20), placeholderData: keepPreviousData });
  return (
    <Autocomplete inputValue={typed} onInputChange={setTyped}>
      {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- it was opened to type in */}
      <TextField aria-label={t`Find a vehicle`} autoFocus className="border-b border-line">
        <div className="flex items-center gap-2 px-3">
          <Search size={18} aria-hidden="true" className="text-quiet" />
          <Input
            placeholder={t`Name or plate`}
            className="min-h-11 flex-1 bg-transparent outline-none placeholder:text-quiet"
          />
        </div>
      </TextField>
      <ListBox
        aria-label={t`Vehicles`}
        className="min-h-0 flex-1 overflow-y-auto p-1 outline-none"
        onAction={(key) => onChoose(key === NO_VEHICLE ? null : String(key))}
        renderEmptyState={() => (
          <p className="p-4 text-center text-quiet">
            <Trans>No vehicle has that name or plate.</Trans>
          </p>
        )}
      >
        {(found.data ?? []).map((vehicle) => (
          <ListBoxItem key={vehicle.id} id={vehicle.id} textValue={vehicle.name} className={ITEM}>
            <span className="flex-1 truncate">{vehicle.name}</span>
            <span className="text-quiet">{vehicle.plate}</span>
          </ListBoxItem>
        ))}
        <ListBoxItem id={NO_VEHICLE} textValue={t`No vehicle`} className={cx(ITEM, "text-quiet")}>
          <Trans>No vehicle</Trans>
        </ListBoxItem>
      </ListBox>
    </Autocomplete>
  );
}

const NO_VEHICLE = "none";
