import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { addFleet } from "@/features/vehicles/save-vehicle";
import { useApi } from "@/lib/api/api-context";
import { FLEETS_KEY, fleetsQuery } from "@/lib/api/vehicle-queries";
import { Button } from "@/ui/button";
import { SelectField, TextField } from "@/ui/form/field";

interface FleetFieldProps {
  id: string;
  name: string;
  value: string;
  error: string | undefined;
  onChange: (fleetId: string) => void;
}

/** The fleet of a vehicle; a new one is made where it is missed. */
export function FleetField(props: FleetFieldProps) {
  const { t } = useLingui();
  const fleets = useQuery(fleetsQuery(useApi())).data ?? [];
  const [making, setMaking] = useState(false);
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-end gap-2">
        <div className="min-w-0 flex-1">
          <SelectField label={t`Fleet`} {...props}>
            <option value="">{t`No fleet`}</option>
            {fleets.map((fleet) => (
              <option key={fleet.id} value={fleet.id}>
                {fleet.name}
              </option>
            ))}
          </SelectField>
        </div>
        <Button aria-expanded={making} onClick={() => setMaking(!making)}>
          <Plus size={18} aria-hidden="true" />
          <Trans>New fleet</Trans>
        </Button>
      </div>
      {making && (
        <NewFleet
          onMade={(fleetId) => {
            setMaking(false);
            props.onChange(fleetId);
          }}
        />
      )}
    </div>
  );
}

function NewFleet({ onMade }: { onMade: (fleetId: string) => void }) {
  const { t } = useLingui();
  const api = useApi();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const making = useMutation({
    mutationFn: () => addFleet(api, name.trim()),
    onSuccess: async (fleet) => {
      await queries.invalidateQueries({ queryKey: FLEETS_KEY });
      onMade(fleet.id);
    },
  });

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Enter") return;
    // It stands inside the vehicle's form, which Enter would send.
    event.preventDefault();
    if (name.trim()) making.mutate();
  }

  return (
    <div className="flex items-end gap-2 rounded-lg bg-raised p-3">
      <div className="min-w-0 flex-1" onKeyDown={onKeyDown} role="presentation">
        <TextField
          label={t`Name of the new fleet`}
          name="new-fleet"
          value={name}
          onChange={setName}
          error={making.error?.message}
        />
      </div>
      <Button pending={making.isPending} disabled={!name.trim()} onClick={() => making.mutate()}>
        <Trans>Make fleet</Trans>
      </Button>
    </div>
  );
}
