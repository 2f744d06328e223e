import { useLingui } from "@lingui/react/macro";
import type { Counts } from "@/features/live/fleet-order";
import { useUnits } from "@/lib/session";
import { integer } from "@/lib/units";
import { VEHICLE_STATES, type VehicleState } from "@/lib/vehicle-state";
import { cx } from "@/ui/class-names";
import { STATE_WORDS, StateShape } from "@/ui/state-badge";

const COLORS: Record<VehicleState, string> = {
  moving: "text-moving",
  idling: "text-idling",
  stopped: "text-stopped",
  silent: "text-silent",
  unheard: "text-silent",
};

interface StateFilterProps {
  counts: Counts;
  chosen: ReadonlySet<VehicleState>;
  onChange: (states: ReadonlySet<VehicleState>) => void;
}

/** How many vehicles are in which state; a press shows only those. */
export function StateFilter({ counts, chosen, onChange }: StateFilterProps) {
  const { t, i18n } = useLingui();
  const units = useUnits();
  const toggle = (state: VehicleState) => {
    const next = new Set(chosen);
    if (!next.delete(state)) next.add(state);
    onChange(next);
  };
  const shown = VEHICLE_STATES.filter(
    (state) => state !== "unheard" || counts.unheard > 0 || chosen.has(state),
  );
  return (
    <fieldset className="flex gap-1">
      <legend className="sr-only">{t`Show only`}</legend>
      {shown.map((state) => (
        <button
          key={state}
          type="button"
          aria-pressed={chosen.has(state)}
          onClick={() => toggle(state)}
          className={cx(
            "flex min-h-13 min-w-0 flex-auto flex-col items-center justify-center rounded border px-1",
            chosen.has(state) ? "border-accent bg-accent-tint" : "border-line bg-surface hover:bg-raised",
          )}
        >
          <span className={cx("flex items-center gap-1.5 text-base font-semibold", COLORS[state])}>
            <StateShape state={state} size={13} />
            {integer(counts[state], units)}
          </span>
          <span className="max-w-full truncate text-[12px] leading-4 text-quiet">
            {i18n._(STATE_WORDS[state])}
          </span>
        </button>
      ))}
    </fieldset>
  );
}
