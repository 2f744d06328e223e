import { Trans } from "@lingui/react/macro";
import { WifiOff } from "lucide-react";
import { useEffect, useState } from "react";
import { useLocale, useZone } from "@/lib/session";
import { clock } from "@/lib/time";

/** Since when there is no network, or null. */
function useOfflineSince(): number | null {
  const [since, setSince] = useState<number | null>(() => (navigator.onLine ? null : Date.now()));
  useEffect(() => {
    const gone = () => setSince(Date.now());
    const back = () => setSince(null);
    window.addEventListener("offline", gone);
    window.addEventListener("online", back);
    return () => {
      window.removeEventListener("offline", gone);
      window.removeEventListener("online", back);
    };
  }, []);
  return since;
}

/** Says since when the page stands still; forms keep what is typed meanwhile. */
export function OfflineBanner() {
  const zone = useZone();
  const locale = useLocale();
  const since = useOfflineSince();
  const time = since === null ? "" : clock(since, zone, locale);
  return (
    <div role="status" aria-live="polite">
      {since !== null && (
        <p className="flex items-center gap-2 bg-idling-tint px-4 py-2 font-medium text-idling">
          <WifiOff size={18} aria-hidden="true" className="shrink-0" />
          <Trans>
            No network since {time}. You see what was known then; forms keep what you type until it is back.
          </Trans>
        </p>
      )}
    </div>
  );
}
