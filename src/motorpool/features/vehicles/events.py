"""What vehicles tells."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from motorpool.kernel.events import Event


@dataclass(frozen=True, slots=True)
class VehicleAdded(Event):
    """A vehicle joined the company."""

    NAME: ClassVar[str] = "vehicles.vehicle_added.v1"
    STREAM: ClassVar[str] = "vehicle"
    AUDIENCE: ClassVar[str | None] = "vehicles.read"

    vehicle_id: UUID
    no: int
    name: str
    plate: str | None
    kind: str
    fleet_id: UUID | None
    status: str


@dataclass(frozen=True, slots=True)
class VehicleChanged(Event):
    """What is known of a vehicle changed; it carries the new values."""

    NAME: ClassVar[str] = "vehicles.vehicle_changed.v1"
    STREAM: ClassVar[str] = "vehicle"
    AUDIENCE: ClassVar[str | None] = "vehicles.read"

    vehicle_id: UUID
    no: int
    name: str
    plate: str | None
    kind: str
    fleet_id: UUID | None
    status: str


@dataclass(frozen=True, slots=True)
class FleetAdded(Event):
    """A fleet was made."""

    NAME: ClassVar[str] = "vehicles.fleet_added.v1"
    STREAM: ClassVar[str] = "fleet"
    AUDIENCE: ClassVar[str | None] = "vehicles.read"

    fleet_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class FleetRenamed(Event):
    """A fleet got another name."""

    NAME: ClassVar[str] = "vehicles.fleet_renamed.v1"
    STREAM: ClassVar[str] = "fleet"
    AUDIENCE: ClassVar[str | None] = "vehicles.read"

    fleet_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class ViewerAdded(Event):
    """A person who sees only own vehicles may now see this one."""

    NAME: ClassVar[str] = "vehicles.viewer_added.v1"
    STREAM: ClassVar[str] = "vehicle"
    AUDIENCE: ClassVar[str | None] = "vehicles.write"

    vehicle_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True)
class ViewerRemoved(Event):
    """A person may no longer see this vehicle."""

    NAME: ClassVar[str] = "vehicles.viewer_removed.v1"
    STREAM: ClassVar[str] = "vehicle"
    AUDIENCE: ClassVar[str | None] = "vehicles.write"

    vehicle_id: UUID
    person_id: UUID
