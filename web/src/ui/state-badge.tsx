import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import type { MessageDescriptor } from "@lingui/core";
import type { VehicleState } from "@/lib/vehicle-state";
import { cx } from "@/ui/class-names";

export const STATE_WORDS: Record<VehicleState, MessageDescriptor> = {
  moving: msg`Moving`,
  idling: msg`Idling`,
  stopped: msg`Stopped`,
  silent: msg`Silent`,
  unheard: msg`Never heard`,
};

const TONES: Record<VehicleState, string> = {
  moving: "text-moving bg-moving-tint",
  idling: "text-idling bg-idling-tint",
  stopped: "text-stopped bg-stopped-tint",
  silent: "text-silent bg-silent-tint",
  unheard: "text-silent bg-silent-tint",
};

/** The symbol of a state: arrow, pause, square, struck ring, dashed ring. The map draws the same shapes. */
export function StateShape({ state, size = 14 }: { state: VehicleState; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" className="shrink-0">
      {state === "moving" && <path d="M8 1 14 14.5 8 11.5 2 14.5Z" fill="currentColor" />}
      {state === "idling" && <path d="M3 2h3.6v12H3zM9.4 2H13v12H9.4z" fill="currentColor" />}
      {state === "stopped" && <rect x="2.5" y="2.5" width="11" height="11" rx="1.5" fill="currentColor" />}
      {state === "silent" && (
        <path
          d="M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM3.5 12.5l9-9"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
        />
      )}
      {state === "unheard" && (
        <circle
          cx="8"
          cy="8"
          r="5.5"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          strokeDasharray="3 2.8"
        />
      )}
    </svg>
  );
}

/** A vehicle's state by shape, colour and word. */
export function StateBadge({ state, className }: { state: VehicleState; className?: string }) {
  const { i18n } = useLingui();
  return (
    <span
      className={cx(
        "inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 text-sm font-medium whitespace-nowrap",
        TONES[state],
        className,
      )}
    >
      <StateShape state={state} size={12} />
      {i18n._(STATE_WORDS[state])}
    </span>
  );
}
