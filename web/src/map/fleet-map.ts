/** The live map: draws a fleet on the base map and says what the reader does with it. No React in here. */

import type { FeatureCollection } from "geojson";
import type { Map as LibreMap, MapMouseEvent } from "maplibre-gl";
import { mercatorX, mercatorY } from "@/lib/mercator";
import { createBaseMap } from "@/map/base-map";
import { Clusters } from "@/map/clusters";
import { FleetCamera } from "@/map/fleet-camera";
import type { FleetSource } from "@/map/fleet-columns";
import { FleetPointer, type Hit } from "@/map/fleet-pointer";
import { VEHICLES_LAYER, type VehicleFrame, vehiclesLayer } from "@/map/layers/vehicles";
import { Overlay } from "@/map/overlay";
import { type Palette, type Rgb, toRgb } from "@/map/palette";
import { Scene } from "@/map/scene";
import type { View } from "@/map/view";

export interface Look {
  readonly lat: number;
  readonly lon: number;
  readonly zoom: number;
}

export interface FleetMapOptions {
  readonly container: HTMLElement;
  readonly label: string;
  readonly source: FleetSource;
  /** Where to look first; null shows all vehicles as soon as there are some. */
  readonly start: Look | null;
  readonly town: () => Promise<FeatureCollection | null>;
  readonly onSelect: (vehicleNo: number | null) => void;
  readonly onHover: (vehicleNo: number | null) => void;
  readonly onLook: (look: Look) => void;
  /** The reader moved the map by hand, which ends following. */
  readonly onDragged: () => void;
  /** The graphics card took the map away (true) or gave it back. */
  readonly onLost: (lost: boolean) => void;
}

/** Clusters are not grouped anew more often than this while vehicles move. */
const REGROUP_MS = 500;
/** Ages go on without news: symbols pale and fall silent. */
const AGEING_MS = 5_000;

export class FleetMap {
  readonly map: LibreMap;
  readonly camera: FleetCamera;
  private readonly options: FleetMapOptions;
  private readonly overlay: Overlay;
  private readonly clusters = new Clusters();
  private readonly scene = new Scene();
  private readonly pointer: FleetPointer;
  private readonly stops: (() => void)[];
  private readonly calm = matchMedia("(prefers-reduced-motion: reduce)");
  private source: FleetSource;
  private leaveSource: () => void;
  private palette!: Palette;
  private marks: Rgb[] = [];
  private halo: Rgb = [1, 1, 1];
  private width = 0;
  private height = 0;
  private selected: number | null = null;
  private hovered: number | null = null;
  private grouped = { atMs: 0, revision: -1, layout: -1 };
  private stale = true;

  constructor(options: FleetMapOptions) {
    this.options = options;
    this.source = options.source;
    const { map, remove } = createBaseMap({
      container: options.container,
      label: options.label,
      start: options.start ?? { lat: 25, lon: 0, zoom: 1.2 },
      town: options.town,
      onPalette: (palette) => this.setPalette(palette),
      onStyle: () => this.addVehicles(),
    });
    this.map = map;
    this.overlay = new Overlay(map.getCanvasContainer());
    this.camera = new FleetCamera(map, () => this.source, options.start !== null);
    this.pointer = new FleetPointer(this.scene, this.clusters, () => this.view());
    this.listen();
    this.measure();
    const ageing = setInterval(() => this.changed(), AGEING_MS);
    this.leaveSource = this.source.onPositions(() => this.positionsCame());
    this.stops = [
      () => this.leaveSource(),
      () => clearInterval(ageing),
      () => this.camera.stop(),
      () => this.overlay.remove(),
      remove,
    ];
  }

  /** Draw these vehicles from now on (another filter, another fleet). */
  setSource(source: FleetSource): void {
    if (source === this.source) return;
    this.leaveSource();
    this.source = source;
    this.leaveSource = source.onPositions(() => this.positionsCame());
    this.changed();
  }

  select(vehicleNo: number | null): void {
    this.selected = vehicleNo;
    this.changed();
  }

  hover(vehicleNo: number | null): void {
    if (this.hovered === vehicleNo) return;
    this.hovered = vehicleNo;
    this.map.triggerRepaint();
  }

  remove(): void {
    for (const stop of this.stops) stop();
  }

  private changed(): void {
    this.stale = true;
    this.map.triggerRepaint();
  }

  private positionsCame(): void {
    this.camera.positionsCame();
    this.map.triggerRepaint();
  }

  private setPalette(palette: Palette): void {
    this.palette = palette;
    const { moving, idling, stopped, silent } = palette;
    this.marks = [moving, idling, stopped, silent, moving].map(toRgb);
    this.halo = toRgb(palette.halo);
    this.overlay?.repaint();
    this.map?.triggerRepaint();
  }

  private addVehicles(): void {
    if (!this.map.getLayer(VEHICLES_LAYER)) this.map.addLayer(vehiclesLayer(() => this.frame()));
  }

  private listen(): void {
    const { map, options } = this;
    map.on("resize", () => this.measure());
    map.on("mousemove", (event) => this.pointed(event));
    map.on("mouseout", () => this.point(null));
    map.on("click", (event) => this.clicked(event));
    map.on("moveend", () => this.moved());
    map.on("dragstart", () => options.onDragged());
    map.on("webglcontextlost", () => options.onLost(true));
    map.on("webglcontextrestored", () => options.onLost(false));
  }

  private measure(): void {
    const { clientWidth, clientHeight } = this.options.container;
    this.width = clientWidth;
    this.height = clientHeight;
    this.overlay.resize(clientWidth, clientHeight, Math.min(2, devicePixelRatio));
    this.changed();
  }

  private view(): View {
    const { lng, lat } = this.map.getCenter();
    return {
      centerX: mercatorX(lng),
      centerY: mercatorY(lat),
      zoom: this.map.getZoom(),
      bearing: (this.map.getBearing() * Math.PI) / 180,
      width: this.width,
      height: this.height,
    };
  }

  /** Work out and draw one frame; the graphics card's part is answered. */
  private frame(): VehicleFrame {
    const { scene, clusters, source, palette, width, height } = this;
    const view = this.view();
    const nowMs = performance.now();
    const serverNow = source.serverNow();
    const shown = source.shown();
    this.regroup(view, nowMs, serverNow, shown);
    scene.lay(source.columns, view, {
      nowMs,
      serverNow,
      shown,
      hidden: clusters.hidden,
      top: this.selected === null ? -1 : source.columns.slotOf(this.selected),
      glide: !this.calm.matches,
    });
    this.pointer.moved();
    const radiusPx = Math.max(8, Math.min(14, 8 + (view.zoom - 9) * 1.25));
    this.overlay.draw({
      view,
      scene,
      clusters: clusters.list,
      radiusPx,
      palette,
      selected: this.selected,
      hovered: this.hovered,
      numberOf: (slot) => source.columns.no[slot] as number,
      nameOf: (vehicleNo) => source.nameOf(vehicleNo),
    });
    if (scene.underWay) this.map.triggerRepaint();
    return { scene, width, height, radiusPx, marks: this.marks, halo: this.halo };
  }

  private regroup(view: View, nowMs: number, serverNow: number, shown: Uint8Array | null): void {
    const { columns } = this.source;
    const { atMs, revision, layout } = this.grouped;
    const moved = columns.revision !== revision && nowMs - atMs >= REGROUP_MS;
    if (!this.stale && !moved && columns.layout === layout && !this.clusters.outgrown(view)) return;
    this.clusters.group(columns, view, serverNow, shown, this.selected);
    this.grouped = { atMs: nowMs, revision: columns.revision, layout: columns.layout };
    this.stale = false;
  }

  private pointed(event: MapMouseEvent): void {
    this.point(this.pointer.at(event.point.x, event.point.y));
  }

  private point(hit: Hit | null): void {
    this.map.getCanvas().style.cursor = hit ? "pointer" : "";
    const vehicleNo = hit?.kind === "vehicle" ? (this.source.columns.no[hit.slot] as number) : null;
    if (vehicleNo === this.hovered) return;
    this.hover(vehicleNo);
    this.options.onHover(vehicleNo);
  }

  private clicked(event: MapMouseEvent): void {
    const hit = this.pointer.at(event.point.x, event.point.y);
    if (hit?.kind === "cluster") return this.camera.open(hit.cluster);
    this.options.onSelect(hit ? (this.source.columns.no[hit.slot] as number) : null);
  }

  private moved(): void {
    if (this.camera.following !== null) return;
    const { lat, lng } = this.map.getCenter();
    this.options.onLook({ lat, lon: lng, zoom: this.map.getZoom() });
  }
}
