/** One trip, or a day, drawn on the base map. No React in here. */

import type { FeatureCollection } from "geojson";
import { type GeoJSONSource, type Map as LibreMap, Marker, type SymbolLayerSpecification } from "maplibre-gl";
import type { Position, Stop, Trip } from "@/lib/api/types";
import { createBaseMap } from "@/map/base-map";
import type { Palette } from "@/map/palette";
import { boxOf, trackOf } from "@/map/track";

export interface TripShown {
  /** Oldest first. */
  readonly positions: readonly Position[];
  readonly trip: Trip | null;
  readonly stops: readonly Stop[];
}

const SOURCE = "trip";
const ARROW = "trip-arrow";
const CLOSEST_FIT = 16;
const ARROW_PX = 18;

/** An arrow pointing east, as the line's own direction. */
function arrowImage({ track, halo }: Palette): ImageData | null {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = ARROW_PX * 2;
  const pen = canvas.getContext("2d");
  if (!pen) return null;
  pen.scale(2, 2);
  pen.beginPath();
  pen.moveTo(3, 2);
  pen.lineTo(16, 9);
  pen.lineTo(3, 16);
  pen.lineTo(6.5, 9);
  pen.closePath();
  pen.lineJoin = "round";
  pen.lineWidth = 3;
  pen.strokeStyle = halo;
  pen.stroke();
  pen.fillStyle = track;
  pen.fill();
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

const ARROWS: SymbolLayerSpecification = {
  id: "trip-arrows",
  type: "symbol",
  source: SOURCE,
  filter: ["==", ["get", "kind"], "track"],
  layout: {
    "symbol-placement": "line",
    "symbol-spacing": 110,
    "icon-image": ARROW,
    "icon-allow-overlap": true,
    "icon-rotation-alignment": "map",
  },
};

/** A sign for a place on the way; the list beside the map says the same in words. */
function sign(kind: "start" | "end" | "stop"): HTMLElement {
  const element = document.createElement("div");
  element.className = `trip-sign trip-sign-${kind}`;
  element.setAttribute("aria-hidden", "true");
  element.textContent = kind === "stop" ? "P" : "";
  return element;
}

export class TripView {
  private readonly map: LibreMap;
  private readonly end: () => void;
  private palette: Palette | null = null;
  private shown: TripShown | null = null;
  private signs: Marker[] = [];
  private fitted = "";
  private styled = false;

  constructor(container: HTMLElement, label: string, town: () => Promise<FeatureCollection | null>) {
    const { map, remove } = createBaseMap({
      container,
      label,
      start: { lat: 25, lon: 0, zoom: 1 },
      town,
      onPalette: (palette) => this.recolor(palette),
      onStyle: () => this.addLayers(),
    });
    this.map = map;
    this.end = remove;
    map.on("resize", () => this.fit());
  }

  /** Draw this; the map moves only when it is another trip or day. */
  show(shown: TripShown): void {
    const { positions, trip } = shown;
    this.shown = shown;
    this.draw();
    this.placeSigns(shown);
    const what = `${trip?.id ?? "day"} ${positions[0]?.at ?? ""}`;
    if (what === this.fitted) return;
    this.fitted = what;
    this.fit();
  }

  zoom(by: number): void {
    this.map.zoomTo(this.map.getZoom() + by);
  }

  /** Look at the whole of it. */
  fit(): void {
    const box = this.shown && boxOf([...this.shown.positions, ...this.shown.stops]);
    if (!box) return;
    const { clientWidth, clientHeight } = this.map.getContainer();
    const padding = Math.min(56, clientWidth / 6, clientHeight / 6);
    this.map.fitBounds([box.west, box.south, box.east, box.north], {
      padding,
      maxZoom: CLOSEST_FIT,
      duration: 0,
    });
  }

  remove(): void {
    this.end();
  }

  private draw(): void {
    if (!this.styled || !this.shown) return;
    void this.map.getSource<GeoJSONSource>(SOURCE)?.setData(trackOf(this.shown.positions));
  }

  private placeSigns({ positions, trip, stops }: TripShown): void {
    for (const marker of this.signs) marker.remove();
    const first = positions[0];
    const last = positions.at(-1);
    const place = (kind: "start" | "end" | "stop", { lon, lat }: { lon: number; lat: number }): Marker =>
      new Marker({ element: sign(kind) }).setLngLat([lon, lat]).addTo(this.map);
    this.signs = stops.map((stop) => place("stop", stop));
    if (first) this.signs.push(place("start", first));
    if (last && last !== first && trip?.ended_at !== null) this.signs.push(place("end", last));
  }

  private addLayers(): void {
    const { map, palette } = this;
    if (!palette || map.getSource(SOURCE)) return;
    map.addSource(SOURCE, { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    const lines = {
      type: "line",
      source: SOURCE,
      layout: { "line-cap": "round", "line-join": "round" },
    } as const;
    map.addLayer({ ...lines, id: "trip-halo", paint: { "line-width": 9 } });
    map.addLayer({
      ...lines,
      id: "trip-gap",
      filter: ["==", ["get", "kind"], "gap"],
      paint: { "line-width": 2, "line-dasharray": [2, 3] },
    });
    map.addLayer({
      ...lines,
      id: "trip-track",
      filter: ["==", ["get", "kind"], "track"],
      paint: { "line-width": 5 },
    });
    this.styled = true;
    this.recolor(palette);
    map.addLayer(ARROWS);
    this.draw();
  }

  private recolor(palette: Palette): void {
    this.palette = palette;
    if (!this.styled) return;
    const { map } = this;
    map.setPaintProperty("trip-halo", "line-color", palette.halo);
    map.setPaintProperty("trip-gap", "line-color", palette.track);
    map.setPaintProperty("trip-track", "line-color", palette.track);
    const arrow = arrowImage(palette);
    if (!arrow) return;
    if (map.hasImage(ARROW)) map.updateImage(ARROW, arrow);
    else map.addImage(ARROW, arrow, { pixelRatio: 2 });
  }
}
