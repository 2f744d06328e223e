import { useLingui } from "@lingui/react/macro";
import { Maximize, Minus, Plus } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { Attribution } from "@/map/attribution";
import { MapButton } from "@/map/map-button";
import { NoMap } from "@/map/no-map";
import { type TripShown, TripView } from "@/map/trip-view";
import { useTown } from "@/map/use-town";

export type TripMapProps = TripShown;

/** One trip drawn on the map: its track, beginning, end and stops. Without a trip, everything it is given. */
export function TripMap({ positions, trip, stops }: TripMapProps) {
  const { t } = useLingui();
  const town = useTown();
  const label = t`Map of the trip. Arrow keys move it, plus and minus zoom. The list of trips says the same in words.`;
  const [view, setView] = useState<TripView | null>(null);
  const [missing, setMissing] = useState(false);
  const box = useCallback(
    (container: HTMLDivElement | null) => {
      if (!container) return undefined;
      let made: TripView;
      try {
        made = new TripView(container, label, town);
      } catch {
        setMissing(true);
        return undefined;
      }
      setView(made);
      return () => {
        made.remove();
        setView(null);
      };
    },
    [label, town],
  );
  useEffect(() => view?.show({ positions, trip, stops }), [view, positions, trip, stops]);
  return (
    <div className="relative h-full min-h-60 w-full overflow-hidden bg-(--map-land)">
      <div ref={box} className="absolute! inset-0" />
      {missing && <NoMap lost={false} />}
      {!missing && (
        <div className="absolute right-3 bottom-9 flex flex-col gap-2">
          <MapButton label={t`Zoom in`} onPress={() => view?.zoom(1)}>
            <Plus size={20} aria-hidden="true" />
          </MapButton>
          <MapButton label={t`Zoom out`} onPress={() => view?.zoom(-1)}>
            <Minus size={20} aria-hidden="true" />
          </MapButton>
          <MapButton label={t`Show the whole trip`} onPress={() => view?.fit()}>
            <Maximize size={20} aria-hidden="true" />
          </MapButton>
        </div>
      )}
      <Attribution bottom={0} />
    </div>
  );
}
