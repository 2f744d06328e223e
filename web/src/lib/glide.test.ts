import * as fc from "fast-check";
import { expect, test } from "vitest";
import { glideAt, glideFor, headingAt, LONGEST_GLIDE_MS } from "@/lib/glide";
import { latitudeOf, longitudeOf, mercatorX, mercatorY } from "@/lib/mercator";

test("a symbol is at its start, half way and at its fix, and then stands still", () => {
  expect([-5, 0, 500, 1_000, 9_000].map((now) => glideAt(now, 0, 1_000))).toEqual([0, 0, 0.5, 1, 1]);
});

test("a glide lasts about the time between two fixes, but never long", () => {
  expect(glideFor(1_000, 1e-7, 0)).toBeCloseTo(1_100);
  expect(glideFor(60_000, 1e-7, 0)).toBe(LONGEST_GLIDE_MS);
  expect(glideFor(-3, 0, 0)).toBe(0);
});

test("across a city a symbol jumps", () => {
  expect(glideFor(1_000, 1e-4, 0)).toBe(0);
  expect(glideAt(0, 0, 0)).toBe(1);
});

test("a heading turns the short way through north", () => {
  expect(headingAt(35_000, 1_000, 0.5)).toBe(0);
  expect(headingAt(1_000, 35_000, 0.5)).toBe(0);
  expect(headingAt(9_000, 18_000, 0.5)).toBe(13_500);
});

test("a heading nobody said is not turned to or from", () => {
  expect(headingAt(0xffff, 9_000, 0.2)).toBe(9_000);
  expect(headingAt(9_000, 0xffff, 0.2)).toBe(0xffff);
});

test("a heading stays a heading", () => {
  const heading = fc.nat(35_999);
  fc.assert(
    fc.property(heading, heading, fc.double({ min: 0, max: 1, noNaN: true }), (from, to, done) => {
      const turned = headingAt(from, to, done);
      expect(turned).toBeGreaterThanOrEqual(0);
      expect(turned).toBeLessThan(36_000);
    }),
  );
});

test("degrees survive the way to the map and back", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -180, max: 180, noNaN: true }),
      fc.double({ min: -85, max: 85, noNaN: true }),
      (lon, lat) => {
        expect(longitudeOf(mercatorX(lon))).toBeCloseTo(lon, 9);
        expect(latitudeOf(mercatorY(lat))).toBeCloseTo(lat, 9);
      },
    ),
  );
});

test("the poles lie on the edge of the map", () => {
  expect(mercatorY(90)).toBeCloseTo(0, 6);
  expect(mercatorY(-90)).toBeCloseTo(1, 6);
});
