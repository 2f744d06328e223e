/** The map's colours, read from the tokens at the moment of asking; ask again when the theme changes. */

import { resolveColor } from "@/ui/theme";

/** Red, green, blue, each 0…1. */
export type Rgb = readonly [number, number, number];

const TOKENS = {
  water: "--map-water",
  land: "--map-land",
  park: "--map-park",
  border: "--map-border",
  road: "--map-road",
  roadMajor: "--map-road-major",
  roadEdge: "--map-road-edge",
  label: "--map-label",
  halo: "--map-halo",
  track: "--map-track",
  moving: "--mark-moving",
  idling: "--mark-idling",
  stopped: "--mark-stopped",
  silent: "--mark-silent",
  accent: "--accent",
  surface: "--surface",
  text: "--text",
  focus: "--focus",
} as const;

/** Each colour as CSS writes it, `rgb(…)`. */
export type Palette = Readonly<Record<keyof typeof TOKENS, string>>;

export function readPalette(): Palette {
  const entries = Object.entries(TOKENS).map(([name, token]) => [name, resolveColor(token)] as const);
  return Object.fromEntries(entries) as Palette;
}

/** `rgb(12, 34, 56)` as three numbers for the graphics card. */
export function toRgb(color: string): Rgb {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => Number(part) / 255);
  return [red, green, blue];
}
