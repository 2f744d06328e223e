import { expect, test } from "vitest";
import { lookOf, readLiveSearch, searchOf } from "@/features/live/live-search";

test("an address keeps the selection and the view", () => {
  const search = { vehicle: "v1", z: 13.5, c: "30.26700,-97.74300" };
  expect(readLiveSearch(search)).toEqual(search);
  expect(lookOf(search)).toEqual({ lat: 30.267, lon: -97.743, zoom: 13.5 });
});

test("a view survives the way through the address", () => {
  const look = { lat: -33.86785, lon: 151.20732, zoom: 11.25 };
  expect(lookOf(searchOf(look))).toEqual(look);
});

test.each([
  [{ z: "much", c: "1,2" }],
  [{ z: 3, c: "here" }],
  [{ z: 3, c: "91,0" }],
  [{ z: -1, c: "1,2" }],
  [{ z: 3 }],
  [{ c: "1,2" }],
  [{ vehicle: 7 }],
])("what cannot be used of an address is left out: %o", (search) => {
  expect(readLiveSearch(search)).toEqual({});
});
