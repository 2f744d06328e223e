/** What needs letters, on a canvas above the map: clusters with their number, names, rings around what is meant. */

import type { Cluster } from "@/map/clusters";
import type { Box } from "@/map/label-layout";
import { Labels } from "@/map/labels";
import type { Palette } from "@/map/palette";
import type { Scene } from "@/map/scene";
import { STRIDE } from "@/map/scene";
import { toScreen, type View } from "@/map/view";

const NUMBER_FONT =
  '600 13px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif';
const SMALLEST_RADIUS = 18;
const LARGEST_RADIUS = 34;
const RING_WIDTH = 5;

/** Radius of a cluster's symbol, px: grows with the number of digits more than with the number. */
export function clusterRadius(count: number): number {
  return Math.min(LARGEST_RADIUS, SMALLEST_RADIUS + Math.log10(Math.max(1, count / 4)) * 5);
}

export interface OverlayFrame {
  readonly view: View;
  readonly scene: Scene;
  readonly clusters: readonly Cluster[];
  readonly radiusPx: number;
  readonly palette: Palette;
  /** Vehicle numbers. */
  readonly selected: number | null;
  readonly hovered: number | null;
  readonly numberOf: (slot: number) => number;
  readonly nameOf: (vehicleNo: number) => string;
}

/** A transparent canvas over the map. */
class Sheet {
  readonly canvas = document.createElement("canvas");
  readonly pen = this.canvas.getContext("2d");
  private ratio = 1;

  constructor(parent: HTMLElement) {
    this.canvas.className = "pointer-events-none absolute inset-0";
    this.canvas.setAttribute("aria-hidden", "true");
    parent.append(this.canvas);
  }

  resize(width: number, height: number, ratio: number): void {
    this.ratio = ratio;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
  }

  /** Wipe it; answers the pen in CSS pixels, or null where there is none. */
  wiped({ width, height }: View): CanvasRenderingContext2D | null {
    const { pen, ratio } = this;
    if (!pen) return null;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    return pen;
  }
}

const sameView = (one: View, other: View): boolean =>
  one.centerX === other.centerX &&
  one.centerY === other.centerY &&
  one.zoom === other.zoom &&
  one.bearing === other.bearing;

export class Overlay {
  /** Clusters are drawn when they or the view change, names and rings in every frame. */
  private readonly still: Sheet;
  private readonly moving: Sheet;
  private readonly labels = new Labels();
  private readonly counts = new Intl.NumberFormat(undefined, {
    notation: "compact",
    maximumFractionDigits: 1,
  });
  private ratio = 1;
  private drawn: { view: View; clusters: readonly Cluster[]; boxes: Box[] } | null = null;

  constructor(parent: HTMLElement) {
    this.still = new Sheet(parent);
    this.moving = new Sheet(parent);
  }

  resize(width: number, height: number, ratio: number): void {
    this.ratio = ratio;
    this.still.resize(width, height, ratio);
    this.moving.resize(width, height, ratio);
    this.repaint();
  }

  /** Colours or size changed. */
  repaint(): void {
    this.drawn = null;
    this.labels.forget();
  }

  remove(): void {
    this.still.canvas.remove();
    this.moving.canvas.remove();
  }

  draw(frame: OverlayFrame): void {
    const taken = this.clusters(frame);
    const pen = this.moving.wiped(frame.view);
    if (!pen) return;
    this.rings(pen, frame);
    const { selected, hovered } = frame;
    const meant = new Set([selected, hovered].filter((no) => no !== null));
    this.labels.draw(pen, { ...frame, ratio: this.ratio, width: frame.view.width, meant, taken });
  }

  /** Draw the clusters if they are not as they were. Answers the boxes they cover. */
  private clusters(frame: OverlayFrame): readonly Box[] {
    const { view, clusters } = frame;
    if (this.drawn && this.drawn.clusters === clusters && sameView(this.drawn.view, view))
      return this.drawn.boxes;
    const pen = this.still.wiped(view);
    const boxes = pen ? clusters.map((cluster) => this.cluster(pen, frame, cluster)) : [];
    this.drawn = { view, clusters, boxes };
    return boxes;
  }

  /** A disc with the number, and around it how many are in which state. Answers the box it covers. */
  private cluster(pen: CanvasRenderingContext2D, { view, palette }: OverlayFrame, cluster: Cluster): Box {
    const { x, y } = toScreen(view, cluster.x, cluster.y);
    const radiusPx = clusterRadius(cluster.count);
    const colors = [palette.moving, palette.idling, palette.stopped, palette.silent];
    pen.beginPath();
    pen.arc(x, y, radiusPx + 1.5, 0, 2 * Math.PI);
    pen.fillStyle = palette.halo;
    pen.fill();
    pen.beginPath();
    pen.arc(x, y, radiusPx - RING_WIDTH, 0, 2 * Math.PI);
    pen.fillStyle = palette.surface;
    pen.fill();
    pen.lineWidth = RING_WIDTH;
    let from = -Math.PI / 2;
    for (const [state, vehicles] of cluster.byState.entries()) {
      if (vehicles === 0) continue;
      const to = from + (vehicles / cluster.count) * 2 * Math.PI;
      pen.beginPath();
      pen.arc(x, y, radiusPx - RING_WIDTH / 2, from, to);
      pen.strokeStyle = colors[state] ?? palette.silent;
      pen.stroke();
      from = to;
    }
    pen.font = NUMBER_FONT;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillStyle = palette.text;
    pen.fillText(this.counts.format(cluster.count), x, y + 1);
    return { left: x - radiusPx, top: y - radiusPx, right: x + radiusPx, bottom: y + radiusPx };
  }

  private rings(
    pen: CanvasRenderingContext2D,
    { scene, selected, hovered, radiusPx, palette, numberOf }: OverlayFrame,
  ): void {
    for (let index = 0; index < scene.count; index += 1) {
      const no = numberOf(scene.slots[index] as number);
      if (no !== selected && no !== hovered) continue;
      const x = scene.instances[index * STRIDE] as number;
      const y = scene.instances[index * STRIDE + 1] as number;
      const chosen = no === selected;
      pen.beginPath();
      pen.arc(x, y, radiusPx + 7, 0, 2 * Math.PI);
      pen.lineWidth = chosen ? 7 : 5;
      pen.strokeStyle = palette.halo;
      pen.stroke();
      pen.lineWidth = chosen ? 4 : 2;
      pen.strokeStyle = palette.accent;
      pen.stroke();
    }
  }
}
