import { useSyncExternalStore } from "react";

const WIDE = "(min-width: 48rem)";

function subscribe(changed: () => void): () => void {
  const query = matchMedia(WIDE);
  query.addEventListener("change", changed);
  return () => query.removeEventListener("change", changed);
}

/** True where list and map stand side by side; on a phone the list is a sheet above the map. */
export function useWide(): boolean {
  return useSyncExternalStore(subscribe, () => matchMedia(WIDE).matches);
}
