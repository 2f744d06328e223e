import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodePositions } from "@/realtime/frame";
import { LivePositions } from "@/realtime/positions";
import { frameOf, row } from "@/testing/frames";

const merge = (positions: LivePositions, rows: Parameters<typeof frameOf>[0], nowMs = 0) =>
  positions.merge(decodePositions(frameOf(rows)), nowMs);

test("columns grow and keep what they hold", () => {
  const positions = new LivePositions();
  const rows = Array.from({ length: 5_000 }, (_, no) => row({ no, at_ms: no + 1, motion: no % 4 }));
  merge(positions, rows);
  expect(positions.size).toBe(5_000);
  for (const no of [0, 1_023, 1_024, 4_999]) {
    const slot = positions.slotOf(no);
    expect(positions.atMs[slot]).toBe(no + 1);
    expect(positions.motion[slot]).toBe(no % 4);
  }
});

test("whatever is added and removed, every vehicle is found in its own row", () => {
  const action = fc.record({ no: fc.nat(30), remove: fc.boolean() });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
      const positions = new LivePositions();
      const expected = new Map<number, number>();
      for (const [step, { no, remove }] of actions.entries()) {
        if (remove) {
          positions.remove(no);
          expected.delete(no);
        } else {
          merge(positions, [row({ no, at_ms: step })]);
          expected.set(no, step);
        }
      }
      expect(positions.size).toBe(expected.size);
      for (const [no, at] of expected) {
        const slot = positions.slotOf(no);
        expect(slot).toBeLessThan(positions.size);
        expect([positions.no[slot], positions.atMs[slot]]).toEqual([no, at]);
      }
    }),
  );
});

test("the next fix starts where the symbol stands, not where the last fix was", () => {
  const positions = new LivePositions();
  merge(positions, [row({ no: 1, at_ms: 0, lon_e7: 0 })], 0);
  merge(positions, [row({ no: 1, at_ms: 1, lon_e7: 1_000 })], 1_000);
  expect(positions.glideMs[0]).toBeCloseTo(1_100);
  merge(positions, [row({ no: 1, at_ms: 2, lon_e7: 2_000 })], 1_550);
  const half = 0.5 + 500 / 1e7 / 360;
  expect(positions.fromX[0]).toBeCloseTo(half, 12);
});

test("the same fix told again moves nothing", () => {
  const positions = new LivePositions();
  merge(positions, [row({ no: 1, at_ms: 0, lon_e7: 0 })], 0);
  merge(positions, [row({ no: 1, at_ms: 1, lon_e7: 1_000 })], 1_000);
  merge(positions, [row({ no: 1, at_ms: 1, lon_e7: 1_000, motion: 3 })], 1_500);
  expect([positions.cameMs[0], positions.fromX[0], positions.motion[0]]).toEqual([1_000, 0.5, 3]);
});

test("only what is kept stays", () => {
  const positions = new LivePositions();
  merge(
    positions,
    [1, 2, 3, 4, 5].map((no) => row({ no })),
  );
  positions.retain((no) => no % 2 === 0);
  expect(new Set(positions.no.subarray(0, positions.size))).toEqual(new Set([2, 4]));
  expect(positions.slotOf(3)).toBe(-1);
});
