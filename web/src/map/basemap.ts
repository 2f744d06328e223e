/** The built-in map of the world: Natural Earth's coasts and borders, as packed by world-atlas and us-atlas. */

import type { Feature, FeatureCollection, MultiLineString } from "geojson";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import statesUrl from "us-atlas/states-10m.json?url";
import countriesUrl from "world-atlas/countries-50m.json?url";
import { unwrapLine, unwrapPolygon } from "@/map/unwrap";

export interface Basemap {
  readonly land: FeatureCollection;
  /** Borders between countries. */
  readonly borders: Feature<MultiLineString>;
  /** Borders between the states of the USA. */
  readonly states: Feature<MultiLineString>;
}

type Atlas<Name extends string> = Topology<Record<Name, GeometryCollection>>;

async function read<Name extends string>(url: string): Promise<Atlas<Name>> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The basemap cannot be read: ${response.status}.`);
  return (await response.json()) as Atlas<Name>;
}

const between = <G>(one: G, other: G): boolean => one !== other;

const line = (geometry: MultiLineString): Feature<MultiLineString> => ({
  type: "Feature",
  properties: {},
  geometry: { ...geometry, coordinates: geometry.coordinates.map(unwrapLine) },
});

/** The countries as areas of a flat map. */
function areas(countries: FeatureCollection): FeatureCollection {
  const flat = countries.features.flatMap(({ geometry }) =>
    geometry.type === "Polygon" || geometry.type === "MultiPolygon" ? [unwrapPolygon(geometry)] : [],
  );
  return {
    type: "FeatureCollection",
    features: flat.map((geometry) => ({ type: "Feature", properties: {}, geometry })),
  };
}

async function load(): Promise<Basemap> {
  const [world, usa] = await Promise.all([read<"countries">(countriesUrl), read<"states">(statesUrl)]);
  return {
    land: areas(feature(world, world.objects.countries)),
    borders: line(mesh(world, world.objects.countries, between)),
    states: line(mesh(usa, usa.objects.states, between)),
  };
}

let loading: Promise<Basemap> | null = null;

/** The basemap, read and unpacked once for the page. A failure is forgotten, so the next map tries again. */
export function loadBasemap(): Promise<Basemap> {
  loading ??= load().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}
