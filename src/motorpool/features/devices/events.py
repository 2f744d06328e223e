"""What devices tells."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from motorpool.kernel.events import Event


@dataclass(frozen=True, slots=True)
class DeviceAdded(Event):
    """A tracker was added."""

    NAME: ClassVar[str] = "devices.device_added.v1"
    STREAM: ClassVar[str] = "device"
    AUDIENCE: ClassVar[str | None] = "devices.read"

    device_id: UUID
    no: int
    registered_itself: bool


@dataclass(frozen=True, slots=True)
class DeviceChanged(Event):
    """Name, model or identifiers of a tracker changed."""

    NAME: ClassVar[str] = "devices.device_changed.v1"
    STREAM: ClassVar[str] = "device"
    AUDIENCE: ClassVar[str | None] = "devices.read"

    device_id: UUID
    no: int


@dataclass(frozen=True, slots=True)
class DeviceAssigned(Event):
    """From a time on a tracker speaks for a vehicle, or for none."""

    NAME: ClassVar[str] = "devices.device_assigned.v1"
    STREAM: ClassVar[str] = "device"
    AUDIENCE: ClassVar[str | None] = "devices.read"

    device_id: UUID
    vehicle_id: UUID | None
    from_at: datetime
    is_source: bool
