"""What positions and trips look like over HTTP."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from motorpool.runtime.http.shapes import Output


class PlaceOut(Output):
    """A place on Earth, WGS 84."""

    lat: float
    lon: float


class PositionOut(Output):
    """What a device said at a time."""

    at: datetime
    lat: float
    lon: float
    speed_mps: float | None
    heading_deg: float | None
    altitude_m: float | None
    accuracy_m: float | None
    odometer_m: float | None
    ignition: bool | None
    fuel_percent: float | None
    rpm: float | None
    coolant_c: float | None
    battery_v: float | None
    dtcs: list[str] | None
    sensors: dict[str, Any] | None


class LatestOut(PositionOut):
    """The last position of a vehicle, with what is known of it now; `odometer_m` is the vehicle's own total."""

    vehicle_id: UUID
    vehicle_no: int
    motion: Literal["unknown", "moving", "idling", "stopped"]
    trip_id: UUID | None
    heard_at: datetime


class TripOut(Output):
    """A drive from one place to the next; `ended_at` is null while it lasts."""

    id: UUID
    vehicle_id: UUID
    started_at: datetime
    ended_at: datetime | None
    distance_m: float
    drive_s: float
    idle_s: float
    stops: int
    start: PlaceOut
    end: PlaceOut | None
    max_speed_mps: float | None
    odometer_start_m: float
    odometer_end_m: float | None
    revision: int


class StopOut(Output):
    """A halt of a minute or more within a trip."""

    trip_id: UUID
    vehicle_id: UUID
    started_at: datetime
    ended_at: datetime
    lat: float
    lon: float
    idle_s: float
