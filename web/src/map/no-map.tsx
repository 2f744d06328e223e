import { Trans } from "@lingui/react/macro";
import { MapPinOff } from "lucide-react";

/** Why there is no map, and that nothing else is missing. */
export function NoMap({ lost }: { lost: boolean }) {
  return (
    <output className="absolute inset-0 grid place-items-center bg-raised p-6">
      <div className="flex max-w-sm flex-col items-center gap-3 text-center">
        <MapPinOff size={28} aria-hidden="true" />
        <p className="text-lg font-semibold">
          {lost ? (
            <Trans>The map has lost the graphics card</Trans>
          ) : (
            <Trans>This browser cannot draw the map</Trans>
          )}
        </p>
        <p>
          {lost ? (
            <Trans>It comes back by itself. The list goes on; reload the page if the map stays away.</Trans>
          ) : (
            <Trans>It needs WebGL 2. The list shows every vehicle and its state all the same.</Trans>
          )}
        </p>
      </div>
    </output>
  );
}
