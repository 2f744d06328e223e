"""What one can ask of positions, trips and stops; the tables are telemetry's, read through its views."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from motorpool.features.trips.schemas import LatestOut, PlaceOut, PositionOut, StopOut, TripOut
from motorpool.kernel.errors import Invalid, NotFound
from motorpool.runtime.db import Work
from motorpool.runtime.sql import Condition, Page, Sort, page

LATEST = """
select l.vehicle_id, l.vehicle_no, l.at, l.lat, l.lon, l.speed_mps, l.heading_deg, l.altitude_m, l.accuracy_m, l.odometer_m,
  l.ignition, l.fuel_percent, l.rpm, l.coolant_c, l.battery_v, l.extra, l.motion, l.trip_id, l.heard_at
from latest_public l
"""

IN_FLEET = (
    "l.vehicle_no in (select v.no from vehicles_public v where v.tenant_id = tenant() and v.fleet_id = %(fleet_id)s)"
)

POSITIONS = """
select p.at, p.content, p.lat, p.lon, p.speed_mps, p.heading_deg, p.altitude_m, p.accuracy_m, p.odometer_m, p.ignition,
  p.fuel_percent, p.rpm, p.coolant_c, p.battery_v, p.extra
from positions_public p
"""

TRIPS = """
select t.id, t.vehicle_id, t.started_at, t.ended_at, t.distance_m, t.drive_s, t.idle_s, t.stops, t.start_lat, t.start_lon,
  t.end_lat, t.end_lon, t.max_speed_mps, t.odometer_start_m, t.odometer_end_m, t.revision
from trips_public t
"""

STOPS = "select s.trip_id, s.vehicle_id, s.started_at, s.ended_at, s.lat, s.lon, s.idle_s from stops_public s"

BY_VEHICLE = Sort("vehicle", ("l.vehicle_no",), ("vehicle_no",), (int,))
BY_TIME = Sort("at", ("p.at", "p.content"), ("at", "content"), (datetime, int))
NEWEST = Sort("-started_at", ("t.started_at", "t.id"), ("started_at", "id"), (datetime, UUID), descending=True)
STOPS_NEWEST = Sort(
    "-started_at", ("s.started_at", "s.trip_id"), ("started_at", "trip_id"), (datetime, UUID), descending=True
)


class BoxInvalid(Invalid):
    """bbox is west,south,east,north in degrees, south below north."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the map [deg]; one that crosses the date line has west above east."""

    west: float
    south: float
    east: float
    north: float


def box_of(text: str) -> Box:
    """The rectangle of `w,s,e,n`. Raises BoxInvalid."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise BoxInvalid from error
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise BoxInvalid
    return Box(west, south, east, north)


async def latest(work: Work, fleet_id: UUID | None, box: Box | None, limit: int, cursor: str | None) -> Page:
    """A page of the last positions, by vehicle number."""
    given = [Condition("l.tenant_no = tenant_no()", {})]
    if fleet_id is not None:
        given.append(Condition(IN_FLEET, {"fleet_id": fleet_id}))
    if box is not None:
        given += _inside(box)
    return await page(work, LATEST, given, BY_VEHICLE, limit, cursor)


def _inside(box: Box) -> list[Condition]:
    across = "l.lon >= %(west)s or l.lon <= %(east)s" if box.west > box.east else "l.lon between %(west)s and %(east)s"
    return [
        Condition("l.lat between %(south)s and %(north)s", {"south": box.south, "north": box.north}),
        Condition(across, {"west": box.west, "east": box.east}),
    ]


@dataclass(frozen=True, slots=True)
class Range:
    """From a time (included) to a time (not included); either may be open."""

    since: datetime | None
    until: datetime | None

    def conditions(self, column: str) -> list[Condition]:
        """As conditions on a column."""
        given = []
        if self.since is not None:
            given.append(Condition(f"{column} >= %(since)s", {"since": self.since}))
        if self.until is not None:
            given.append(Condition(f"{column} < %(until)s", {"until": self.until}))
        return given


async def positions(work: Work, vehicle_no: int, when: Range, limit: int, cursor: str | None) -> Page:
    """A page of what was said of a vehicle, oldest first."""
    given = [
        Condition("p.tenant_no = tenant_no()", {}),
        Condition("p.vehicle_no = %(vehicle_no)s", {"vehicle_no": vehicle_no}),
        *when.conditions("p.at"),
    ]
    return await page(work, POSITIONS, given, BY_TIME, limit, cursor)


async def trips(work: Work, vehicle_no: int | None, when: Range, limit: int, cursor: str | None) -> Page:
    """A page of trips that began in a time, newest first."""
    given = [Condition("t.tenant_no = tenant_no()", {}), *when.conditions("t.started_at")]
    if vehicle_no is not None:
        given.append(Condition("t.vehicle_no = %(vehicle_no)s", {"vehicle_no": vehicle_no}))
    return await page(work, TRIPS, given, NEWEST, limit, cursor)


async def trip(work: Work, id: UUID) -> TripOut:
    """One trip. Raises NotFound."""
    given = [Condition("t.tenant_no = tenant_no()", {}), Condition("t.id = %(id)s", {"id": id})]
    found = (await page(work, TRIPS, given, NEWEST, 1, None)).rows
    if not found:
        raise NotFound
    return trip_out(found[0])


async def stops(work: Work, vehicle_no: int, when: Range, limit: int, cursor: str | None) -> Page:
    """A page of a vehicle's halts within its trips, newest first."""
    given = [
        Condition("s.tenant_no = tenant_no()", {}),
        Condition("s.vehicle_no = %(vehicle_no)s", {"vehicle_no": vehicle_no}),
        *when.conditions("s.started_at"),
    ]
    return await page(work, STOPS, given, STOPS_NEWEST, limit, cursor)


def position_out(row: dict[str, Any]) -> PositionOut:
    """A position as it is answered."""
    return PositionOut.model_validate(_spread(row))


def latest_out(row: dict[str, Any]) -> LatestOut:
    """A last position as it is answered."""
    return LatestOut.model_validate(_spread(row))


def trip_out(row: dict[str, Any]) -> TripOut:
    """A trip as it is answered."""
    end = None if row["end_lat"] is None else PlaceOut(lat=row["end_lat"], lon=row["end_lon"])
    return TripOut.model_validate({**row, "start": PlaceOut(lat=row["start_lat"], lon=row["start_lon"]), "end": end})


def stop_out(row: dict[str, Any]) -> StopOut:
    """A halt as it is answered."""
    return StopOut.model_validate(row)


def _spread(row: dict[str, Any]) -> dict[str, Any]:
    extra = row["extra"] or {}
    return {**row, "dtcs": extra.get("dtcs"), "sensors": extra.get("sensors")}
