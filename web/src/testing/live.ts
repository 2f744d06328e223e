/** A live picture for tests: vehicles and their last fixes, as a snapshot would bring them. */

import { decodePositions } from "@/realtime/frame";
import type { LiveVehicle } from "@/realtime/messages";
import { LiveStore } from "@/realtime/store";
import { frameOf, type Row, row } from "@/testing/frames";

export const MOMENT = 1_767_603_600_000;

export function vehicle(no: number, given: Partial<LiveVehicle> = {}): LiveVehicle {
  return {
    id: `v${no}`,
    no,
    name: `Van ${no}`,
    plate: null,
    kind: "van",
    fleet_id: null,
    status: "active",
    trip: null,
    ...given,
  };
}

/** A store whose clock stands at `MOMENT` and beats when told to. */
export class LiveWorld {
  nowMs = MOMENT;
  readonly store: LiveStore;
  private beats = new Set<() => void>();

  constructor(vehicles: readonly LiveVehicle[], rows: readonly (Partial<Row> & Pick<Row, "no">)[] = []) {
    this.store = new LiveStore({
      now: () => this.nowMs,
      wall: () => this.nowMs,
      every: (_, tick) => {
        this.beats.add(tick);
        return () => this.beats.delete(tick);
      },
    });
    this.take(1, vehicles, rows);
  }

  take(
    cursor: number,
    vehicles: readonly LiveVehicle[],
    rows: readonly (Partial<Row> & Pick<Row, "no">)[],
  ): void {
    this.store.takeSnapshot({ type: "snapshot", channel: "tenant:t", cursor, vehicles }, this.columns(rows));
  }

  hear(...rows: (Partial<Row> & Pick<Row, "no">)[]): void {
    this.store.takePositions(this.columns(rows));
  }

  beat(times = 1): void {
    for (let n = 0; n < times; n += 1) for (const tick of this.beats) tick();
  }

  private columns(rows: readonly (Partial<Row> & Pick<Row, "no">)[]) {
    return decodePositions(frameOf(rows.map((one) => row({ at_ms: MOMENT, ...one }))));
  }
}
