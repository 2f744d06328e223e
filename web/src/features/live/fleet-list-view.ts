/** The live picture through the reader's filter: the rows of the list and the vehicles of the map are the same.
 *
 * Not React: it listens to the store while somebody listens to it, and answers a new object only when something that
 * shows has changed.
 */

import {
  type Counts,
  EVERYTHING,
  type Filter,
  inOrder,
  type Matching,
  matching,
  type Sort,
} from "@/features/live/fleet-order";
import { fleetSource } from "@/features/live/fleet-source";
import type { FleetSource } from "@/map/fleet-columns";
import type { LiveStore } from "@/realtime/store";

export interface FleetList {
  readonly filter: Filter;
  readonly sort: Sort;
  /** Vehicle numbers in the order of the list. */
  readonly rows: readonly number[];
  readonly counts: Counts;
  /** The same vehicles for the map; another object when they are others. */
  readonly source: FleetSource;
}

/** A list in an order that moves is put in order no more often than this many beats, so that nothing jumps. */
const RESORT_BEATS = 5;

const same = <T>(one: readonly T[], other: readonly T[]): boolean =>
  one.length === other.length && one.every((item, index) => item === other[index]);

const sameCounts = (one: Counts, other: Counts): boolean =>
  Object.entries(one).every(([state, count]) => other[state as keyof Counts] === count);

/** What was, when what is says the same: nobody is told of it then. */
const keep = <T>(before: T, after: T, equal: (one: T, other: T) => boolean): T =>
  equal(before, after) ? before : after;

const isEverything = ({ text, fleet, states }: Filter): boolean =>
  text === "" && fleet === null && states.size === 0;

export class FleetListView {
  private readonly live: LiveStore;
  private members: readonly number[] = [];
  private beats = 0;
  private names: readonly string[] = [];
  private list: FleetList;
  private listeners = new Set<() => void>();
  private stops: (() => void)[] = [];

  constructor(live: LiveStore) {
    this.live = live;
    const found = matching(live, EVERYTHING, live.serverNow());
    this.members = found.numbers;
    const rows = inOrder(live, found.numbers, "name", live.serverNow());
    this.list = {
      filter: EVERYTHING,
      sort: "name",
      rows,
      counts: found.counts,
      source: fleetSource(live, null),
    };
  }

  /** The list now; the same object until something that shows has changed. */
  readonly current = (): FleetList => this.list;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    if (this.listeners.size === 1) {
      this.stops = [
        this.live.subscribe("vehicles", () => this.vehiclesChanged()),
        this.live.subscribe("beat", () => this.beat()),
      ];
      this.refresh(true);
    }
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) for (const stop of this.stops.splice(0)) stop();
    };
  };

  setFilter(filter: Filter): void {
    this.list = { ...this.list, filter };
    this.refresh(true, true);
  }

  setSort(sort: Sort): void {
    this.list = { ...this.list, sort };
    this.refresh(true, true);
  }

  /** A snapshot shows at once; single events, of which a large fleet has many, show with the next beat. */
  private vehiclesChanged(): void {
    if (this.members.length === 0 || this.live.byNo.size === 0) this.refresh(true);
  }

  private beat(): void {
    this.beats += 1;
    this.refresh(this.list.sort !== "name" && this.beats % RESORT_BEATS === 0);
  }

  private refresh(order: boolean, changed = false): void {
    const { live, list } = this;
    const now = live.serverNow();
    const found = matching(live, list.filter, now);
    const others = !same(found.numbers, this.members);
    const names = found.numbers.map((no) => live.byNo.get(no)?.name ?? "");
    const renamed = !same(names, this.names);
    const ordered = order || others || renamed ? inOrder(live, found.numbers, list.sort, now) : list.rows;
    const rows = keep(list.rows, ordered, same);
    const counts = keep(list.counts, found.counts, sameCounts);
    const source = others || changed ? this.sourceOf(found, list.filter) : list.source;
    this.members = found.numbers;
    this.names = names;
    if (!changed && rows === list.rows && counts === list.counts && source === list.source) return;
    this.list = { ...list, rows, counts, source };
    for (const listener of this.listeners) listener();
  }

  private sourceOf({ numbers }: Matching, filter: Filter): FleetSource {
    return fleetSource(this.live, isEverything(filter) ? null : new Set(numbers));
  }
}
