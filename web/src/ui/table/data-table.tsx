import { columnVisibilityFeature, createColumnHelper, tableFeatures, useTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useMemo, useRef } from "react";
import { cx } from "@/ui/class-names";
import { type Column, columnsShown } from "@/ui/table/columns";
import { GridRow } from "@/ui/table/grid-row";
import { HeadCell } from "@/ui/table/head-cell";
import { useRowKeys } from "@/ui/table/use-row-keys";

const features = tableFeatures({ columnVisibilityFeature });
const ROW_PX = 48;
const CARD_PX = 112;

export interface DataTableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  /** Columns switched on or off by the reader. */
  choice: Readonly<Record<string, boolean>>;
  rows: readonly Row[];
  rowId: (row: Row) => string;
  onOpen: (row: Row) => void;
  /** One row on a narrow screen. */
  card: (row: Row) => ReactNode;
  narrow: boolean;
  sort?: string | undefined;
  onSort?: (column: string) => void;
  /** There are rows on the server that have not been asked for. */
  hasMore: boolean;
  onMore: () => void;
}

/** Thousands of rows: only those in sight exist. A grid with keys on a desk, a list of cards on a phone. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, rows, narrow, hasMore, onMore } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const table = useModel(props);
  const tableRows = table.getRowModel().rows;
  const virtual = useVirtualizer({
    count: tableRows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (narrow ? CARD_PX : ROW_PX),
    getItemKey: (index) => tableRows[index]?.id ?? index,
    overscan: 12,
  });
  useEffect(() => virtual.measure(), [virtual, narrow]);

  const items = virtual.getVirtualItems();
  const end = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (hasMore && end >= rows.length - 20) onMore();
  }, [hasMore, end, rows.length, onMore]);

  const keys = useRowKeys({
    count: tableRows.length,
    scrollTo: virtual.scrollToIndex,
    onOpen: (index) => open(index),
  });
  function open(index: number): void {
    const row = tableRows[index];
    if (row) props.onOpen(row.original);
  }

  const shown = table.getVisibleLeafColumns().map((column) => column.id);
  const shownColumns = columns.filter((column) => shown.includes(column.id));
  const tracks = shownColumns.map((column) => column.width).join(" ");
  const right = new Set(shownColumns.filter((column) => column.align === "right").map((column) => column.id));

  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-auto">
      <div
        role="grid"
        tabIndex={-1}
        aria-label={props.label}
        aria-rowcount={hasMore ? -1 : tableRows.length + 1}
        aria-colcount={shown.length}
        className={narrow ? "" : "w-full min-w-max"}
        onKeyDown={keys.onKeyDown}
      >
        {!narrow && (
          <div
            role="row"
            aria-rowindex={1}
            className="sticky top-0 z-10 grid border-b border-line bg-surface"
            style={{ gridTemplateColumns: tracks }}
          >
            {shownColumns.map((column) => (
              <HeadCell key={column.id} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </div>
        )}
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = tableRows[item.index];
            return row ? (
              <GridRow
                key={row.id}
                index={item.index}
                start={item.start}
                height={item.size}
                tracks={narrow ? null : tracks}
                reachable={item.index === keys.current}
                onFocus={() => keys.setCurrent(item.index)}
                onOpen={() => open(item.index)}
              >
                {narrow ? (
                  <div role="gridcell" className="h-full">
                    {props.card(row.original)}
                  </div>
                ) : (
                  row.getVisibleCells().map((cell) => (
                    // oxlint-disable-next-line jsx-a11y/control-has-associated-label -- its content names it
                    <div
                      key={cell.id}
                      role="gridcell"
                      className={cx(
                        "truncate px-3 first:pl-4 last:pr-4 md:first:pl-6 md:last:pr-6",
                        right.has(cell.column.id) && "text-right",
                      )}
                    >
                      <table.FlexRender cell={cell} />
                    </div>
                  ))
                )}
              </GridRow>
            ) : null;
          })}
        </div>
      </div>
    </div>
  );
}

function useModel<Row>({ columns, choice, rows, rowId }: DataTableProps<Row>) {
  const definitions = useMemo(() => {
    const helper = createColumnHelper<typeof features, Row & object>();
    return helper.columns(
      columns.map((column) =>
        helper.display({
          id: column.id,
          header: column.header,
          cell: (context) => column.cell(context.row.original),
        }),
      ),
    );
  }, [columns]);
  const columnVisibility = useMemo(() => columnsShown(columns, choice), [columns, choice]);
  return useTable({
    features,
    columns: definitions,
    data: rows as readonly (Row & object)[],
    getRowId: (row) => rowId(row),
    state: { columnVisibility },
  });
}
