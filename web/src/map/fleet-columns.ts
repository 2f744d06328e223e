/** The vehicles as the map needs them: columns of the same length, rows 0…size−1 in use (the live store's own). */
export interface FleetColumns {
  readonly size: number;
  /** Goes up with every change. */
  readonly revision: number;
  /** Goes up when a vehicle may have moved to another row. */
  readonly layout: number;
  readonly no: Uint32Array;
  /** Time of the fix, ms since 1970. */
  readonly atMs: Float64Array;
  readonly headingCdeg: Uint16Array;
  /** 0 unknown, 1 moving, 2 idling, 3 stopped. */
  readonly motion: Uint8Array;
  /** Web Mercator, 0…1. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly fromX: Float64Array;
  readonly fromY: Float64Array;
  readonly fromHeadingCdeg: Uint16Array;
  /** Page's clock, ms. */
  readonly cameMs: Float64Array;
  readonly glideMs: Float64Array;
  slotOf(vehicleNo: number): number;
}

/** Where the map gets its vehicles from, and whom it tells what. */
export interface FleetSource {
  readonly columns: FleetColumns;
  /** The server's time, ms since 1970. */
  serverNow(): number;
  nameOf(vehicleNo: number): string;
  /** 1 for every row that is to be shown, by row; null shows all. */
  shown(): Uint8Array | null;
  /** Call back when positions came. */
  onPositions(changed: () => void): () => void;
}
