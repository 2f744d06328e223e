import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronsUpDown, Search } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { Autocomplete } from "react-aria-components/Autocomplete";
import { Input } from "react-aria-components/Input";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { TextField } from "react-aria-components/TextField";
import { useApi } from "@/lib/api/api-context";
import { vehicleQuery, vehicleSearchQuery } from "@/lib/api/vehicle-queries";
import { Button } from "@/ui/button";
import { cx } from "@/ui/class-names";
import { useSettled } from "@/ui/use-settled";

interface VehiclePickerProps {
  label: string;
  value: string | null;
  onChange: (vehicleId: string | null) => void;
}

const ITEM =
  "flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-3 outline-none data-[focused]:bg-accent-tint data-[selected]:font-semibold";

/** One of the vehicles, found by its name or plate; or none. Opens in place, so that it works within drawers. */
export function VehiclePicker({ label, value, onChange }: VehiclePickerProps) {
  const { t } = useLingui();
  const api = useApi();
  const [isOpen, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const chosen = useQuery({
    ...vehicleQuery(api, value ?? ""),
    enabled: value !== null,
    refetchInterval: false,
  });
  const name = value === null ? t`No vehicle` : (chosen.data?.name ?? "…");

  function close(): void {
    setOpen(false);
    opener.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Escape" || !isOpen) return;
    // It closes the list, not the drawer around it.
    event.stopPropagation();
    close();
  }

  return (
    <div className="flex flex-col gap-1" onKeyDownCapture={onKeyDown} role="group" aria-label={label}>
      <span className="font-medium">{label}</span>
      <Button
        ref={opener}
        aria-label={t`${label}: ${name}`}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="w-full justify-between! font-normal!"
      >
        <span className="truncate">{name}</span>
        <ChevronsUpDown size={18} aria-hidden="true" />
      </Button>
      {isOpen && (
        <div className="rounded-lg border border-line-strong">
          <Found
            onChoose={(vehicleId) => {
              onChange(vehicleId);
              close();
            }}
          />
        </div>
      )}
    </div>
  );
}

/** So few that the list needs no scrolling: a better word is faster. */
const AT_MOST = 6;

function Found({ onChoose }: { onChoose: (vehicleId: string | null) => void }) {
  const { t } = useLingui();
  const [typed, setTyped] = useState("");
  const word = useSettled(typed.trim(), 120);
  const found = useQuery({
    ...vehicleSearchQuery(useApi(), word, AT_MOST),
    placeholderData: keepPreviousData,
  });
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
        className="p-1 outline-none"
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
