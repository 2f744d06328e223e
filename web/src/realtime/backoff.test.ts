import * as fc from "fast-check";
import { expect, test } from "vitest";
import { BACKOFF, plannedWaitMs, waitMs } from "@/realtime/backoff";

test("waits double three times, then grow by a second, then stay at five seconds", () => {
  const planned = [1, 2, 3, 4, 5, 6, 7, 8, 100].map((n) => plannedWaitMs(n));
  expect(planned).toEqual([2_000, 4_000, 8_000, 5_000, 6_000, 7_000, 5_000, 5_000, 5_000]);
});

test("the first tries never wait more than thirty seconds, the middle ones never more than fifteen", () => {
  const slow = { baseMs: 14_000, factor: 3, jitter: 0 };
  expect([1, 2, 3, 4, 5, 6].map((n) => plannedWaitMs(n, slow))).toEqual([
    30_000, 30_000, 30_000, 15_000, 15_000, 15_000,
  ]);
});

test("chance moves a wait by a fifth to both sides", () => {
  expect(waitMs(3, () => 0)).toBe(6_400);
  expect(waitMs(3, () => 0.5)).toBe(8_000);
  expect(waitMs(3, () => 0.999_999)).toBe(9_600);
});

test("no wait is under a second, whatever chance says", () => {
  const hasty = { ...BACKOFF, baseMs: 10 };
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (n, chance) => {
        expect(waitMs(n, () => chance, hasty)).toBeGreaterThanOrEqual(1_000);
      },
    ),
  );
});
