/** The live picture for React: one store and one connection for the whole page. */

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { useApi } from "@/lib/api/api-context";
import { useMe } from "@/lib/session";
import { staleKeys } from "@/realtime/invalidations";
import { LiveSession } from "@/realtime/session";
import { type LiveKey, LiveStore } from "@/realtime/store";
import { BROWSER, realtimeUrl } from "@/realtime/surroundings";

const store = new LiveStore();
let open: { channel: string; session: LiveSession; users: number } | null = null;
let leaving: ReturnType<typeof setTimeout> | undefined;

/** A page that needs the line again within this finds it open. */
const LINGER_MS = 30_000;

function leave(): void {
  open?.session.stop();
  open = null;
}

/** Hold the line to `channel`; one channel at a time. Answers how to let go. */
function hold(channel: string, make: () => LiveSession): () => void {
  clearTimeout(leaving);
  if (open && open.channel !== channel) {
    leave();
    store.reset();
  }
  if (!open) {
    open = { channel, session: make(), users: 0 };
    open.session.start();
  }
  const held = open;
  held.users += 1;
  return () => {
    held.users -= 1;
    if (held === open && held.users === 0) leaving = setTimeout(leave, LINGER_MS);
  };
}

/** Everything the reader may see, live for as long as the component is on the page. */
export function useLive(): LiveStore {
  const { tenant } = useMe();
  const api = useApi();
  const queries = useQueryClient();
  useEffect(
    () =>
      hold(`tenant:${tenant.id}`, () => {
        return new LiveSession(store, `tenant:${tenant.id}`, {
          url: realtimeUrl(location),
          around: BROWSER,
          // Asking who is signed in answers 401 now, and that leads to the sign-in page.
          onRefused: () => void api.get("/auth/me").catch(() => undefined),
          onEvent: ({ name, data }) => {
            for (const queryKey of staleKeys(name, data)) void queries.invalidateQueries({ queryKey });
          },
        });
      }),
    [tenant.id, api, queries],
  );
  return store;
}

/** Try to connect now instead of waiting for the next planned moment. */
export function retryLive(): void {
  open?.session.retryNow();
}

/** Render again when `key` changes; `beat` is once a second. */
export function useLiveVersion(live: LiveStore, key: LiveKey): number {
  return useSyncExternalStore(
    (listener) => live.subscribe(key, listener),
    () => live.version(key),
  );
}
