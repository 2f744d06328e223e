import { Trans } from "@lingui/react/macro";

/** Where the coasts and borders come from. */
export function Attribution({ bottom }: { bottom: number }) {
  return (
    <p
      className="absolute right-0 rounded-tl bg-surface px-2 text-[12px] leading-6 text-quiet"
      style={{ bottom }}
    >
      <Trans>
        Map: <a href="https://www.naturalearthdata.com/">Natural Earth</a>
      </Trans>
    </p>
  );
}
