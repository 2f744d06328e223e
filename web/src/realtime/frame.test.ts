import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodePositions, MalformedFrame } from "@/realtime/frame";
import { frameOf, type Row, row } from "@/testing/frames";

const anyRow: fc.Arbitrary<Row> = fc.record({
  no: fc.nat(4_294_967_295),
  at_ms: fc.double({ noNaN: true, min: 0, max: 4e12 }),
  lat_e7: fc.integer({ min: -900_000_000, max: 900_000_000 }),
  lon_e7: fc.integer({ min: -1_800_000_000, max: 1_800_000_000 }),
  speed_cmps: fc.nat(65_535),
  heading_cdeg: fc.nat(65_535),
  motion: fc.nat(3),
});

test("what was written is read, for any rows", () => {
  fc.assert(
    fc.property(fc.array(anyRow, { maxLength: 40 }), fc.integer({ min: 0, max: 4e12 }), (rows, time) => {
      const columns = decodePositions(frameOf(rows, time));
      expect(columns.serverTimeMs).toBe(time);
      expect([...columns.vehicleNo]).toEqual(rows.map(({ no }) => no));
      expect([...columns.atMs]).toEqual(rows.map(({ at_ms }) => at_ms));
      expect([...columns.latE7]).toEqual(rows.map(({ lat_e7 }) => lat_e7));
      expect([...columns.lonE7]).toEqual(rows.map(({ lon_e7 }) => lon_e7));
      expect([...columns.speedCmps]).toEqual(rows.map(({ speed_cmps }) => speed_cmps));
      expect([...columns.headingCdeg]).toEqual(rows.map(({ heading_cdeg }) => heading_cdeg));
      expect([...columns.motion]).toEqual(rows.map(({ motion }) => motion));
    }),
  );
});

test("columns are views on the frame, not copies", () => {
  const frame = frameOf([row({ no: 1 }), row({ no: 2 }), row({ no: 3 })]);
  const { atMs, vehicleNo, latE7, lonE7, speedCmps, headingCdeg, motion } = decodePositions(frame);
  for (const column of [atMs, vehicleNo, latE7, lonE7, speedCmps, headingCdeg, motion]) {
    expect(column.buffer).toBe(frame);
  }
});

test("a frame cut anywhere or grown by a byte is refused", () => {
  const whole = frameOf([row({ no: 1 }), row({ no: 2 })]);
  for (let length = 0; length < whole.byteLength; length += 1) {
    expect(() => decodePositions(whole.slice(0, length))).toThrow(MalformedFrame);
  }
  const longer = new Uint8Array(whole.byteLength + 1);
  longer.set(new Uint8Array(whole));
  expect(() => decodePositions(longer.buffer)).toThrow("2 rows take 66 bytes, there are 67");
});

test.each([
  ["another kind", 0, 0x51],
  ["another version", 1, 2],
  ["a reserved byte", 2, 1],
  ["more rows than bytes", 4, 9],
  ["a number of rows no buffer holds", 7, 0xff],
])("a header with %s is refused", (_, offset, value) => {
  const bytes = new Uint8Array(frameOf([row({ no: 1 })]));
  bytes[offset] = value;
  expect(() => decodePositions(bytes.buffer)).toThrow(MalformedFrame);
});

test("a server time that is not a number is refused", () => {
  expect(() => decodePositions(frameOf([], Number.NaN))).toThrow(MalformedFrame);
});
