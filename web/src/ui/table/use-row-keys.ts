import { type KeyboardEvent, useState } from "react";
import { rowAfterKey } from "@/ui/table/columns";

interface RowKeys {
  count: number;
  scrollTo: (index: number) => void;
  onOpen: (index: number) => void;
}

const PAGE = 10;
/** How many frames a far row may take to come into being. */
const FRAMES = 30;

function focusRow(grid: HTMLElement, index: number, frames: number): void {
  const row = grid.querySelector<HTMLElement>(`[data-row="${index}"]`);
  if (row) row.focus({ preventScroll: true });
  else if (frames > 0) requestAnimationFrame(() => focusRow(grid, index, frames - 1));
}

/** One row of a grid holds the focus; arrows, Page, Home and End move it, Enter opens it. */
export function useRowKeys({ count, scrollTo, onOpen }: RowKeys) {
  const [current, setCurrent] = useState(0);

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-row]");
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const here = Number(row.dataset["row"]);
    if (event.key === "Enter" && event.target === row) {
      event.preventDefault();
      return onOpen(here);
    }
    const to = rowAfterKey(event.key, here, count, PAGE);
    if (to === null) return;
    event.preventDefault();
    const grid = event.currentTarget;
    setCurrent(to);
    scrollTo(to);
    focusRow(grid, to, FRAMES);
  }

  return { current: Math.min(current, Math.max(0, count - 1)), setCurrent, onKeyDown };
}
