"""Trips and stops between what the stages noticed and the tables. Owns: trips, stops."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from motorpool.kernel.events import Event
from motorpool.kernel.ids import new_id
from motorpool.kernel.time import from_us, to_us
from motorpool.runtime.db import Connection
from motorpool.telemetry.changes import Stop, TripChange
from motorpool.telemetry.events import TripEnded, TripRevised, TripStarted
from motorpool.telemetry.revise import Revision
from motorpool.telemetry.shard import VehicleKey

INSERT_TRIP = """
insert into trips (tenant_no, id, vehicle_no, vehicle_id, started_at, ended_at, start_lat_e7, start_lon_e7, end_lat_e7,
  end_lon_e7, distance_m, drive_s, idle_s, stops, max_speed_mps, odometer_start_m, odometer_end_m, revision, checkpoint_at, checkpoint)
values (%(tenant_no)s, %(id)s, %(vehicle_no)s, %(vehicle_id)s, %(started_at)s, %(ended_at)s, %(start_lat_e7)s, %(start_lon_e7)s,
  %(end_lat_e7)s, %(end_lon_e7)s, %(distance_m)s, %(drive_s)s, %(idle_s)s, %(stops)s, %(max_speed_mps)s, %(odometer_start_m)s,
  %(odometer_end_m)s, %(revision)s, %(checkpoint_at)s, %(checkpoint)s)
"""

CLOSE_TRIP = """
update trips set ended_at = %(ended_at)s, end_lat_e7 = %(end_lat_e7)s, end_lon_e7 = %(end_lon_e7)s, distance_m = %(distance_m)s,
  drive_s = %(drive_s)s, idle_s = %(idle_s)s, stops = %(stops)s, max_speed_mps = %(max_speed_mps)s,
  odometer_end_m = %(odometer_end_m)s
where tenant_no = %(tenant_no)s and id = %(id)s
"""

REVISE_TRIP = """
update trips set ended_at = %(ended_at)s, start_lat_e7 = %(start_lat_e7)s, start_lon_e7 = %(start_lon_e7)s,
  end_lat_e7 = %(end_lat_e7)s, end_lon_e7 = %(end_lon_e7)s, distance_m = %(distance_m)s, drive_s = %(drive_s)s,
  idle_s = %(idle_s)s, stops = %(stops)s, max_speed_mps = %(max_speed_mps)s, odometer_start_m = %(odometer_start_m)s,
  odometer_end_m = %(odometer_end_m)s, revision = %(revision)s, checkpoint_at = %(checkpoint_at)s, checkpoint = %(checkpoint)s
where tenant_no = %(tenant_no)s and id = %(id)s
"""

DELETE_TRIP = "delete from trips where tenant_no = %(tenant_no)s and id = %(id)s"

# The trip whose checkpoint is the newest before a time.
CHECKPOINT_BEFORE = """
select checkpoint_at, checkpoint from trips
where tenant_no = %(tenant_no)s and vehicle_no = %(vehicle_no)s and checkpoint_at < %(first)s
order by checkpoint_at desc limit 1
"""

TRIPS_SINCE = """
select * from trips
where tenant_no = %(tenant_no)s and vehicle_no = %(vehicle_no)s
  and (checkpoint_at >= %(checkpoint_at)s or started_at = %(open_started_at)s)
order by started_at
"""

INSERT_STOP = """
insert into stops (tenant_no, vehicle_no, started_at, vehicle_id, trip_id, ended_at, left_at, lat_e7, lon_e7, idle_s)
values (%(tenant_no)s, %(vehicle_no)s, %(started_at)s, %(vehicle_id)s, %(trip_id)s, %(ended_at)s, %(left_at)s, %(lat_e7)s,
  %(lon_e7)s, %(idle_s)s)
"""

DELETE_STOPS = """
delete from stops where tenant_no = %(tenant_no)s and vehicle_no = %(vehicle_no)s and left_at > %(checkpoint_at)s
"""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A fact and whose it is."""

    key: VehicleKey
    event: Event


@dataclass(slots=True)
class TripBook:
    """The trips of one write: what becomes of them in the tables, and the facts to tell.

    `open_ids`: the id of the open trip of each slot that changed, None for none.
    """

    keys: Sequence[VehicleKey]
    trip_ids: Sequence[UUID | None]
    inserts: list[Row] = field(default_factory=list)
    closes: list[Row] = field(default_factory=list)
    stops: list[Row] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    open_ids: dict[int, UUID | None] = field(default_factory=dict)
    ids: dict[tuple[int, int], UUID] = field(default_factory=dict)

    def open_id(self, slot: int) -> UUID | None:
        """The id of a slot's open trip as it is now."""
        return self.open_ids.get(slot, self.trip_ids[slot])

    def note(self, changes: Iterable[TripChange], stops: Iterable[Stop]) -> None:
        """Take in what the live stages noticed, in order."""
        for change in changes:
            if change.kind == "opened":
                self._opened(change)
            else:
                self._closed(change)
        for stop in stops:
            trip_id = self.ids.get((stop.slot, stop.trip_started_us)) or self.trip_ids[stop.slot]
            self.stops.append(stop_row(self.keys[stop.slot], stop, trip_id))

    def _opened(self, change: TripChange) -> None:
        key, trip_id = self.keys[change.slot], new_id()
        self.ids[change.slot, change.started_us] = trip_id
        self.open_ids[change.slot] = trip_id
        self.inserts.append(trip_row(key, change, trip_id, 1))
        self.told.append(Told(key, started(key, change, trip_id)))

    def _closed(self, change: TripChange) -> None:
        key = self.keys[change.slot]
        opened_here = self.ids.get((change.slot, change.started_us))
        trip_id = opened_here or self.trip_ids[change.slot]
        assert trip_id is not None  # noqa: S101 - what closes was opened, here or before
        self.ids[change.slot, change.started_us] = trip_id
        self.open_ids[change.slot] = None
        if opened_here:
            row = next(one for one in self.inserts if one["id"] == trip_id)
            origin = {name: row[name] for name in ("checkpoint", "checkpoint_at")}
            row.update({**trip_row(key, change, trip_id, 1), **origin})
        else:
            self.closes.append(trip_row(key, change, trip_id, 1))
        self.told.append(Told(key, ended(key, change, trip_id)))

    async def write(self, db: Connection) -> None:
        """Write what was noted: closed trips first, so that a vehicle never has two open ones."""
        async with db.cursor() as cursor:
            for query, rows in ((CLOSE_TRIP, self.closes), (INSERT_TRIP, self.inserts), (INSERT_STOP, self.stops)):
                if rows:
                    await cursor.executemany(query.encode(), rows)

    async def write_revision(
        self, db: Connection, slot: int, revision: Revision, stored: Sequence[Row], checkpoint_us: int
    ) -> None:
        """Write how late rows changed a vehicle's trips, and tell it."""
        key = self.keys[slot]
        known = {to_us(row["started_at"]): row for row in stored}
        for trip in revision.removed:
            row = known[trip.started_us]
            await db.execute(DELETE_TRIP, {"tenant_no": key.tenant_no, "id": row["id"]})
            self.told.append(Told(key, revised(key, trip, row["id"], row["revision"] + 1, removed=True)))
        for trips, step in ((revision.revised, 1), (revision.quiet, 0)):
            for trip in trips:
                row = known[trip.started_us]
                await db.execute(REVISE_TRIP.encode(), trip_row(key, trip, row["id"], row["revision"] + step))
                if step:
                    self.told.append(Told(key, revised(key, trip, row["id"], row["revision"] + 1)))
        ids = {started_us: row["id"] for started_us, row in known.items()}
        for trip in revision.added:
            ids[trip.started_us] = new_id()
            await db.execute(INSERT_TRIP.encode(), trip_row(key, trip, ids[trip.started_us], 1))
            self.told.append(Told(key, revised(key, trip, ids[trip.started_us], 1)))
        await self._replace_stops(db, slot, revision, ids, checkpoint_us)
        open_us = [trip.started_us for trip in _present(revision, stored) if trip.kind == "opened"]
        self.open_ids[slot] = ids[open_us[-1]] if open_us else None

    async def _replace_stops(
        self, db: Connection, slot: int, revision: Revision, ids: dict[int, UUID], checkpoint_us: int
    ) -> None:
        key = self.keys[slot]
        after = {"tenant_no": key.tenant_no, "vehicle_no": key.vehicle_no, "checkpoint_at": from_us(checkpoint_us)}
        await db.execute(DELETE_STOPS, after)
        for stop in revision.stops:
            await db.execute(INSERT_STOP, stop_row(key, stop, ids[stop.trip_started_us]))


def _present(revision: Revision, stored: Sequence[Row]) -> list[TripChange]:
    """The vehicle's trips after a revision, oldest first."""
    changed = {trip.started_us: trip for trip in (*revision.added, *revision.revised, *revision.quiet)}
    gone = {trip.started_us for trip in revision.removed}
    same = {one.started_us: one for one in map(change_of, stored) if one.started_us not in gone}
    return [trip for _, trip in sorted({**same, **changed}.items())]


def change_of(row: Row) -> TripChange:
    """A stored trip as the stages know it."""
    ended = row["ended_at"] is not None
    return TripChange(
        slot=0,
        kind="closed" if ended else "opened",
        started_us=to_us(row["started_at"]),
        ended_us=to_us(row["ended_at"]) if ended else None,
        start_lat_deg=row["start_lat_e7"] / 1e7,
        start_lon_deg=row["start_lon_e7"] / 1e7,
        end_lat_deg=row["end_lat_e7"] / 1e7 if ended else None,
        end_lon_deg=row["end_lon_e7"] / 1e7 if ended else None,
        distance_m=row["distance_m"],
        drive_s=row["drive_s"],
        idle_s=row["idle_s"],
        stops=row["stops"],
        max_speed_mps=row["max_speed_mps"],
        odometer_start_m=row["odometer_start_m"],
        odometer_end_m=row["odometer_end_m"],
        checkpoint=bytes(row["checkpoint"]),
        checkpoint_us=to_us(row["checkpoint_at"]),
    )


def trip_row(key: VehicleKey, trip: TripChange, id: UUID, revision: int) -> Row:
    """A trip as it is stored."""
    return {
        "tenant_no": key.tenant_no,
        "id": id,
        "vehicle_no": key.vehicle_no,
        "vehicle_id": key.vehicle_id,
        "started_at": from_us(trip.started_us),
        "ended_at": None if trip.ended_us is None else from_us(trip.ended_us),
        "start_lat_e7": round(trip.start_lat_deg * 1e7),
        "start_lon_e7": round(trip.start_lon_deg * 1e7),
        "end_lat_e7": None if trip.end_lat_deg is None else round(trip.end_lat_deg * 1e7),
        "end_lon_e7": None if trip.end_lon_deg is None else round(trip.end_lon_deg * 1e7),
        "distance_m": trip.distance_m,
        "drive_s": trip.drive_s,
        "idle_s": trip.idle_s,
        "stops": trip.stops,
        "max_speed_mps": trip.max_speed_mps,
        "odometer_start_m": trip.odometer_start_m,
        "odometer_end_m": trip.odometer_end_m,
        "revision": revision,
        "checkpoint_at": from_us(trip.checkpoint_us),
        "checkpoint": trip.checkpoint,
    }


def stop_row(key: VehicleKey, stop: Stop, trip_id: UUID | None) -> Row:
    """A stop as it is stored."""
    return {
        "tenant_no": key.tenant_no,
        "vehicle_no": key.vehicle_no,
        "vehicle_id": key.vehicle_id,
        "trip_id": trip_id,
        "started_at": from_us(stop.started_us),
        "ended_at": from_us(stop.ended_us),
        "left_at": from_us(stop.left_us),
        "lat_e7": round(stop.lat_deg * 1e7),
        "lon_e7": round(stop.lon_deg * 1e7),
        "idle_s": stop.idle_s,
    }


def started(key: VehicleKey, trip: TripChange, id: UUID) -> TripStarted:
    """The fact that a trip began."""
    return TripStarted(id, key.vehicle_id, from_us(trip.started_us), trip.start_lat_deg, trip.start_lon_deg)


def ended(key: VehicleKey, trip: TripChange, id: UUID) -> TripEnded:
    """The fact that a trip ended."""
    assert trip.ended_us is not None  # noqa: S101 - a closed trip has an end
    return TripEnded(
        id,
        key.vehicle_id,
        from_us(trip.started_us),
        from_us(trip.ended_us),
        trip.distance_m,
        trip.drive_s,
        trip.idle_s,
        trip.stops,
    )


def revised(key: VehicleKey, trip: TripChange, id: UUID, revision: int, *, removed: bool = False) -> TripRevised:
    """The fact that late rows changed a trip."""
    return TripRevised(
        trip_id=id,
        vehicle_id=key.vehicle_id,
        revision=revision,
        started_at=from_us(trip.started_us),
        ended_at=None if trip.ended_us is None else from_us(trip.ended_us),
        distance_m=trip.distance_m,
        drive_s=trip.drive_s,
        idle_s=trip.idle_s,
        stops=trip.stops,
        removed=removed,
    )
