import { expect, test } from "vitest";
import { pagesFor } from "@/app/frame/palette-matches";
import { initials } from "@/app/frame/reader-menu";
import { asksForPalette } from "@/app/frame/use-palette-keys";

const PAGES = ["Live where every vehicle is", "Vehicles all of them", "Entrepôt café"];
const find = (typed: string) => pagesFor(PAGES, (page) => page, typed);

test("without a word all pages are offered", () => {
  expect(find("  ")).toEqual(PAGES);
});

test("every typed word has to begin a word of the page", () => {
  expect(find("veh")).toEqual([PAGES[0], PAGES[1]]);
  expect(find("veh all")).toEqual([PAGES[1]]);
  expect(find("ehicles")).toEqual([]);
});

test("accents and capitals do not matter", () => {
  expect(find("CAFE entrepot")).toEqual([PAGES[2]]);
});

const press = (key: string, given: Partial<Parameters<typeof asksForPalette>[0]> = {}) =>
  asksForPalette({ key, ctrlKey: false, metaKey: false, altKey: false, target: document.body, ...given });

test("Ctrl-K and Cmd-K ask for the palette anywhere, also while typing", () => {
  const input = document.createElement("input");
  expect(press("k", { ctrlKey: true, target: input })).toBe(true);
  expect(press("K", { metaKey: true })).toBe(true);
});

test("a slash asks for it, except where it is being typed", () => {
  expect(press("/")).toBe(true);
  for (const tag of ["input", "textarea", "select"]) {
    expect(press("/", { target: document.createElement(tag) })).toBe(false);
  }
});

test("other keys do not ask for it", () => {
  expect(press("k")).toBe(false);
  expect(press("k", { ctrlKey: true, altKey: true })).toBe(false);
});

test("a reader is two letters: first and last name", () => {
  expect(initials("Ada Keller")).toBe("AK");
  expect(initials("Ana María de la Cruz")).toBe("AC");
  expect(initials("Øyvind")).toBe("Ø");
  expect(initials("  ")).toBe("?");
});
