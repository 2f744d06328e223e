/** What needs letters, on a canvas above the map: clusters with their number, names, rings around what is meant. */

import type { Cluster } from "@/map/clusters";
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
  readonly radius: number;
  readonly palette: Palette;
  /** Vehicle numbers. */
  readonly selected: number | null;
  readonly hovered: number | null;
  readonly numberOf: (slot: number) => number;
  readonly nameOf: (vehicleNo: number) => string;
}

export class Overlay {
  private readonly canvas = document.createElement("canvas");
  private readonly pen: CanvasRenderingContext2D | null;
  private readonly labels = new Labels();
  private readonly counts = new Intl.NumberFormat(undefined, {
    notation: "compact",
    maximumFractionDigits: 1,
  });
  private ratio = 1;

  constructor(parent: HTMLElement) {
    this.canvas.className = "pointer-events-none absolute inset-0";
    this.canvas.setAttribute("aria-hidden", "true");
    parent.append(this.canvas);
    this.pen = this.canvas.getContext("2d");
  }

  resize(width: number, height: number, ratio: number): void {
    this.ratio = ratio;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.labels.forget();
  }

  /** Colours changed. */
  repaint(): void {
    this.labels.forget();
  }

  remove(): void {
    this.canvas.remove();
  }

  draw(frame: OverlayFrame): void {
    const { pen } = this;
    if (!pen) return;
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.clearRect(0, 0, frame.view.width, frame.view.height);
    const taken = frame.clusters.map((cluster) => this.cluster(pen, frame, cluster));
    this.rings(pen, frame);
    const { selected, hovered } = frame;
    const meant = new Set([selected, hovered].filter((no) => no !== null));
    this.labels.draw(pen, { ...frame, ratio: this.ratio, meant, taken });
  }

  /** A disc with the number, and around it how many are in which state. Answers the box it covers. */
  private cluster(pen: CanvasRenderingContext2D, { view, palette }: OverlayFrame, cluster: Cluster) {
    const { x, y } = toScreen(view, cluster.x, cluster.y);
    const radius = clusterRadius(cluster.count);
    const colors = [palette.moving, palette.idling, palette.stopped, palette.silent];
    pen.beginPath();
    pen.arc(x, y, radius + 1.5, 0, 2 * Math.PI);
    pen.fillStyle = palette.halo;
    pen.fill();
    pen.beginPath();
    pen.arc(x, y, radius - RING_WIDTH, 0, 2 * Math.PI);
    pen.fillStyle = palette.surface;
    pen.fill();
    pen.lineWidth = RING_WIDTH;
    let from = -Math.PI / 2;
    for (const [state, vehicles] of cluster.byState.entries()) {
      if (vehicles === 0) continue;
      const to = from + (vehicles / cluster.count) * 2 * Math.PI;
      pen.beginPath();
      pen.arc(x, y, radius - RING_WIDTH / 2, from, to);
      pen.strokeStyle = colors[state] ?? palette.silent;
      pen.stroke();
      from = to;
    }
    pen.font = NUMBER_FONT;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillStyle = palette.text;
    pen.fillText(this.counts.format(cluster.count), x, y + 1);
    return { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius };
  }

  private rings(
    pen: CanvasRenderingContext2D,
    { scene, selected, hovered, radius, palette, numberOf }: OverlayFrame,
  ): void {
    for (let index = 0; index < scene.count; index += 1) {
      const no = numberOf(scene.slots[index] as number);
      if (no !== selected && no !== hovered) continue;
      const x = scene.instances[index * STRIDE] as number;
      const y = scene.instances[index * STRIDE + 1] as number;
      const chosen = no === selected;
      pen.beginPath();
      pen.arc(x, y, radius + 7, 0, 2 * Math.PI);
      pen.lineWidth = chosen ? 7 : 5;
      pen.strokeStyle = palette.halo;
      pen.stroke();
      pen.lineWidth = chosen ? 4 : 2;
      pen.strokeStyle = palette.accent;
      pen.stroke();
    }
  }
}
