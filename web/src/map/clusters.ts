/** Vehicles that would cover each other, as one symbol with a number.
 *
 * The grid's cells are fixed on the world, not on the screen, so panning regroups nothing, and a cell is half as wide
 * two half-steps of zoom later, so a cluster splits into its parts. One pass over the columns, nothing allocated per
 * vehicle.
 */

import type { FleetColumns } from "@/map/fleet-columns";
import { MOVING_SOMEWHERE, STATES, symbolOf } from "@/map/symbols";
import { halfBox, TILE_PX, type View, worldPx, wrapped } from "@/map/view";

export interface Cluster {
  /** Mean place of its vehicles, Web Mercator. */
  x: number;
  y: number;
  count: number;
  /** Vehicles by symbol: moving, idling, stopped, silent. */
  readonly byState: number[];
  /** Box around its vehicles, Web Mercator. */
  west: number;
  north: number;
  east: number;
  south: number;
}

/** Width of a cell on the screen at the least; √2 times as much at the most. */
const CELL_PX = 56;
/** So many vehicles in one cell become a cluster; fewer are drawn one by one. */
const AT_LEAST = 4;
/** From here on every vehicle is drawn, however close: one can zoom no further in a depot. */
const NONE_FROM_ZOOM = 16.5;
/** Two clusters nearer than this become one. */
const APART_PX = 48;
/** The grid reaches so far beyond the view, in views; panning within it needs no new grid. */
const MARGIN = 0.25;

const NOBODY = -1;

export class Clusters {
  list: Cluster[] = [];
  /** By row: 1 when a cluster stands for the vehicle. */
  hidden = new Uint8Array(0);

  private cells = new Int32Array(0);
  private counts = new Int32Array(0);
  private level = Number.NaN;
  private west = 0;
  private north = 0;
  private columns = 0;
  private rows = 0;

  /** True when the view has left the grid or changed its level, so `group` has to be called. */
  outgrown(view: View): boolean {
    if (levelOf(view.zoom) !== this.level) return true;
    const half = halfBox(view);
    const size = 1 / cellsAcross(this.level);
    const dx = wrapped(view.centerX - (this.west + (this.columns * size) / 2));
    const dy = view.centerY - (this.north + (this.rows * size) / 2);
    return (
      Math.abs(dx) + half.x > (this.columns * size) / 2 || Math.abs(dy) + half.y > (this.rows * size) / 2
    );
  }

  /** Group what the view and its margin hold. `alone` (a vehicle's number) is never grouped. */
  group(
    fleet: FleetColumns,
    view: View,
    serverNow: number,
    shown: Uint8Array | null,
    alone: number | null,
  ): void {
    this.layGrid(view, fleet.size);
    this.list = [];
    if (view.zoom >= NONE_FROM_ZOOM) return;
    this.count(fleet, view.centerX, shown, alone === null ? NOBODY : fleet.slotOf(alone));
    const byCell = this.collect(fleet, view.centerX, serverNow);
    this.list = apart([...byCell.values()], APART_PX / worldPx(view.zoom));
  }

  private layGrid(view: View, size: number): void {
    if (this.hidden.length < size) {
      this.hidden = new Uint8Array(size * 2);
      this.cells = new Int32Array(size * 2);
    }
    this.hidden.fill(0, 0, size);
    this.level = levelOf(view.zoom);
    const across = cellsAcross(this.level);
    const half = halfBox(view);
    const reach = 1 + 2 * MARGIN;
    const west = Math.floor((view.centerX - half.x * reach) * across);
    const north = Math.floor((view.centerY - half.y * reach) * across);
    this.columns = Math.ceil((view.centerX + half.x * reach) * across) - west;
    this.rows = Math.ceil((view.centerY + half.y * reach) * across) - north;
    this.west = west / across;
    this.north = north / across;
    const cells = this.columns * this.rows;
    if (this.counts.length < cells) this.counts = new Int32Array(cells);
    this.counts.fill(0, 0, cells);
  }

  private count(fleet: FleetColumns, centerX: number, shown: Uint8Array | null, alone: number): void {
    const { cells, counts, columns, rows, west, north } = this;
    const { x, y, size } = fleet;
    const across = cellsAcross(this.level);
    for (let slot = 0; slot < size; slot += 1) {
      const dx = (x[slot] as number) - centerX;
      const column = Math.floor((centerX + dx - Math.round(dx) - west) * across);
      const row = Math.floor(((y[slot] as number) - north) * across);
      const inside = column >= 0 && column < columns && row >= 0 && row < rows;
      const wanted = inside && slot !== alone && (shown === null || shown[slot] === 1);
      const cell = wanted ? row * columns + column : NOBODY;
      cells[slot] = cell;
      if (wanted) counts[cell] = (counts[cell] as number) + 1;
    }
  }

  private collect(fleet: FleetColumns, centerX: number, serverNow: number): Map<number, Cluster> {
    const { cells, counts, hidden } = this;
    const byCell = new Map<number, Cluster>();
    for (let slot = 0; slot < fleet.size; slot += 1) {
      const cell = cells[slot] as number;
      if (cell === NOBODY || (counts[cell] as number) < AT_LEAST) continue;
      hidden[slot] = 1;
      let cluster = byCell.get(cell);
      if (!cluster) byCell.set(cell, (cluster = empty()));
      const symbol = symbolOf(fleet.motion[slot] as number, serverNow - (fleet.atMs[slot] as number));
      const state = symbol === MOVING_SOMEWHERE ? 0 : symbol;
      const dx = wrapped((fleet.x[slot] as number) - centerX);
      add(cluster, centerX + dx, fleet.y[slot] as number, state);
    }
    return byCell;
  }
}

/** Zoom in half-steps; the grid changes with it. */
function levelOf(zoom: number): number {
  return Math.floor(zoom * 2) / 2;
}

function cellsAcross(level: number): number {
  return (TILE_PX * 2 ** level) / CELL_PX;
}

function empty(): Cluster {
  return {
    x: 0,
    y: 0,
    count: 0,
    byState: Array.from({ length: STATES }, () => 0),
    west: 9,
    north: 9,
    east: -9,
    south: -9,
  };
}

function add(cluster: Cluster, x: number, y: number, state: number): void {
  const count = cluster.count + 1;
  cluster.x += (x - cluster.x) / count;
  cluster.y += (y - cluster.y) / count;
  cluster.count = count;
  cluster.byState[state] = (cluster.byState[state] as number) + 1;
  if (x < cluster.west) cluster.west = x;
  if (x > cluster.east) cluster.east = x;
  if (y < cluster.north) cluster.north = y;
  if (y > cluster.south) cluster.south = y;
}

/** Clusters none of which is nearer than `distance` to another: the larger swallows the smaller. */
function apart(clusters: readonly Cluster[], distance: number): Cluster[] {
  const kept: Cluster[] = [];
  const squares = new Map<string, Cluster[]>();
  for (const one of clusters.toSorted((a, b) => b.count - a.count)) {
    const column = Math.floor(one.x / distance);
    const row = Math.floor(one.y / distance);
    const near = nearIn(squares, column, row, one, distance);
    if (near) {
      merge(near, one);
      continue;
    }
    kept.push(one);
    const key = `${column},${row}`;
    const square = squares.get(key);
    if (square) square.push(one);
    else squares.set(key, [one]);
  }
  return kept;
}

/** A cluster nearer than `withinPx`, from the nine squares of that width around one. */
function nearIn(
  squares: ReadonlyMap<string, readonly Cluster[]>,
  column: number,
  row: number,
  { x, y }: Cluster,
  withinPx: number,
): Cluster | undefined {
  for (let right = column - 1; right <= column + 1; right += 1) {
    for (let down = row - 1; down <= row + 1; down += 1) {
      const near = squares
        .get(`${right},${down}`)
        ?.find((other) => (other.x - x) ** 2 + (other.y - y) ** 2 < withinPx * withinPx);
      if (near) return near;
    }
  }
  return undefined;
}

function merge(into: Cluster, from: Cluster): void {
  const count = into.count + from.count;
  into.x += ((from.x - into.x) * from.count) / count;
  into.y += ((from.y - into.y) * from.count) / count;
  into.count = count;
  for (const [state, vehicles] of from.byState.entries())
    into.byState[state] = (into.byState[state] ?? 0) + vehicles;
  into.west = Math.min(into.west, from.west);
  into.north = Math.min(into.north, from.north);
  into.east = Math.max(into.east, from.east);
  into.south = Math.max(into.south, from.south);
}
