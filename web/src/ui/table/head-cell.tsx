import { ArrowDown, ArrowUp, ArrowUpDown } from "lucide-react";
import { cx } from "@/ui/class-names";
import { sortOf } from "@/ui/table/columns";

interface HeadCellProps {
  column: { header: string; align?: "right"; sort?: string };
  sort: string | undefined;
  onSort: ((column: string) => void) | undefined;
}

const ICONS = { ascending: ArrowUp, descending: ArrowDown, none: ArrowUpDown };

/** The head of one column; a button where the server can sort by it. */
export function HeadCell({ column, sort, onSort }: HeadCellProps) {
  const key = column.sort;
  const state = sortOf(sort, key);
  const Icon = ICONS[state];
  const right = column.align === "right";
  return (
    <div
      role="columnheader"
      aria-sort={key ? state : undefined}
      className={cx(
        "flex min-h-11 items-center first:pl-1 last:pr-1 md:first:pl-3 md:last:pr-3 text-sm font-semibold text-quiet",
        right && "justify-end",
      )}
    >
      {key && onSort ? (
        <button
          type="button"
          onClick={() => onSort(key)}
          className={cx(
            "flex min-h-11 w-full items-center gap-1.5 px-3 hover:bg-raised focus-visible:-outline-offset-3",
            right && "flex-row-reverse",
            state !== "none" && "text-text",
          )}
        >
          {column.header}
          <Icon size={14} aria-hidden="true" className={state === "none" ? "opacity-60" : ""} />
        </button>
      ) : (
        <span className="px-3">{column.header}</span>
      )}
    </div>
  );
}
