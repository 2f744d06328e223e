"""What devices speaks over HTTP."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from motorpool.runtime.http.shapes import Boolean, Input, Instant, Output, ShortText, Text


class NewDevice(Input):
    """A tracker to add: the identifiers it sends (IMEI, device id), and the vehicle it speaks for from now on."""

    name: Text | None = None
    model: ShortText | None = None
    identifiers: Annotated[list[ShortText], Field(min_length=1, max_length=10)]
    vehicle_id: UUID | None = None


class DeviceChange(Input):
    """The fields to change; what is left out stays."""

    name: Text = "-"
    model: ShortText | None = None
    identifiers: Annotated[list[ShortText], Field(min_length=1, max_length=10)] = ["-"]


class NewAssignment(Input):
    """From when on the device speaks for which vehicle; null: for none. Without `from` it is now."""

    vehicle_id: UUID | None
    from_at: Instant | None = Field(default=None, alias="from")
    source: Boolean = True


class IdentifierOut(Output):
    """A name the device sends; `on_ports`: it may use it on the device ports."""

    value: str
    on_ports: bool


class DeviceOut(Output):
    """A tracker and the vehicle it speaks for now."""

    id: UUID
    no: int
    name: str
    model: str | None
    identifiers: list[IdentifierOut]
    vehicle_id: UUID | None
    created_at: datetime
    version: int


class AssignmentOut(Output):
    """A stretch of time a device speaks for a vehicle; the next one ends it."""

    from_at: datetime = Field(serialization_alias="from")
    vehicle_id: UUID | None
    source: bool


class RejectionOut(Output):
    """A row that was not taken, and why."""

    index: int
    code: str
    detail: str


class ReceiptOut(Output):
    """What became of a batch of positions; it is committed when this arrives."""

    accepted: int
    duplicates: int
    rejected: list[RejectionOut]


class PositionIn(Input):
    """One position as a program sends it."""

    device: str
    at: datetime
    lat: float
    lon: float
    speed_mps: float | None = None
    heading_deg: float | None = None
    altitude_m: float | None = None
    accuracy_m: float | None = None
    odometer_m: float | None = None
    ignition: bool | None = None
    fuel_percent: float | None = None
    rpm: float | None = None
    coolant_c: float | None = None
    battery_v: float | None = None
    dtcs: list[str] | None = None
    sensors: dict[str, Any] | None = None


class PositionsIn(Input):
    """A batch of positions, up to 5 000."""

    positions: list[PositionIn] = Field(max_length=5000)
