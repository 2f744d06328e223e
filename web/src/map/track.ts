/** The fixes of a trip as lines: driven where the device spoke, a gap where it was silent. */

import type { Feature, FeatureCollection, LineString } from "geojson";
import type { Position } from "@/lib/api/types";

/** After so long without a fix nobody knows which way was taken. */
const GAP_MS = 10 * 60_000;

export interface Box {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

type Place = Pick<Position, "at" | "lat" | "lon">;

function line(kind: "track" | "gap", places: readonly Place[]): Feature<LineString> {
  const coordinates = places.map(({ lat, lon }) => [lon, lat]);
  return { type: "Feature", properties: { kind }, geometry: { type: "LineString", coordinates } };
}

/** Lines of kind `track` and `gap`, in the order of time; a piece with a single fix is no line. */
export function trackOf(positions: readonly Place[]): FeatureCollection<LineString> {
  const features: Feature<LineString>[] = [];
  let piece: Place[] = [];
  const close = (): void => {
    if (piece.length > 1) features.push(line("track", piece));
  };
  for (const place of positions) {
    const last = piece.at(-1);
    if (last && Date.parse(place.at) - Date.parse(last.at) > GAP_MS) {
      close();
      features.push(line("gap", [last, place]));
      piece = [];
    }
    piece.push(place);
  }
  close();
  return { type: "FeatureCollection", features };
}

/** The box around places, or null for none. */
export function boxOf(places: readonly { lat: number; lon: number }[]): Box | null {
  if (places.length === 0) return null;
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const { lat, lon } of places) {
    west = Math.min(west, lon);
    east = Math.max(east, lon);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  return { west, south, east, north };
}
