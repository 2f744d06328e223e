/** Names beside the symbols. Each name is painted once and then copied, because letters are slow. */

import { type Box, LABEL_PX, placeLabels } from "@/map/label-layout";
import type { Palette } from "@/map/palette";
import type { Scene } from "@/map/scene";

const FONT =
  '600 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif';
const HALO_PX = 3;
const KEPT_AT_MOST = 600;
const LONGEST = 24;

interface Painted {
  readonly image: HTMLCanvasElement;
  readonly width: number;
}

export interface LabelFrame {
  readonly scene: Scene;
  readonly palette: Palette;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  readonly radiusPx: number;
  readonly width: number;
  readonly meant: ReadonlySet<number>;
  readonly taken: readonly Box[];
  readonly numberOf: (slot: number) => number;
  readonly nameOf: (vehicleNo: number) => string;
}

export class Labels {
  private painted = new Map<string, Painted>();
  private before: ReadonlySet<number> = new Set();

  /** Colours or pixel ratio changed: paint anew. */
  forget(): void {
    this.painted.clear();
  }

  draw(pen: CanvasRenderingContext2D, frame: LabelFrame): void {
    const { scene, palette, ratio } = frame;
    const widthOf = (name: string): number => this.paint(name, palette, ratio).width;
    const placed = placeLabels(scene, { ...frame, widthOf, before: this.before });
    for (const { name, left, top } of placed) {
      const { image, width } = this.paint(name, palette, ratio);
      pen.drawImage(image, left, top, width, LABEL_PX);
    }
    this.before = new Set(placed.map(({ no }) => no));
  }

  private paint(name: string, palette: Palette, ratio: number): Painted {
    const known = this.painted.get(name);
    if (known) return known;
    if (this.painted.size >= KEPT_AT_MOST) this.painted.clear();
    const image = document.createElement("canvas");
    const pen = image.getContext("2d");
    const text = name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
    let width = 0;
    if (pen) {
      pen.font = FONT;
      width = Math.ceil(pen.measureText(text).width) + 2 * HALO_PX;
      image.width = Math.ceil(width * ratio);
      image.height = Math.ceil(LABEL_PX * ratio);
      pen.scale(image.width / width, ratio);
      pen.font = FONT;
      pen.textBaseline = "middle";
      pen.lineJoin = "round";
      pen.lineWidth = HALO_PX;
      pen.strokeStyle = palette.halo;
      pen.strokeText(text, HALO_PX, LABEL_PX / 2 + 0.5);
      pen.fillStyle = palette.label;
      pen.fillText(text, HALO_PX, LABEL_PX / 2 + 0.5);
    }
    const painted = { image, width };
    this.painted.set(name, painted);
    return painted;
  }
}
