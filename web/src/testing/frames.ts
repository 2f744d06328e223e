/** Positions frames written byte by byte, as a server would; the reader under test is not used. */

export interface Row {
  no: number;
  at_ms: number;
  lat_e7: number;
  lon_e7: number;
  speed_cmps: number;
  heading_cdeg: number;
  motion: number;
}

/** A row with everything said; give what matters. */
export function row(given: Partial<Row> & Pick<Row, "no">): Row {
  return {
    at_ms: 1_767_603_600_000,
    lat_e7: 302_700_000,
    lon_e7: -977_400_000,
    speed_cmps: 1_000,
    heading_cdeg: 9_000,
    motion: 1,
    ...given,
  };
}

type Put = (view: DataView, offset: number, row: Row) => void;

const COLUMNS: readonly (readonly [bytes: number, put: Put])[] = [
  [8, (view, offset, { at_ms }) => view.setFloat64(offset, at_ms, true)],
  [4, (view, offset, { no }) => view.setUint32(offset, no, true)],
  [4, (view, offset, { lat_e7 }) => view.setInt32(offset, lat_e7, true)],
  [4, (view, offset, { lon_e7 }) => view.setInt32(offset, lon_e7, true)],
  [2, (view, offset, { speed_cmps }) => view.setUint16(offset, speed_cmps, true)],
  [2, (view, offset, { heading_cdeg }) => view.setUint16(offset, heading_cdeg, true)],
  [1, (view, offset, { motion }) => view.setUint8(offset, motion)],
];

/** The frame of `rows`, the server's clock standing at `serverTimeMs`. */
export function frameOf(rows: readonly Row[], serverTimeMs = 1_767_603_600_000): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(16 + 25 * rows.length));
  view.setUint8(0, 0x50);
  view.setUint8(1, 1);
  view.setUint32(4, rows.length, true);
  view.setFloat64(8, serverTimeMs, true);
  let start = 16;
  for (const [bytes, put] of COLUMNS) {
    for (const [index, one] of rows.entries()) put(view, start + index * bytes, one);
    start += bytes * rows.length;
  }
  return view.buffer;
}
