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

/** New colours in place; the ground is water once the coasts are there. */
function recolor(map: LibreMap, palette: Palette, coasts: boolean): void {
  for (const layer of styleOf(palette).layers) {
    if (!map.getLayer(layer.id)) continue;
    for (const [name, value] of Object.entries(layer.paint ?? {})) {
      map.setPaintProperty(layer.id, name as Parameters<LibreMap["setPaintProperty"]>[1], value);
    }
  }
  if (coasts) map.setPaintProperty("ground", "background-color", palette.water);
}

/** Fill the sources: the streets first, because they are near and small; the ground is land until the coasts are known. */
async function fill(map: LibreMap, options: BaseMapOptions, palette: () => Palette): Promise<void> {
  type Data = Parameters<GeoJSONSource["setData"]>[0];
  const put = async (name: string, data: Data): Promise<void> => {
    await map.getSource<GeoJSONSource>(name)?.setData(data);
  };
  const streets = await options.town().catch(() => null);
  if (streets) await put("town", streets);
  const { land, borders, states } = await loadBasemap();
  await Promise.all([put("land", land), put("borders", borders), put("states", states)]);
  if (map.getLayer("ground")) map.setPaintProperty("ground", "background-color", palette().water);
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
  let coasts = false;
  let lost = false;
  map.on("webglcontextlost", () => (lost = true));
  map.on("webglcontextrestored", () => (lost = false));
  map.on("style.load", () => {
    // Again after the graphics card came back; the theme may have changed meanwhile.
    recolor(map, palette, coasts);
    options.onStyle();
    // A map without coasts or streets still shows every vehicle.
    fill(map, options, () => palette).then(
      () => (coasts = true),
      () => undefined,
    );
  });
  const stopTheme = onThemeChange(() => {
    palette = readPalette();
    if (!lost && map.isStyleLoaded() !== undefined) recolor(map, palette, coasts);
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
