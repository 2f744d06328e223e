import { expect, test } from "vitest";
import { type Palette, toRgb } from "@/map/palette";
import { styleOf } from "@/map/style";

const colors = (value: string) => new Proxy({}, { get: () => value }) as Palette;
const style = styleOf(colors("rgb(1, 2, 3)"));

test("nothing of the style is fetched from anywhere: no glyphs, no sprites, no tiles", () => {
  expect(style.glyphs).toBeUndefined();
  expect(style.sprite).toBeUndefined();
  expect(JSON.stringify(style)).not.toMatch(/https?:/);
});

test("every class of street has an edge below all roads", () => {
  const streets = style.layers.filter(({ id }) => id.startsWith("street-")).map(({ id }) => id);
  const lastEdge = streets.findLastIndex((id) => id.startsWith("street-edge-"));
  const firstRoad = streets.findIndex((id) => id.startsWith("street-road-"));
  expect(lastEdge).toBeLessThan(firstRoad);
  const classes = JSON.stringify(style.layers);
  for (const name of ["motorway", "trunk", "primary", "secondary", "residential", "lane", "industrial"]) {
    expect(classes).toContain(`"${name}"`);
  }
});

test("another theme changes colours and nothing else, so the map is recoloured in place", () => {
  const other = JSON.stringify(styleOf(colors("rgb(9, 9, 9)")));
  expect(other.replaceAll("rgb(9, 9, 9)", "rgb(1, 2, 3)")).toBe(JSON.stringify(style));
});

test("a token's colour becomes three numbers", () => {
  expect(toRgb("rgb(255, 0, 51)")).toEqual([1, 0, 0.2]);
});
