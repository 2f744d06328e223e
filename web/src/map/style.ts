/** The map's style from the tokens. No fonts and no sprites come from anywhere: names are drawn by the overlay. */

import type { FeatureCollection } from "geojson";
import type {
  ExpressionSpecification,
  FilterSpecification,
  LayerSpecification,
  LineLayerSpecification,
  StyleSpecification,
} from "maplibre-gl";
import type { Palette } from "@/map/palette";

const NOTHING: FeatureCollection = { type: "FeatureCollection", features: [] };

/** Streets by class, from the smallest; width in px at zoom 13 and 18, and from which zoom they show. */
const STREETS = [
  { classes: ["lane", "residential", "industrial"], from: 11, widths: [2, 14], major: false },
  { classes: ["secondary"], from: 10, widths: [3.2, 19], major: false },
  { classes: ["primary"], from: 8, widths: [4.6, 23], major: true },
  { classes: ["trunk", "motorway"], from: 7, widths: [5.6, 27], major: true },
] as const;

/** Width growing with the zoom; `extra` px is the edge on both sides together. */
function width([at13, at18]: readonly [number, number], extra: number): ExpressionSpecification {
  return [
    "interpolate",
    ["exponential", 1.5],
    ["zoom"],
    9,
    at13 / 4 + extra / 2,
    13,
    at13 + extra,
    18,
    at18 + extra,
  ];
}

function streetLayers(palette: Palette): LineLayerSpecification[] {
  const layer =
    (part: "edge" | "road") =>
    (street: (typeof STREETS)[number]): LineLayerSpecification => ({
      id: `street-${part}-${street.classes[0]}`,
      type: "line",
      source: "town",
      minzoom: street.from,
      filter: ["in", ["get", "class"], ["literal", street.classes]] as FilterSpecification,
      layout: { "line-cap": "round", "line-join": "round" },
      paint: {
        "line-color": part === "edge" ? palette.roadEdge : street.major ? palette.roadMajor : palette.road,
        "line-width": width(street.widths, part === "edge" ? 2 : 0),
      },
    });
  return [...STREETS.map(layer("edge")), ...STREETS.map(layer("road"))];
}

function area(id: string, color: string): LayerSpecification {
  return {
    id,
    type: "fill",
    source: "town",
    filter: ["==", ["get", "layer"], id],
    paint: { "fill-color": color },
  };
}

/** A style for these colours. The sources are empty; `basemap.ts` and the demo town fill them. */
export function styleOf(palette: Palette): StyleSpecification {
  const line = (id: string, widths: [number, number], opacity: number): LineLayerSpecification => ({
    id,
    type: "line",
    source: id,
    layout: { "line-join": "round" },
    paint: {
      "line-color": palette.border,
      "line-opacity": opacity,
      "line-width": ["interpolate", ["linear"], ["zoom"], 2, widths[0], 10, widths[1]],
    },
  });
  const empty = { type: "geojson", data: NOTHING } as const;
  return {
    version: 8,
    sources: {
      land: { ...empty, tolerance: 0.3, maxzoom: 8 },
      borders: { ...empty, maxzoom: 8 },
      states: { ...empty, maxzoom: 8 },
      town: { ...empty, tolerance: 0.2, maxzoom: 15 },
    },
    layers: [
      // Land, until the coasts are here: a fleet is seldom at sea.
      { id: "ground", type: "background", paint: { "background-color": palette.land } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": palette.land } },
      { ...line("states", [0.4, 1.2], 0.6), minzoom: 3 },
      line("borders", [0.6, 2], 1),
      area("park", palette.park),
      area("water", palette.water),
      ...streetLayers(palette),
    ],
  };
}
