import { useLingui } from "@lingui/react/macro";
import type { FeatureCollection } from "geojson";
import { Maximize, Minus, Plus } from "lucide-react";
import { type Ref, useImperativeHandle } from "react";
import { Attribution } from "@/map/attribution";
import type { FleetSource } from "@/map/fleet-columns";
import type { Look } from "@/map/fleet-map";
import { MapButton } from "@/map/map-button";
import { NoMap } from "@/map/no-map";
import { useFleetMap } from "@/map/use-fleet-map";

/** What can be asked of the map. */
export interface MapHandle {
  /** Bring a vehicle into sight. */
  reveal(vehicleNo: number): void;
  /** Put a vehicle into the middle. */
  center(vehicleNo: number): void;
  fitAll(): void;
}

export interface MapCanvasProps {
  /** Whom to draw; another object when the filter changes. */
  source: FleetSource;
  town: () => Promise<FeatureCollection | null>;
  /** Where to look first; null shows all vehicles. Read once. */
  start: Look | null;
  /** Vehicle numbers. */
  selected: number | null;
  hovered: number | null;
  following: number | null;
  /** Px at the lower edge that something lies over. */
  covered: number;
  onSelect: (vehicleNo: number | null) => void;
  onHover: (vehicleNo: number | null) => void;
  onLook: (look: Look) => void;
  onDragged: () => void;
}

/** The live map with its buttons. Where the browser can draw no map it says so; the list beside it still works. */
export function MapCanvas({ ref, ...props }: MapCanvasProps & { ref?: Ref<MapHandle> }) {
  const { t } = useLingui();
  const label = t`Map of the vehicles. Arrow keys move it, plus and minus zoom. The list says the same in words.`;
  const { box, fleetMap, missing } = useFleetMap(props, label);

  useImperativeHandle(ref, () => ({
    reveal: (vehicleNo) => fleetMap?.camera.reveal(vehicleNo),
    center: (vehicleNo) => fleetMap?.camera.center(vehicleNo),
    fitAll: () => fleetMap?.camera.fitAll(),
  }));

  return (
    <div className="relative h-full w-full overflow-hidden bg-(--map-land)">
      <div ref={box} className="map-box h-full w-full" />
      {missing && <NoMap lost={missing === "lost"} />}
      {missing !== "never" && (
        <div className="absolute right-3 flex flex-col gap-2" style={{ bottom: props.covered + 36 }}>
          <MapButton label={t`Zoom in`} onPress={() => fleetMap?.map.zoomIn()}>
            <Plus size={20} aria-hidden="true" />
          </MapButton>
          <MapButton label={t`Zoom out`} onPress={() => fleetMap?.map.zoomOut()}>
            <Minus size={20} aria-hidden="true" />
          </MapButton>
          <MapButton label={t`Show all vehicles`} onPress={() => fleetMap?.camera.fitAll()}>
            <Maximize size={20} aria-hidden="true" />
          </MapButton>
        </div>
      )}
      <Attribution bottom={props.covered} />
    </div>
  );
}
