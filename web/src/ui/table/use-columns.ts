import { useState } from "react";
import { keepChoice, readChoice } from "@/ui/table/columns";

/** The reader's choice of columns for one table. */
export function useColumnChoice(table: string) {
  const [choice, setChoice] = useState(() => readChoice(table));
  return {
    choice,
    choose: (next: Record<string, boolean>) => {
      keepChoice(table, next);
      setChoice(next);
    },
  };
}
