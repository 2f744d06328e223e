/** The binary positions frame, little-endian: a header of 16 bytes, then one column after the other.
 *
 * Nothing is copied: every column is a view on the buffer that came from the socket. The order of the columns keeps
 * each of them aligned for its element size, whatever the number of rows.
 */

/** Rows of one frame. Columns have the same length; `speedCmps` and `headingCdeg` are `NOT_SAID` where unknown. */
export interface PositionColumns {
  /** The server's clock when it wrote the frame, in ms since 1970. */
  readonly serverTimeMs: number;
  /** Time of the fix, ms since 1970. */
  readonly atMs: Float64Array;
  readonly vehicleNo: Uint32Array;
  /** Degrees times 1e7. */
  readonly latE7: Int32Array;
  readonly lonE7: Int32Array;
  /** Centimetres a second. */
  readonly speedCmps: Uint16Array;
  /** Hundredths of a degree, clockwise from north. */
  readonly headingCdeg: Uint16Array;
  /** One of `Motion`. */
  readonly motion: Uint8Array;
}

/** Motion as the server folds it from the fixes. */
export const Motion = { unknown: 0, moving: 1, idling: 2, stopped: 3 } as const;

export const NOT_SAID = 0xffff;
export const HEADER_BYTES = 16;
/** 8 (at) + 4 (number) + 4 + 4 (place) + 2 (speed) + 2 (heading) + 1 (motion). */
export const ROW_BYTES = 25;
const KIND_POSITIONS = 0x50;
const VERSION = 1;

/** The frame cannot be read; the message says why. The connection stays, the frame is dropped. */
export class MalformedFrame extends Error {
  override name = "MalformedFrame";
}

/** Read the header and say how many rows follow. Throws `MalformedFrame`. */
function readHeader(buffer: ArrayBuffer): { rows: number; serverTimeMs: number } {
  if (buffer.byteLength < HEADER_BYTES)
    throw new MalformedFrame(`${buffer.byteLength} bytes are less than a header`);
  const header = new DataView(buffer, 0, HEADER_BYTES);
  const kind = header.getUint8(0);
  const version = header.getUint8(1);
  if (kind !== KIND_POSITIONS) throw new MalformedFrame(`kind ${kind} is not positions`);
  if (version !== VERSION) throw new MalformedFrame(`version ${version} is not known`);
  if (header.getUint16(2, true) !== 0) throw new MalformedFrame("the reserved bytes are not zero");
  const serverTimeMs = header.getFloat64(8, true);
  if (!Number.isFinite(serverTimeMs)) throw new MalformedFrame("the server's time is not a number");
  return { rows: header.getUint32(4, true), serverTimeMs };
}

/** The columns of a positions frame as views on `buffer`. Throws `MalformedFrame` unless every byte is accounted for. */
export function decodePositions(buffer: ArrayBuffer): PositionColumns {
  const { rows, serverTimeMs } = readHeader(buffer);
  const expected = HEADER_BYTES + rows * ROW_BYTES;
  if (buffer.byteLength !== expected) {
    throw new MalformedFrame(`${rows} rows take ${expected} bytes, there are ${buffer.byteLength}`);
  }
  let offset = HEADER_BYTES;
  const next = (bytes: number): number => {
    const start = offset;
    offset += bytes * rows;
    return start;
  };
  return {
    serverTimeMs,
    atMs: new Float64Array(buffer, next(8), rows),
    vehicleNo: new Uint32Array(buffer, next(4), rows),
    latE7: new Int32Array(buffer, next(4), rows),
    lonE7: new Int32Array(buffer, next(4), rows),
    speedCmps: new Uint16Array(buffer, next(2), rows),
    headingCdeg: new Uint16Array(buffer, next(2), rows),
    motion: new Uint8Array(buffer, next(1), rows),
  };
}
