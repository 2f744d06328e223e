/** Which symbol is under the finger: symbols sorted into squares of the screen, so a question looks at nine of them. */

/** Nearest symbol within this is meant; a target is then 44 px wide. */
export const REACH_PX = 22;

export class HitGrid {
  private columns = 0;
  private rows = 0;
  /** First symbol of a square, and the next one of each symbol; −1 ends. */
  private first = new Int32Array(0);
  private next = new Int32Array(0);
  private points: Float32Array = new Float32Array(0);
  private stride = 1;

  /** Sort `count` points whose x, y stand at the beginning of every `stride` numbers. */
  sort(points: Float32Array, count: number, stride: number, width: number, height: number): void {
    this.columns = Math.max(1, Math.ceil(width / REACH_PX));
    this.rows = Math.max(1, Math.ceil(height / REACH_PX));
    const squares = this.columns * this.rows;
    if (this.first.length < squares) this.first = new Int32Array(squares);
    if (this.next.length < count) this.next = new Int32Array(count * 2);
    this.first.fill(-1, 0, squares);
    this.points = points;
    this.stride = stride;
    for (let index = 0; index < count; index += 1) {
      const square = this.squareOf(points[index * stride] as number, points[index * stride + 1] as number);
      this.next[index] = this.first[square] as number;
      this.first[square] = index;
    }
  }

  /** Index of the point nearest to (x, y) within `REACH_PX`, or −1. */
  nearest(x: number, y: number): number {
    const column = Math.floor(x / REACH_PX);
    const row = Math.floor(y / REACH_PX);
    let best = -1;
    let bestSquared = REACH_PX * REACH_PX;
    for (let down = Math.max(0, row - 1); down <= Math.min(this.rows - 1, row + 1); down += 1) {
      for (let right = Math.max(0, column - 1); right <= Math.min(this.columns - 1, column + 1); right += 1) {
        let index = this.first[down * this.columns + right] as number;
        while (index >= 0) {
          const dx = (this.points[index * this.stride] as number) - x;
          const dy = (this.points[index * this.stride + 1] as number) - y;
          const squared = dx * dx + dy * dy;
          if (squared <= bestSquared) {
            bestSquared = squared;
            best = index;
          }
          index = this.next[index] as number;
        }
      }
    }
    return best;
  }

  /** Points beyond the edge belong to the nearest square, so symbols half outside can be hit. */
  private squareOf(x: number, y: number): number {
    const column = Math.max(0, Math.min(this.columns - 1, Math.floor(x / REACH_PX)));
    const row = Math.max(0, Math.min(this.rows - 1, Math.floor(y / REACH_PX)));
    return row * this.columns + column;
  }
}
