import { Trans, useLingui } from "@lingui/react/macro";
import { Columns3 } from "lucide-react";
import { Button } from "react-aria-components/Button";
import { Dialog, DialogTrigger } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";
import { buttonClass } from "@/ui/button";
import { type Column, columnsShown } from "@/ui/table/columns";

interface ColumnChooserProps<Row> {
  columns: readonly Column<Row>[];
  choice: Readonly<Record<string, boolean>>;
  onChoose: (choice: Record<string, boolean>) => void;
}

/** Which columns the table shows; remembered on this device. */
export function ColumnChooser<Row>({ columns, choice, onChoose }: ColumnChooserProps<Row>) {
  const { t } = useLingui();
  const shown = columnsShown(columns, choice);
  // Within the page's landmark: whoever goes by landmarks finds it there.
  const page = document.getElementById("content");
  return (
    <DialogTrigger>
      <Button className={buttonClass("plain")}>
        <Columns3 size={18} aria-hidden="true" />
        <Trans>Columns</Trans>
      </Button>
      <Popover
        {...(page ? { UNSTABLE_portalContainer: page } : {})}
        isNonModal
        placement="bottom end"
        className="w-64 rounded-lg border border-line bg-surface shadow-float"
      >
        <Dialog aria-label={t`Columns`} className="max-h-[70dvh] overflow-y-auto p-2 outline-none">
          {columns
            .filter((column) => !column.fixed)
            .map((column) => (
              <label
                key={column.id}
                className="flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-3 hover:bg-raised"
              >
                <input
                  type="checkbox"
                  checked={shown[column.id] ?? false}
                  onChange={(event) => onChoose({ ...shown, [column.id]: event.target.checked })}
                  className="size-5 accent-(--accent)"
                />
                {column.header}
              </label>
            ))}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
