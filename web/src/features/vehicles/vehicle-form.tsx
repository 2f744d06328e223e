import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { FleetField } from "@/features/vehicles/fleet-field";
import { useVehicleCheck } from "@/features/vehicles/use-vehicle-check";
import type { VehicleValues } from "@/features/vehicles/vehicle-values";
import { checkDigit, tidyVin, vinFinding } from "@/features/vehicles/vin";
import { FUELS, KINDS, STATUSES } from "@/features/vehicles/words";
import { Button } from "@/ui/button";
import { SelectField, TextField } from "@/ui/form/field";
import { DraftNote, ErrorSummary } from "@/ui/form/summary";
import { useForm } from "@/ui/form/use-form";

interface VehicleFormProps {
  draftKey: string;
  initial: VehicleValues;
  verb: string;
  send: (values: VehicleValues) => Promise<void>;
  explain: (error: unknown) => string | null;
  onCancel: () => void;
}

/** A vehicle's papers, one column. What is typed survives a reload. */
export function VehicleForm({ draftKey, initial, verb, send, explain, onCancel }: VehicleFormProps) {
  const { t, i18n } = useLingui();
  const form = useForm({ draftKey, initial, check: useVehicleCheck(), send, explain });
  const labels = {
    name: t`Name`,
    plate: t`Plate`,
    vin: t`VIN`,
    kind: t`Kind`,
    make: t`Make`,
    model: t`Model`,
    year: t`Year`,
    fuel_type: t`Fuel`,
    fleet_id: t`Fleet`,
    status: t`Status`,
  };
  return (
    <form noValidate onSubmit={form.submit} className="flex flex-col gap-4 p-5">
      {form.restored && <DraftNote onDiscard={form.discard} />}
      <ErrorSummary errors={form.errors} others={form.others} labels={labels} refusals={form.refusals} />
      <TextField
        label={labels.name}
        required
        hint={t`As people call it: Van 12, Anna's bus`}
        {...form.field("name")}
      />
      <TextField label={labels.plate} autoCapitalize="characters" {...form.field("plate")} />
      <TextField
        label={labels.vin}
        autoCapitalize="characters"
        spellCheck={false}
        className="font-mono uppercase"
        hint={<VinHint typed={form.values.vin} />}
        {...form.field("vin")}
      />
      <Pair>
        <SelectField label={labels.kind} {...form.field("kind")}>
          <Options words={KINDS} translate={(word) => i18n._(word)} />
        </SelectField>
        <SelectField label={labels.fuel_type} {...form.field("fuel_type")}>
          <Options words={FUELS} translate={(word) => i18n._(word)} />
        </SelectField>
      </Pair>
      <Pair>
        <TextField label={labels.make} {...form.field("make")} />
        <TextField label={labels.model} {...form.field("model")} />
      </Pair>
      <Pair>
        <TextField label={labels.year} inputMode="numeric" maxLength={4} {...form.field("year")} />
        <SelectField label={labels.status} {...form.field("status")}>
          <Options words={STATUSES} translate={(word) => i18n._(word)} />
        </SelectField>
      </Pair>
      <FleetField {...form.field("fleet_id")} />
      <div className="sticky bottom-0 -mx-5 -mb-5 flex justify-end gap-2 border-t border-line bg-surface px-5 py-3">
        <Button onClick={onCancel}>
          <Trans>Cancel</Trans>
        </Button>
        <Button type="submit" look="primary" pending={form.pending}>
          {form.pending ? <Trans>Saving …</Trans> : verb}
        </Button>
      </div>
    </form>
  );
}

function Pair({ children }: { children: ReactNode }) {
  return <div className="grid grid-cols-2 items-start gap-3">{children}</div>;
}

interface OptionsProps<Word> {
  words: Readonly<Record<string, Word>>;
  translate: (word: Word) => string;
}

function Options<Word>({ words, translate }: OptionsProps<Word>) {
  return Object.entries(words).map(([value, word]) => (
    <option key={value} value={value}>
      {translate(word)}
    </option>
  ));
}

/** Counts while one types, and says when a VIN is right. */
function VinHint({ typed }: { typed: string }) {
  const vin = tidyVin(typed);
  if (vin.length === 17 && !vinFinding(vin)) {
    const proven = vin[8] === checkDigit(vin);
    return (
      <span className="font-medium text-moving">
        {proven ? <Trans>17 of 17, the check digit fits</Trans> : <Trans>17 of 17</Trans>}
      </span>
    );
  }
  return (
    <span className="tabular-nums">
      <Trans>17 characters, on the registration; {vin.length} so far</Trans>
    </span>
  );
}
