import { Trans, useLingui } from "@lingui/react/macro";
import type { ConnectionState } from "@/realtime/connection";
import type { LiveStore } from "@/realtime/store";
import { retryLive, useLiveVersion } from "@/realtime/use-live";
import { Button } from "@/ui/button";
import { cx } from "@/ui/class-names";

function useSentence(state: ConnectionState, live: LiveStore): string {
  const { t } = useLingui();
  switch (state.kind) {
    case "connecting":
      return t`Connecting…`;
    case "connected":
      return t`Live`;
    case "offline":
      return t`Offline`;
    case "refused":
      return t`Signed out`;
    case "closed":
      return t`Not connected`;
    case "reconnecting":
      break;
  }
  const seconds = live.secondsUntil(state.retryAtMs);
  return seconds > 0 ? t`Reconnecting in ${seconds} s` : t`Reconnecting…`;
}

/** The line to the server in words; said aloud only when it changes its kind. */
export function ConnectionLine({ live }: { live: LiveStore }) {
  useLiveVersion(live, "connection");
  useLiveVersion(live, "beat");
  const state = live.connection;
  const sentence = useSentence(state, live);
  const good = state.kind === "connected";
  return (
    <div className="flex min-h-11 items-center gap-2">
      <span
        aria-hidden="true"
        className={cx(
          "size-2.5 shrink-0 rounded-full",
          good ? "bg-(--mark-moving)" : "border-2 border-(--mark-alarm)",
        )}
      />
      <span className={cx("font-medium whitespace-nowrap", !good && "text-alarm")}>{sentence}</span>
      {state.kind === "reconnecting" && (
        <Button look="quiet" className="px-2" onClick={retryLive}>
          <Trans>Try now</Trans>
        </Button>
      )}
    </div>
  );
}
