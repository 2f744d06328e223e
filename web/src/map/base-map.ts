/** A MapLibre map with the built-in basemap, the demo town and the theme's colours. */

import { Map as LibreMap, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "maplibre-gl/dist/maplibre-gl.css";
import "@/map/map.css";
import type { FeatureCollection } from "geojson";
import type { GeoJSONSource } from "maplibre-gl";
import { loadBasemap } from "@/map/basemap";
import { type Palette, readPalette } from "@/map/palette";
import { styleOf } from "@/map/style";
import { onThemeChange } from "@/ui/theme";

setWorkerUrl(workerUrl);

export const MAX_ZOOM = 19;

export interface BaseMapOptions {
  readonly container: HTMLElement;
  /** What a screen reader calls the map. */
  readonly label: string;
  readonly start: { lat: number; lon: number; zoom: number };
  /** The demo town's streets, or null where there is none. */
  readonly town: () => Promise<FeatureCollection | null>;
  /** Called once at the beginning and with every change of the theme. */
  readonly onPalette: (palette: Palette) => void;
  /** The style is there (again, after the graphics card came back): own layers can be added. */
  readonly onStyle: () => void;
}

function recolor(map: LibreMap, palette: Palette): void {
  for (const layer of styleOf(palette).layers) {
    if (!map.getLayer(layer.id)) continue;
    for (const [name, value] of Object.entries(layer.paint ?? {})) {
      map.setPaintProperty(layer.id, name as Parameters<LibreMap["setPaintProperty"]>[1], value);
    }
  }
}

/** Fill the sources. The ground is land until the coasts are known, then water. */
async function fill(map: LibreMap, options: BaseMapOptions, palette: () => Palette): Promise<void> {
  const put = (name: string, data: Parameters<GeoJSONSource["setData"]>[0]): void =>
    void map.getSource<GeoJSONSource>(name)?.setData(data);
  const town = options.town().then((streets) => streets && put("town", streets));
  const { land, borders, states } = await loadBasemap();
  put("land", land);
  put("borders", borders);
  put("states", states);
  await map.once("idle");
  if (map.getLayer("ground")) map.setPaintProperty("ground", "background-color", palette().water);
  await town;
}

/** Make the map. Throws where the browser has no WebGL. Answers the map and how to end it. */
export function createBaseMap(options: BaseMapOptions): { map: LibreMap; remove: () => void } {
  let palette = readPalette();
  const { lat, lon, zoom } = options.start;
  const map = new LibreMap({
    container: options.container,
    style: styleOf(palette),
    center: [lon, lat],
    zoom,
    maxZoom: MAX_ZOOM,
    maxPitch: 0,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    attributionControl: false,
    fadeDuration: 0,
    locale: { "Map.Title": options.label },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  options.onPalette(palette);
  let gone = false;
  map.on("style.load", () => {
    options.onStyle();
    // A map without coasts or streets still shows every vehicle.
    fill(map, options, () => palette).catch(() => undefined);
  });
  const stopTheme = onThemeChange(() => {
    palette = readPalette();
    recolor(map, palette);
    options.onPalette(palette);
  });
  return {
    map,
    remove: () => {
      if (gone) return;
      gone = true;
      stopTheme();
      map.remove();
    },
  };
}
