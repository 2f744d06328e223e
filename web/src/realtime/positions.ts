/** The last known position of every vehicle, as columns that grow.
 *
 * A row is a *slot*: rows 0…size−1 are in use, in no order, and a removal moves the last row into the gap, so nobody
 * keeps a slot longer than one frame. Positions are written in place; at ten thousand rows a tick a copy would cost
 * more than everything else the page does.
 */

import { glideAt, glideFor, headingAt } from "@/lib/glide";
import { mercatorX, mercatorY } from "@/lib/mercator";
import type { PositionColumns } from "@/realtime/frame";

const FIRST_CAPACITY = 1_024;

export class LivePositions {
  size = 0;
  /** Goes up with every change of any row. */
  revision = 0;
  /** Goes up when a vehicle may have moved to another row. */
  layout = 0;

  no = new Uint32Array(FIRST_CAPACITY);
  /** Time of the fix, ms since 1970, the server's clock. */
  atMs = new Float64Array(FIRST_CAPACITY);
  latE7 = new Int32Array(FIRST_CAPACITY);
  lonE7 = new Int32Array(FIRST_CAPACITY);
  speedCmps = new Uint16Array(FIRST_CAPACITY);
  headingCdeg = new Uint16Array(FIRST_CAPACITY);
  motion = new Uint8Array(FIRST_CAPACITY);
  /** Web Mercator of the fix, 0…1 from west and from north. */
  x = new Float64Array(FIRST_CAPACITY);
  y = new Float64Array(FIRST_CAPACITY);
  /** Where the symbol stood when the fix came; it glides from here to (x, y). */
  fromX = new Float64Array(FIRST_CAPACITY);
  fromY = new Float64Array(FIRST_CAPACITY);
  /** Heading of the symbol then, hundredths of a degree. */
  fromHeadingCdeg = new Uint16Array(FIRST_CAPACITY);
  /** When the fix came and how long the symbol takes, ms of the page's clock. */
  cameMs = new Float64Array(FIRST_CAPACITY);
  glideMs = new Float64Array(FIRST_CAPACITY);

  private slots = new Map<number, number>();

  /** The row of a vehicle, or −1 when nothing was heard of it. */
  slotOf(vehicleNo: number): number {
    return this.slots.get(vehicleNo) ?? -1;
  }

  /** Write the rows that are not older than what is known; `nowMs` is the page's clock. Answers how many rows it wrote. */
  merge(columns: PositionColumns, nowMs: number): number {
    const { vehicleNo, atMs } = columns;
    let written = 0;
    for (let row = 0; row < vehicleNo.length; row += 1) {
      const number = vehicleNo[row] as number;
      const at = atMs[row] as number;
      const known = this.slots.get(number);
      if (known === undefined) {
        if (Number.isNaN(at)) continue;
        this.write(this.add(number), columns, row, nowMs, true);
      } else if (at >= (this.atMs[known] as number)) {
        this.write(known, columns, row, nowMs, false);
      } else continue;
      written += 1;
    }
    if (written > 0) this.revision += 1;
    return written;
  }

  /** Forget one vehicle's position. */
  remove(vehicleNo: number): void {
    const slot = this.slots.get(vehicleNo);
    if (slot === undefined) return;
    const last = this.size - 1;
    for (const column of this.columns()) column[slot] = column[last] as number;
    if (slot !== last) this.slots.set(this.no[slot] as number, slot);
    this.slots.delete(vehicleNo);
    this.size = last;
    this.revision += 1;
    this.layout += 1;
  }

  /** Forget every vehicle `keep` does not name. */
  retain(keep: (vehicleNo: number) => boolean): void {
    for (let slot = this.size - 1; slot >= 0; slot -= 1) {
      const number = this.no[slot] as number;
      if (!keep(number)) this.remove(number);
    }
  }

  clear(): void {
    this.size = 0;
    this.slots.clear();
    this.revision += 1;
    this.layout += 1;
  }

  private add(number: number): number {
    const slot = this.size;
    if (slot === this.no.length) this.grow();
    this.size = slot + 1;
    this.no[slot] = number;
    this.slots.set(number, slot);
    return slot;
  }

  private write(slot: number, columns: PositionColumns, row: number, nowMs: number, first: boolean): void {
    const at = columns.atMs[row] as number;
    if (first || at !== this.atMs[slot]) this.place(slot, columns, row, nowMs, first);
    this.atMs[slot] = at;
    this.speedCmps[slot] = columns.speedCmps[row] as number;
    this.headingCdeg[slot] = columns.headingCdeg[row] as number;
    this.motion[slot] = columns.motion[row] as number;
  }

  private place(slot: number, columns: PositionColumns, row: number, nowMs: number, first: boolean): void {
    const latE7 = columns.latE7[row] as number;
    const lonE7 = columns.lonE7[row] as number;
    const x = mercatorX(lonE7 / 1e7);
    const y = mercatorY(latE7 / 1e7);
    if (first) this.start(slot, x, y, columns.headingCdeg[row] as number);
    else this.goOn(slot, x, y, nowMs);
    this.cameMs[slot] = nowMs;
    this.x[slot] = x;
    this.y[slot] = y;
    this.latE7[slot] = latE7;
    this.lonE7[slot] = lonE7;
  }

  private start(slot: number, x: number, y: number, headingCdeg: number): void {
    this.fromX[slot] = x;
    this.fromY[slot] = y;
    this.fromHeadingCdeg[slot] = headingCdeg;
    this.glideMs[slot] = 0;
  }

  /** The next glide begins where the symbol is now, not where the last fix was. */
  private goOn(slot: number, x: number, y: number, nowMs: number): void {
    const cameMs = this.cameMs[slot] as number;
    const done = glideAt(nowMs, cameMs, this.glideMs[slot] as number);
    const fromX = this.fromX[slot] as number;
    const fromY = this.fromY[slot] as number;
    const shownX = fromX + ((this.x[slot] as number) - fromX) * done;
    const shownY = fromY + ((this.y[slot] as number) - fromY) * done;
    const fromHeading = this.fromHeadingCdeg[slot] as number;
    this.fromHeadingCdeg[slot] = headingAt(fromHeading, this.headingCdeg[slot] as number, done);
    this.glideMs[slot] = glideFor(nowMs - cameMs, x - shownX, y - shownY);
    this.fromX[slot] = shownX;
    this.fromY[slot] = shownY;
  }

  private columns(): (Float64Array | Uint32Array | Int32Array | Uint16Array | Uint8Array)[] {
    return [
      this.no,
      this.atMs,
      this.latE7,
      this.lonE7,
      this.speedCmps,
      this.headingCdeg,
      this.motion,
      this.x,
      this.y,
      this.fromX,
      this.fromY,
      this.fromHeadingCdeg,
      this.cameMs,
      this.glideMs,
    ];
  }

  private grow(): void {
    const capacity = this.no.length * 2;
    const wider = <A extends { set(from: A): void }>(make: new (n: number) => A, old: A): A => {
      const column = new make(capacity);
      column.set(old);
      return column;
    };
    this.no = wider(Uint32Array, this.no);
    this.atMs = wider(Float64Array, this.atMs);
    this.latE7 = wider(Int32Array, this.latE7);
    this.lonE7 = wider(Int32Array, this.lonE7);
    this.speedCmps = wider(Uint16Array, this.speedCmps);
    this.headingCdeg = wider(Uint16Array, this.headingCdeg);
    this.motion = wider(Uint8Array, this.motion);
    this.x = wider(Float64Array, this.x);
    this.y = wider(Float64Array, this.y);
    this.fromX = wider(Float64Array, this.fromX);
    this.fromY = wider(Float64Array, this.fromY);
    this.fromHeadingCdeg = wider(Uint16Array, this.fromHeadingCdeg);
    this.cameMs = wider(Float64Array, this.cameMs);
    this.glideMs = wider(Float64Array, this.glideMs);
  }
}
