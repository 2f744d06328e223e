import type { ReactNode } from "react";
import { cx } from "@/ui/class-names";

interface GridRowProps {
  index: number;
  /** Distance from the top of the list, px. */
  start: number;
  height: number;
  /** The grid's columns; null on a narrow screen, where a row is one card. */
  tracks: string | null;
  /** The one row that Tab reaches. */
  reachable: boolean;
  onFocus: () => void;
  onOpen: () => void;
  children: ReactNode;
}

/** One row at its place in the long list. */
export function GridRow({
  index,
  start,
  height,
  tracks,
  reachable,
  onFocus,
  onOpen,
  children,
}: GridRowProps) {
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the grid hears Enter for its rows
    <div
      role="row"
      aria-rowindex={index + 2}
      data-row={index}
      tabIndex={reachable ? 0 : -1}
      onFocus={onFocus}
      onClick={onOpen}
      className={cx(
        "absolute inset-x-0 top-0 cursor-pointer border-b border-line bg-surface hover:bg-raised focus-visible:-outline-offset-3",
        tracks && "grid items-center",
      )}
      style={{ height, transform: `translateY(${start}px)`, gridTemplateColumns: tracks ?? undefined }}
    >
      {children}
    </div>
  );
}
