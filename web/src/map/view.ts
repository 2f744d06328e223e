/** What the map looks at, in the numbers a frame needs. */

export const TILE_PX = 512;

export interface View {
  /** Centre in Web Mercator, 0…1. */
  readonly centerX: number;
  readonly centerY: number;
  readonly zoom: number;
  /** Radians, clockwise from north. */
  readonly bearing: number;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** Pixels the whole world is wide at a zoom. */
export function worldPx(zoom: number): number {
  return TILE_PX * 2 ** zoom;
}

/** The nearest copy of the world: −0.5 ≤ result < 0.5, for a difference of two x. */
export function wrapped(dx: number): number {
  return dx - Math.round(dx);
}

export interface ScreenPoint {
  x: number;
  y: number;
}

/** A place (Web Mercator) on the screen, px from the upper left corner. */
export function toScreen(view: View, x: number, y: number): ScreenPoint {
  const size = worldPx(view.zoom);
  const dx = wrapped(x - view.centerX) * size;
  const dy = (y - view.centerY) * size;
  const cos = Math.cos(view.bearing);
  const sin = Math.sin(view.bearing);
  return { x: view.width / 2 + dx * cos + dy * sin, y: view.height / 2 + dy * cos - dx * sin };
}

/** Half the width and height of the upright box around the view, in Web Mercator. */
export function halfBox(view: View): { x: number; y: number } {
  const cos = Math.abs(Math.cos(view.bearing));
  const sin = Math.abs(Math.sin(view.bearing));
  const size = 2 * worldPx(view.zoom);
  return {
    x: (view.width * cos + view.height * sin) / size,
    y: (view.width * sin + view.height * cos) / size,
  };
}
