/** Vehicles for tests of the map: columns as the live store keeps them, written by hand. */

import { mercatorX, mercatorY } from "@/lib/mercator";
import type { FleetColumns } from "@/map/fleet-columns";
import type { View } from "@/map/view";

export interface Placed {
  no?: number;
  lat: number;
  lon: number;
  motion?: number;
  at_ms?: number;
  heading_cdeg?: number;
  /** Where the symbol comes from, when it came and how long it takes. */
  from?: { lat: number; lon: number; heading_cdeg?: number };
  came_ms?: number;
  glide_ms?: number;
}

export function fleetOf(vehicles: readonly Placed[]): FleetColumns {
  const float = (value: (one: Placed) => number) => Float64Array.from(vehicles, value);
  const small = (value: (one: Placed) => number) => Uint16Array.from(vehicles, value);
  const numbers = vehicles.map(({ no }, index) => no ?? index + 1);
  return {
    size: vehicles.length,
    revision: 1,
    layout: 0,
    no: Uint32Array.from(numbers),
    atMs: float(({ at_ms }) => at_ms ?? 0),
    headingCdeg: small(({ heading_cdeg }) => heading_cdeg ?? 0),
    motion: Uint8Array.from(vehicles, ({ motion }) => motion ?? 1),
    x: float(({ lon }) => mercatorX(lon)),
    y: float(({ lat }) => mercatorY(lat)),
    fromX: float(({ from, lon }) => mercatorX(from?.lon ?? lon)),
    fromY: float(({ from, lat }) => mercatorY(from?.lat ?? lat)),
    fromHeadingCdeg: small(({ from, heading_cdeg }) => from?.heading_cdeg ?? heading_cdeg ?? 0),
    cameMs: float(({ came_ms }) => came_ms ?? 0),
    glideMs: float(({ glide_ms }) => glide_ms ?? 0),
    slotOf: (vehicleNo) => numbers.indexOf(vehicleNo),
  };
}

/** A view of 1000 × 600 px. */
export function viewOf(lat: number, lon: number, zoom: number, bearing = 0): View {
  return { centerX: mercatorX(lon), centerY: mercatorY(lat), zoom, bearing, width: 1_000, height: 600 };
}
