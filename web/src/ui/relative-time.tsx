import { useLocale, useZone } from "@/lib/session";
import { absolute, relative } from "@/lib/time";
import { useNow } from "@/ui/now";

/** "3 min. ago", with the exact time in the tenant's zone on hover. */
export function RelativeTime({ at, className }: { at: string; className?: string }) {
  const zone = useZone();
  const now = useNow();
  const locale = useLocale();
  return (
    <time dateTime={at} title={absolute(at, zone, locale)} className={className}>
      {relative(at, now, locale)}
    </time>
  );
}
