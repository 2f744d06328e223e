import { useCallback, useState } from "react";

const PREFIX = "motorpool.draft.";

type Values = Readonly<Record<string, string>>;

/** What was typed and not yet sent, if it still fits the form; fields the form no longer has are dropped. */
export function readDraft<V extends Values>(key: string, initial: V): V | null {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(PREFIX + key) ?? "null");
    if (typeof stored !== "object" || stored === null) return null;
    const kept = Object.entries(stored).filter(
      ([name, value]) => name in initial && typeof value === "string",
    );
    return kept.length ? { ...initial, ...Object.fromEntries(kept) } : null;
  } catch {
    return null;
  }
}

function writeDraft(key: string, values: Values): void {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(values));
  } catch {
    // Storage full or blocked: the form still works, it only does not survive a reload.
  }
}

export function dropDraft(key: string): void {
  localStorage.removeItem(PREFIX + key);
}

/** A form's values, kept through reload and crash until they are sent or thrown away. */
export function useDraft<V extends Values>(key: string, initial: V) {
  const [restored, setRestored] = useState(() => readDraft(key, initial) !== null);
  const [values, setValues] = useState<V>(() => readDraft(key, initial) ?? initial);

  const change = useCallback(
    (name: keyof V & string, value: string) => {
      setValues((current) => {
        const next = { ...current, [name]: value };
        writeDraft(key, next);
        return next;
      });
    },
    [key],
  );

  const discard = useCallback(() => {
    dropDraft(key);
    setValues(initial);
    setRestored(false);
  }, [key, initial]);

  return { values, change, discard, restored };
}
