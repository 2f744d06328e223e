import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const css = readFileSync("src/ui/tokens.css", "utf8");
const contrastBlock = css.slice(css.indexOf('[data-theme="contrast"]'));

function linear(channel: number): number {
  const part = channel / 255;
  return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

/** Relative luminance of #rrggbb (WCAG 2.1). */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    linear(Number.parseInt(hex.slice(at, at + 2), 16)),
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

type Palette = (token: string) => string;

const paired = new Map(
  Array.from(css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g), ([, name, light, dark]) => [
    name,
    { light, dark },
  ]),
);
const contrasting = new Map(
  Array.from(contrastBlock.matchAll(/--([\w-]+): (#\w{6});/g), ([, name, color]) => [name, color]),
);

const palettes: Record<string, Palette> = {
  light: (token) => paired.get(token)?.light ?? "",
  dark: (token) => paired.get(token)?.dark ?? "",
  contrast: (token) => contrasting.get(token) ?? "",
};

const STATES = ["moving", "idling", "stopped", "silent", "unheard", "alarm"];

describe.each(Object.entries(palettes))("in the theme %s", (_, color) => {
  test.each(["text", "text-quiet", "accent", ...STATES.map((state) => `state-${state}`)])(
    "%s is read at 7:1 on every ground",
    (token) => {
      for (const ground of ["canvas", "surface", "raised"]) {
        expect(contrast(color(token), color(ground))).toBeGreaterThanOrEqual(7);
      }
    },
  );

  test.each(STATES)("%s is read at 7:1 on its own tint", (state) => {
    expect(contrast(color(`state-${state}`), color(`tint-${state}`))).toBeGreaterThanOrEqual(7);
  });

  test("text on the accent and on its tint is read at 7:1", () => {
    expect(contrast(color("on-accent"), color("accent"))).toBeGreaterThanOrEqual(7);
    expect(contrast(color("accent"), color("accent-tint"))).toBeGreaterThanOrEqual(7);
    expect(contrast(color("text"), color("accent-tint"))).toBeGreaterThanOrEqual(7);
  });

  test.each(STATES)("the symbol of %s stands out on lists and on the map's land", (state) => {
    expect(contrast(color(`mark-${state}`), color("surface"))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(color(`mark-${state}`), color("map-land"))).toBeGreaterThanOrEqual(4.5);
  });

  test("the edge of a control and the ring of the focus are seen at 3:1", () => {
    expect(contrast(color("line-strong"), color("surface"))).toBeGreaterThanOrEqual(3);
    expect(contrast(color("focus"), color("surface"))).toBeGreaterThanOrEqual(3);
  });
});

test("the contrast theme leaves no colour of the others behind", () => {
  const missing = [...paired.keys()].filter((name) => !contrasting.has(name));
  expect(missing).toEqual([]);
});
