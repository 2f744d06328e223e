import { expect, test } from "vitest";
import { isNarrowed, vehiclesSearch } from "@/lib/addresses";

test("an address says what is searched, filtered and sorted", () => {
  expect(vehiclesSearch({ q: "bus", fleet: "f1", state: "moving", sort: "-name" })).toEqual({
    q: "bus",
    fleet: "f1",
    state: "moving",
    sort: "-name",
  });
});

test("a search for a number, which the router reads as one, is a search", () => {
  expect(vehiclesSearch({ q: 42 })).toEqual({ q: "42" });
});

test("what an address cannot mean is left out", () => {
  expect(vehiclesSearch({ q: " ", fleet: 3, state: "flying", sort: "speed", other: 1 })).toEqual({});
});

test("sorting does not narrow a list, searching does", () => {
  expect(isNarrowed({ sort: "-name" })).toBe(false);
  expect(isNarrowed({ state: "silent" })).toBe(true);
});
