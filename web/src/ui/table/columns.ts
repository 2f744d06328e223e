import type { ReactNode } from "react";

/** One column of a table; `id` is stable, it is what a reader's choice remembers. */
export interface Column<Row> {
  id: string;
  header: string;
  /** Width as a track of the grid: `minmax(160px, 2fr)`, `120px`. */
  width: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the right. */
  align?: "right";
  /** What the server sorts by; absent: this column cannot be sorted. */
  sort?: string;
  /** Always shown. */
  fixed?: true;
  /** Hidden until it is chosen. */
  extra?: true;
}

type Choice = Readonly<Record<string, boolean>>;

const KEY = "motorpool.columns.";

/** Which columns show: the reader's choice where it still fits, else what the table is made with. */
export function columnsShown<Row>(columns: readonly Column<Row>[], choice: Choice): Record<string, boolean> {
  return Object.fromEntries(
    columns.map((column) => [column.id, column.fixed ? true : (choice[column.id] ?? !column.extra)]),
  );
}

/** The choice kept on this device for this table; anything unreadable is no choice. */
export function readChoice(table: string): Choice {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY + table) ?? "{}");
    if (typeof stored !== "object" || stored === null) return {};
    return Object.fromEntries(Object.entries(stored).filter(([, shown]) => typeof shown === "boolean"));
  } catch {
    return {};
  }
}

export function keepChoice(table: string, choice: Choice): void {
  localStorage.setItem(KEY + table, JSON.stringify(choice));
}

/** The sort after a press on a column: first upwards, then downwards, then upwards again. */
export function nextSort(current: string | undefined, column: string): string {
  return current === column ? `-${column}` : column;
}

/** How a column stands in the current sort, in the words of `aria-sort`. */
export function sortOf(
  current: string | undefined,
  column: string | undefined,
): "ascending" | "descending" | "none" {
  if (!column || !current) return "none";
  if (current === column) return "ascending";
  return current === `-${column}` ? "descending" : "none";
}

/** The row a key leads to from `current` of `count`, or null when the key is not for rows. */
export function rowAfterKey(key: string, current: number, count: number, page: number): number | null {
  const to: Readonly<Record<string, number>> = {
    ArrowDown: current + 1,
    ArrowUp: current - 1,
    PageDown: current + page,
    PageUp: current - page,
    Home: 0,
    End: count - 1,
  };
  const wanted = to[key];
  return wanted === undefined || count === 0 ? null : Math.max(0, Math.min(count - 1, wanted));
}
