/** Rings and lines across the date line, for a flat map.
 *
 * The atlas closes them on the globe: from 179° the next corner is at −179°, which on a flat map is a line through the
 * whole world. Here they go on beyond 180° instead; the map draws what sticks out on its next copy of the world.
 */

import type { MultiPolygon, Polygon, Position } from "geojson";

const POLE = 90;

/** The same corners, each less than half the world from the one before. */
export function unwrapLine(corners: readonly Position[]): Position[] {
  let turns = 0;
  let before: number | null = null;
  return corners.map(([lon = 0, lat = 0]) => {
    if (before !== null && lon - before > 180) turns -= 1;
    if (before !== null && before - lon > 180) turns += 1;
    before = lon;
    return [lon + turns * 360, lat];
  });
}

/** A ring for a flat map; one around a pole (Antarctica) is closed along the pole. */
export function unwrapRing(ring: readonly Position[]): Position[] {
  const flat = unwrapLine(ring);
  const first = flat[0];
  const last = flat.at(-1);
  if (!first || !last || first[0] === last[0]) return flat;
  const pole = (first[1] ?? 0) < 0 ? -POLE : POLE;
  return [...flat, [last[0] ?? 0, pole], [first[0] ?? 0, pole], first];
}

export function unwrapPolygon<G extends Polygon | MultiPolygon>(geometry: G): G {
  const coordinates =
    geometry.type === "Polygon"
      ? geometry.coordinates.map(unwrapRing)
      : geometry.coordinates.map((polygon) => polygon.map(unwrapRing));
  return { ...geometry, coordinates };
}
