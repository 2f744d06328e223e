"""A store in memory that does with rows, trips and stops what the database store does."""

from dataclasses import dataclass, field, replace

import numpy as np

from motorpool.telemetry.batch import Batch
from motorpool.telemetry.changes import Stop, TripChange
from motorpool.telemetry.pipeline import run_stages
from motorpool.telemetry.reference import Reference
from motorpool.telemetry.revise import Revision, open_trip_us, revise
from motorpool.telemetry.state import fresh, put, unpack


@dataclass
class MemoryStore:
    """Rows by (vehicle, time, content), one state record, trips and stops per vehicle."""

    vehicles: int
    reference: Reference = Reference()
    state: np.ndarray = field(init=False)
    rows: list[dict[tuple[int, int], Batch]] = field(init=False)
    trips: list[dict[int, TripChange]] = field(init=False)
    stops: list[dict[int, Stop]] = field(init=False)
    told: list[TripChange] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.state = fresh(self.vehicles)
        self.rows = [{} for _ in range(self.vehicles)]
        self.trips = [{} for _ in range(self.vehicles)]
        self.stops = [{} for _ in range(self.vehicles)]

    def hear(self, batch: Batch) -> None:
        """One batch: the live rows through the stages, then the late ones through the late path."""
        outcome = run_stages(batch, self.state, self.reference)
        put(self.state, outcome.touched, outcome.records)
        for change in outcome.trips:
            self._tell(change)
        for stop in outcome.stops:
            self.stops[stop.slot][stop.started_us] = stop
        new = np.array([self._keep(outcome.batch, row) for row in range(len(outcome.batch))], dtype=bool)
        for slot in outcome.late_slots:
            late = ~outcome.live & new & (outcome.batch.slot == slot)
            if late.any():
                self.hear_late(int(slot), int(outcome.batch.fixes.at_us[late].min()))

    def hear_late(self, slot: int, first_us: int) -> None:
        """Rows of one vehicle came late, the earliest new one at `first_us`."""
        trips = self.trips[slot]
        before = [trip for trip in trips.values() if trip.checkpoint_us < first_us]
        origin = max(before, key=lambda trip: trip.checkpoint_us, default=None)
        since_us = origin.checkpoint_us if origin else 0
        checkpoint = unpack(origin.checkpoint) if origin else fresh(1)
        rows = [batch for (at_us, _), batch in self.rows[slot].items() if at_us > since_us]
        open_us = open_trip_us(checkpoint)
        stored = [t for t in trips.values() if t.checkpoint_us >= since_us or t.started_us == open_us]
        revision = revise(checkpoint, Batch.concat(rows), stored, self.reference)
        self._apply(slot, since_us, revision)

    def _apply(self, slot: int, since_us: int, revision: Revision) -> None:
        trips, stops = self.trips[slot], self.stops[slot]
        for trip in revision.removed:
            del trips[trip.started_us]
        for trip in (*revision.added, *revision.revised, *revision.quiet):
            trips[trip.started_us] = trip
        for key in [key for key, stop in stops.items() if stop.left_us > since_us]:
            del stops[key]
        stops.update({stop.started_us: stop for stop in revision.stops})
        self.state[slot] = revision.record[0]
        self.revisions.append(revision)

    def _tell(self, change: TripChange) -> None:
        self.told.append(change)
        trips = self.trips[change.slot]
        if change.kind == "closed":
            was = trips[change.started_us]
            change = replace(change, checkpoint=was.checkpoint, checkpoint_us=was.checkpoint_us)
        trips[change.started_us] = change

    def _keep(self, batch: Batch, row: int) -> bool:
        rows = self.rows[batch.slot[row]]
        key = (int(batch.fixes.at_us[row]), int(batch.content[row]))
        is_new = key not in rows
        if is_new:
            rows[key] = batch.take(slice(row, row + 1))
        return is_new

    def picture(self) -> tuple[bytes, list, list]:
        """Everything that must not depend on the order of arrival; of an open trip only where it began."""
        trips = [
            trip
            if trip.kind == "closed"
            else (
                trip.started_us,
                trip.start_lat_deg,
                trip.start_lon_deg,
                trip.odometer_start_m,
                trip.checkpoint,
            )
            for trips in self.trips
            for _, trip in sorted(trips.items())
        ]
        stops = [stop for stops in self.stops for _, stop in sorted(stops.items())]
        return self.state.tobytes(), trips, stops


class DeafStore(MemoryStore):
    """The negative control: rows that come late are stored and change nothing."""

    def hear_late(self, slot: int, first_us: int) -> None:
        """Ignore them."""
