import { useCallback, useEffect, useRef, useState } from "react";
import { FleetMap } from "@/map/fleet-map";
import type { MapCanvasProps } from "@/map/map-canvas";

/** Keeps a `FleetMap` in a box and tells it what changed. `missing`: why there is no map. */
export function useFleetMap(props: MapCanvasProps, label: string) {
  const { source, selected, hovered, following, covered } = props;
  const [fleetMap, setFleetMap] = useState<FleetMap | null>(null);
  const [missing, setMissing] = useState<"never" | "lost" | null>(null);
  // The map is made once; it calls what the last rendering gave.
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  const box = useCallback(
    (container: HTMLDivElement | null) => {
      if (!container) return undefined;
      let made: FleetMap;
      try {
        made = new FleetMap({
          container,
          label,
          source: latest.current.source,
          start: latest.current.start,
          town: latest.current.town,
          onSelect: (vehicleNo) => latest.current.onSelect(vehicleNo),
          onHover: (vehicleNo) => latest.current.onHover(vehicleNo),
          onLook: (look) => latest.current.onLook(look),
          onDragged: () => latest.current.onDragged(),
          onLost: (lost) => setMissing(lost ? "lost" : null),
        });
      } catch {
        setMissing("never");
        return undefined;
      }
      made.camera.cover(latest.current.covered);
      setFleetMap(made);
      return () => {
        made.remove();
        setFleetMap(null);
      };
    },
    [label],
  );

  useEffect(() => fleetMap?.setSource(source), [fleetMap, source]);
  useEffect(() => fleetMap?.select(selected), [fleetMap, selected]);
  useEffect(() => fleetMap?.camera.cover(covered), [fleetMap, covered]);
  useEffect(() => fleetMap?.hover(hovered), [fleetMap, hovered]);
  useEffect(() => fleetMap?.camera.follow(following), [fleetMap, following]);

  return { box, fleetMap, missing };
}
