import { Trans } from "@lingui/react/macro";

/** The map of everything that moves: the start page. */
export function LivePage() {
  return (
    <h1 className="p-6 text-xl font-semibold">
      <Trans>Live</Trans>
    </h1>
  );
}
