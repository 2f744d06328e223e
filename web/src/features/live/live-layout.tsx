import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { BottomSheet } from "@/features/live/bottom-sheet";
import { useWide } from "@/features/live/use-wide";

interface LiveLayoutProps {
  /** The list. */
  rows: ReactNode;
  /** The selected vehicle, or nothing. */
  panel: ReactNode;
  /** How far the sheet of a phone is raised. */
  rest: number;
  onRest: (rest: number) => void;
  /** How many px of the map the sheet covers. */
  onCover: (px: number) => void;
  /** The map. */
  children: ReactNode;
}

/** List, map and drawer side by side; on a phone the map, and above it a sheet with the list or the vehicle. */
export function LiveLayout({ rows, panel, rest, onRest, onCover, children }: LiveLayoutProps) {
  const { t } = useLingui();
  const wide = useWide();
  return (
    <div className="relative flex h-full min-h-0 overflow-hidden">
      <title>{t`Live · Motorpool`}</title>
      <h1 className="sr-only">{t`Live`}</h1>
      {wide && (
        <section aria-label={t`List of vehicles`} className="w-90 shrink-0 border-r border-line bg-surface">
          {rows}
        </section>
      )}
      <div className="relative min-w-0 flex-1">{children}</div>
      {wide && panel && (
        <aside aria-label={t`Selected vehicle`} className="w-90 shrink-0 border-l border-line bg-surface">
          {panel}
        </aside>
      )}
      {!wide && (
        <BottomSheet
          label={panel ? t`Selected vehicle` : t`List of vehicles`}
          rest={rest}
          onRest={onRest}
          onCover={onCover}
        >
          {panel ?? rows}
        </BottomSheet>
      )}
    </div>
  );
}
