/** Where the map looks: at all vehicles, at one, at a cluster's parts, or along with one that moves. */

import type { Map as LibreMap } from "maplibre-gl";
import { glideAt } from "@/lib/glide";
import { latitudeOf, longitudeOf } from "@/lib/mercator";
import type { Cluster } from "@/map/clusters";
import type { FleetSource } from "@/map/fleet-columns";
import { wrapped } from "@/map/view";

const CLOSEST_FIT = 15;
const CLOSE_UP = 14;
const MOVE_MS = 500;
/** A vehicle this near the edge of the map, in shares of it, is brought to the middle when chosen. */
const EDGE_SHARE = 0.12;
/** A followed vehicle may be this far from the middle; less would draw the map for nothing. */
const STILL_PX = 0.25;

export class FleetCamera {
  /** The vehicle the map goes along with. */
  following: number | null = null;
  private readonly map: LibreMap;
  private readonly source: () => FleetSource;
  private placed: boolean;
  /** Px at the lower edge that something lies over (the sheet of a phone). */
  private coveredPx = 0;
  private request = 0;

  /** `placed`: the reader already looks somewhere, so new vehicles do not move the map. */
  constructor(map: LibreMap, source: () => FleetSource, placed: boolean) {
    this.map = map;
    this.source = source;
    this.placed = placed;
  }

  /** Something lies over the lower `px` of the map; what is shown is shown above it. */
  cover(px: number): void {
    this.coveredPx = px;
  }

  /** With the first vehicles, show them. */
  positionsCame(): void {
    if (this.placed || this.source().columns.size === 0) return;
    this.fitAll(false);
  }

  /** Show every shown vehicle. */
  fitAll(smooth = true): void {
    const { columns } = this.source();
    const shown = this.source().shown();
    const box = { west: 9, north: 9, east: -9, south: -9 };
    const center = columns.size > 0 ? (columns.x[0] as number) : 0;
    for (let slot = 0; slot < columns.size; slot += 1) {
      if (shown !== null && shown[slot] === 0) continue;
      const x = center + wrapped((columns.x[slot] as number) - center);
      const y = columns.y[slot] as number;
      box.west = Math.min(box.west, x);
      box.east = Math.max(box.east, x);
      box.north = Math.min(box.north, y);
      box.south = Math.max(box.south, y);
    }
    if (box.west > box.east) return;
    this.placed = true;
    this.fit(box, CLOSEST_FIT, smooth);
  }

  /** A cluster was clicked: look at what it holds. */
  open(cluster: Cluster): void {
    const before = this.map.getZoom();
    const bounds = this.map.cameraForBounds(corners(cluster), { padding: this.padding(80), maxZoom: 17 });
    const zoom = Math.max(bounds?.zoom ?? 0, before + 1);
    const center: [number, number] = [longitudeOf(cluster.x), latitudeOf(cluster.y)];
    this.map.easeTo({ center, zoom: Math.min(zoom, 17), offset: this.offset(), duration: MOVE_MS });
  }

  /** Bring a chosen vehicle into sight; the map stays where it is when one sees it already. */
  reveal(vehicleNo: number): void {
    const place = this.placeOf(vehicleNo);
    if (!place) return;
    this.placed = true;
    const { x, y } = this.map.project(place);
    const { clientWidth: width, clientHeight: height } = this.map.getContainer();
    const open = height - this.coveredPx;
    const inSight =
      Math.abs(x / width - 0.5) < 0.5 - EDGE_SHARE && Math.abs(y / open - 0.5) < 0.5 - EDGE_SHARE;
    if (!inSight || this.map.getZoom() < 8) this.center(vehicleNo);
  }

  /** Put a vehicle into the middle, near enough to see its street. */
  center(vehicleNo: number): void {
    const place = this.placeOf(vehicleNo);
    if (!place) return;
    const zoom = Math.max(this.map.getZoom(), CLOSE_UP);
    this.map.easeTo({ center: place, zoom, offset: this.offset(), duration: MOVE_MS });
  }

  /** Go along with a vehicle, or with none. */
  follow(vehicleNo: number | null): void {
    cancelAnimationFrame(this.request);
    this.following = vehicleNo;
    if (vehicleNo === null) return;
    this.center(vehicleNo);
    const step = (): void => {
      this.request = requestAnimationFrame(step);
      const place = this.placeOf(vehicleNo);
      if (!place || this.map.isMoving()) return;
      const { x, y } = this.map.project(place);
      const [, shift] = this.offset();
      const { clientWidth, clientHeight } = this.map.getContainer();
      const away: [number, number] = [x - clientWidth / 2, y - clientHeight / 2 - shift];
      if (Math.hypot(...away) > STILL_PX) this.map.panBy(away, { duration: 0 });
    };
    this.request = requestAnimationFrame(step);
  }

  stop(): void {
    this.follow(null);
  }

  private fit(
    box: Pick<Cluster, "west" | "north" | "east" | "south">,
    maxZoom: number,
    smooth: boolean,
  ): void {
    const { clientWidth, clientHeight } = this.map.getContainer();
    const padding = this.padding(Math.min(64, clientWidth / 8, (clientHeight - this.coveredPx) / 8));
    this.map.fitBounds(corners(box), { padding, maxZoom, duration: smooth ? MOVE_MS : 0 });
  }

  private padding(px: number): { top: number; right: number; bottom: number; left: number } {
    return { top: px, right: px, bottom: px + this.coveredPx, left: px };
  }

  /** From the middle of the map to the middle of what is not covered, px. */
  private offset(): [number, number] {
    return [0, -this.coveredPx / 2];
  }

  /** Where a vehicle's symbol is now, [lon, lat]. */
  private placeOf(vehicleNo: number): [number, number] | null {
    const { columns } = this.source();
    const slot = columns.slotOf(vehicleNo);
    if (slot < 0) return null;
    const done = glideAt(performance.now(), columns.cameMs[slot] as number, columns.glideMs[slot] as number);
    const fromX = columns.fromX[slot] as number;
    const fromY = columns.fromY[slot] as number;
    const x = fromX + ((columns.x[slot] as number) - fromX) * done;
    const y = fromY + ((columns.y[slot] as number) - fromY) * done;
    return [longitudeOf(x), latitudeOf(y)];
  }
}

function corners(
  box: Pick<Cluster, "west" | "north" | "east" | "south">,
): [[number, number], [number, number]] {
  return [
    [longitudeOf(box.west), latitudeOf(box.south)],
    [longitudeOf(box.east), latitudeOf(box.north)],
  ];
}
