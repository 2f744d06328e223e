import { useLingui } from "@lingui/react/macro";
import { ageOf, stateOf } from "@/features/live/fleet-order";
import { useUnits } from "@/lib/session";
import { relative } from "@/lib/time";
import { speed } from "@/lib/units";
import type { VehicleState } from "@/lib/vehicle-state";
import type { LiveStore } from "@/realtime/store";
import { useLiveVersion } from "@/realtime/use-live";
import { cx } from "@/ui/class-names";
import { STATE_WORDS, StateShape } from "@/ui/state-badge";

export const ROW_PX = 56;
const TONES: Record<VehicleState, string> = {
  moving: "bg-moving-tint text-moving",
  idling: "bg-idling-tint text-idling",
  stopped: "bg-stopped-tint text-stopped",
  silent: "bg-silent-tint text-silent",
  unheard: "bg-silent-tint text-silent",
};

interface ListRowProps {
  live: LiveStore;
  vehicleNo: number;
  /** For assistive technology: its place among all rows, also those not rendered. */
  position: number;
  total: number;
  top: number;
  selected: boolean;
  active: boolean;
  onSelect: (vehicleNo: number) => void;
  onHover: (vehicleNo: number | null) => void;
}

/** One vehicle of the list; it changes in place once a second. */
export function ListRow({
  live,
  vehicleNo,
  position,
  total,
  top,
  selected,
  active,
  onSelect,
  onHover,
}: ListRowProps) {
  const { t, i18n } = useLingui();
  const units = useUnits();
  useLiveVersion(live, "beat");
  const vehicle = live.byNo.get(vehicleNo);
  const now = live.serverNow();
  const state = stateOf(live, vehicleNo, now);
  const slot = live.positions.slotOf(vehicleNo);
  const fast = state === "moving" && slot >= 0;
  const age = ageOf(live, vehicleNo, now);
  const locale = document.documentElement.lang || undefined;
  return (
    <div
      id={`vehicle-${vehicleNo}`}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      aria-posinset={position}
      aria-setsize={total}
      onClick={() => onSelect(vehicleNo)}
      onKeyDown={(event) => event.key === "Enter" && onSelect(vehicleNo)}
      onPointerEnter={() => onHover(vehicleNo)}
      onPointerLeave={() => onHover(null)}
      style={{ height: ROW_PX, transform: `translateY(${top}px)` }}
      className={cx(
        "absolute inset-x-0 top-0 flex cursor-pointer items-center gap-3 border-l-4 px-3",
        selected ? "border-accent bg-accent-tint" : "border-transparent hover:bg-raised",
        active && !selected && "bg-raised",
      )}
    >
      <span className={cx("grid size-8 shrink-0 place-items-center rounded-full", TONES[state])}>
        <StateShape state={state} size={14} />
      </span>
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="truncate font-medium">{vehicle?.name}</span>
        <span className="truncate text-sm text-quiet">{vehicle?.plate ?? t`No plate`}</span>
      </span>
      <span className="flex shrink-0 flex-col items-end">
        <span className="font-medium">
          {fast
            ? speed(speedOf(live.positions.speedCmps[slot] as number), units)
            : i18n._(STATE_WORDS[state])}
          {fast && <span className="sr-only">, {i18n._(STATE_WORDS[state])}</span>}
        </span>
        <span className="text-sm text-quiet">
          {Number.isFinite(age) ? relative(now - age, now, locale) : ""}
        </span>
      </span>
    </div>
  );
}

const SPEED_NOT_SAID = 0xffff;

/** Speed of the columns in m/s, or null where the device did not say it. */
export function speedOf(cmps: number): number | null {
  return cmps === SPEED_NOT_SAID ? null : cmps / 100;
}
