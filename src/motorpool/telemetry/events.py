"""What telemetry notices."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from motorpool.kernel.events import Event


@dataclass(frozen=True, slots=True)
class TripStarted(Event):
    """A vehicle set out."""

    NAME: ClassVar[str] = "telemetry.trip_started.v1"
    STREAM: ClassVar[str] = "trip"
    AUDIENCE: ClassVar[str | None] = "trips.read"

    trip_id: UUID
    vehicle_id: UUID
    started_at: datetime
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class TripEnded(Event):
    """A vehicle arrived; the figures are of the whole trip."""

    NAME: ClassVar[str] = "telemetry.trip_ended.v1"
    STREAM: ClassVar[str] = "trip"
    AUDIENCE: ClassVar[str | None] = "trips.read"

    trip_id: UUID
    vehicle_id: UUID
    started_at: datetime
    ended_at: datetime
    distance_m: float
    drive_s: float
    idle_s: float
    stops: int


@dataclass(frozen=True, slots=True)
class TripRevised(Event):
    """Late positions changed a trip, brought one to light, or showed that there was none (`removed`)."""

    NAME: ClassVar[str] = "telemetry.trip_revised.v1"
    STREAM: ClassVar[str] = "trip"
    AUDIENCE: ClassVar[str | None] = "trips.read"

    trip_id: UUID
    vehicle_id: UUID
    revision: int
    started_at: datetime
    ended_at: datetime | None
    distance_m: float
    drive_s: float
    idle_s: float
    stops: int
    removed: bool
