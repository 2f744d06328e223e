import { useSyncExternalStore } from "react";

const STEP_MS = 5000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

function step(): void {
  now = Date.now();
  for (const each of listeners) each();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(step, STEP_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** What is now: the clock's last step, or this moment when nobody has been listening for longer. */
function current(): number {
  if (!timer && Date.now() - now >= STEP_MS) now = Date.now();
  return now;
}

/** Milliseconds now, in steps of five seconds; one timer serves all ages on the page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, current);
}
