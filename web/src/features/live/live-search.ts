/** What the address of the live page says: `?vehicle=<id>&z=13.5&c=30.267,-97.743`. */

export interface LiveSearch {
  /** Id of the selected vehicle. */
  vehicle?: string;
  /** Zoom of the map. */
  z?: number;
  /** Centre of the map, "latitude,longitude". */
  c?: string;
}

export interface Look {
  lat: number;
  lon: number;
  zoom: number;
}

/** Only what can be used of an address somebody typed or was sent. */
export function readLiveSearch(search: Record<string, unknown>): LiveSearch {
  const found: LiveSearch = {};
  if (typeof search["vehicle"] === "string") found.vehicle = search["vehicle"];
  const look = lookOf({ z: Number(search["z"]), c: String(search["c"]) });
  return look ? { ...found, ...searchOf(look) } : found;
}

/** Where the address looks, or null. */
export function lookOf({ z, c }: LiveSearch): Look | null {
  const [lat = Number.NaN, lon = Number.NaN] = (c ?? "").split(",").map(Number);
  const zoom = z ?? Number.NaN;
  const known = Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && zoom >= 0 && zoom <= 22;
  return known ? { lat, lon, zoom } : null;
}

/** A look as an address says it: a metre and a hundredth of a zoom step are enough. */
export function searchOf({ lat, lon, zoom }: Look): Required<Pick<LiveSearch, "z" | "c">> {
  return { z: Math.round(zoom * 100) / 100, c: `${lat.toFixed(5)},${lon.toFixed(5)}` };
}
