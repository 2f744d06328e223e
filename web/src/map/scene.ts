/** What one frame draws: the vehicles no cluster stands for, in pixels, in one array for the graphics card. */

import { glideAt, headingAt } from "@/lib/glide";
import type { FleetColumns } from "@/map/fleet-columns";
import { MOVING, MOVING_SOMEWHERE, paleness, symbolOf } from "@/map/symbols";
import { type View, worldPx } from "@/map/view";

/** Numbers of one drawn vehicle: x, y (px), heading (radians on the screen), symbol, paleness 0…1. */
export const STRIDE = 5;
/** A symbol this far outside the view is not drawn. */
const EDGE_PX = 40;
const NO_HEADING = 0xffff;
const RADIANS_PER_CDEG = Math.PI / 18_000;

export interface FrameOptions {
  /** The page's clock, ms. */
  readonly nowMs: number;
  /** The server's clock, ms since 1970. */
  readonly serverNow: number;
  readonly shown: Uint8Array | null;
  /** Rows a cluster stands for. */
  readonly hidden: Uint8Array;
  /** Row that is drawn above all others, or −1. */
  readonly top: number;
  /** False where the reader wants less motion: symbols jump. */
  readonly glide: boolean;
}

export class Scene {
  /** How many vehicles are drawn. */
  count = 0;
  /** Their numbers, `STRIDE` each. */
  instances = new Float32Array(0);
  /** Their rows in the fleet. */
  slots = new Int32Array(0);
  /** True while a drawn vehicle is still under way, so the next frame differs. */
  underWay = false;

  /** Work out the frame. */
  lay(fleet: FleetColumns, view: View, options: FrameOptions): void {
    if (this.slots.length < fleet.size) {
      this.slots = new Int32Array(fleet.size * 2);
      this.instances = new Float32Array(fleet.size * 2 * STRIDE);
    }
    this.count = 0;
    this.underWay = false;
    const { hidden, shown, top } = options;
    const place = this.placing(fleet, view, options);
    for (let slot = 0; slot < fleet.size; slot += 1) {
      if (slot === top || hidden[slot] === 1 || (shown !== null && shown[slot] === 0)) continue;
      place(slot);
    }
    if (top >= 0 && top < fleet.size && hidden[top] !== 1) place(top);
  }

  /** A function that places one row; the constants of the frame are worked out once. */
  private placing(
    fleet: FleetColumns,
    view: View,
    { nowMs, serverNow, glide }: FrameOptions,
  ): (slot: number) => void {
    const { x, y, fromX, fromY, cameMs, glideMs, headingCdeg, fromHeadingCdeg, motion, atMs } = fleet;
    const { instances, slots } = this;
    const { centerX, centerY, width, height, bearing } = view;
    const size = worldPx(view.zoom);
    const cos = Math.cos(bearing) * size;
    const sin = Math.sin(bearing) * size;
    const halfWidth = width / 2;
    const halfHeight = height / 2;
    return (slot) => {
      const done = glide ? glideAt(nowMs, cameMs[slot] as number, glideMs[slot] as number) : 1;
      const startX = fromX[slot] as number;
      const startY = fromY[slot] as number;
      const away = startX + ((x[slot] as number) - startX) * done - centerX;
      const dx = away - Math.round(away);
      const dy = startY + ((y[slot] as number) - startY) * done - centerY;
      const px = halfWidth + dx * cos + dy * sin;
      const py = halfHeight + dy * cos - dx * sin;
      if (px < -EDGE_PX || py < -EDGE_PX || px > width + EDGE_PX || py > height + EDGE_PX) return;
      const age = serverNow - (atMs[slot] as number);
      const moved = motion[slot] as number;
      const heading = headingCdeg[slot] as number;
      const symbol = symbolOf(moved, age);
      const at = this.count * STRIDE;
      instances[at] = px;
      instances[at + 1] = py;
      instances[at + 2] =
        heading === NO_HEADING
          ? 0
          : headingAt(fromHeadingCdeg[slot] as number, heading, done) * RADIANS_PER_CDEG - bearing;
      instances[at + 3] = symbol === MOVING && heading === NO_HEADING ? MOVING_SOMEWHERE : symbol;
      instances[at + 4] = paleness(moved, age);
      slots[this.count] = slot;
      this.count += 1;
      if (done < 1) this.underWay = true;
    };
  }
}
