"""What vehicles speaks over HTTP."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from motorpool.features.vehicles.model import VinCheckDigitWrong, VinInvalid, checked_vin
from motorpool.runtime.http.shapes import Input, Integer, Output, Readable, ShortText, Text

Kind = Literal["car", "van", "truck", "bus", "trailer", "motorcycle", "machine", "other"]
FuelType = Literal["petrol", "diesel", "electric", "hybrid", "cng", "lpg", "hydrogen", "none", "unknown"]
Status = Literal["in_service", "reserved", "in_maintenance", "out_of_service", "retired"]


def _vin(value: str) -> str:
    try:
        return checked_vin(value)
    except (VinInvalid, VinCheckDigitWrong) as error:
        raise ValueError(error.detail) from error


Vin = Annotated[str, StringConstraints(max_length=40), AfterValidator(_vin)]
Plate = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40), Readable]
Year = Annotated[Integer, Field(ge=1900, le=2200)]


class NewVehicle(Input):
    """A vehicle to add."""

    name: Text
    vin: Vin | None = None
    plate: Plate | None = None
    make: ShortText | None = None
    model: ShortText | None = None
    year: Year | None = None
    kind: Kind = "car"
    fuel_type: FuelType = "unknown"
    fleet_id: UUID | None = None
    status: Status = "in_service"


class VehicleChange(Input):
    """The fields to change; what is left out stays, null empties where a field may be empty."""

    name: Text = "-"
    vin: Vin | None = None
    plate: Plate | None = None
    make: ShortText | None = None
    model: ShortText | None = None
    year: Year | None = None
    kind: Kind = "car"
    fuel_type: FuelType = "unknown"
    fleet_id: UUID | None = None
    status: Status = "in_service"


class VehicleLatest(Output):
    """Where a vehicle was last, and when."""

    at: datetime
    lat: float
    lon: float
    speed_mps: float | None
    heading_deg: float | None
    motion: Literal["unknown", "moving", "idling", "stopped"]
    odometer_m: float
    fuel_percent: float | None


class VehicleOut(Output):
    """A vehicle, with its last position where it has one."""

    id: UUID
    no: int
    name: str
    vin: str | None
    plate: str | None
    make: str | None
    model: str | None
    year: int | None
    kind: Kind
    fuel_type: FuelType
    fleet_id: UUID | None
    status: Status
    created_at: datetime
    version: int
    latest: VehicleLatest | None = None


class NewFleet(Input):
    """A fleet to make."""

    name: Text


class FleetOut(Output):
    """A fleet and how many vehicles are in it."""

    id: UUID
    name: str
    vehicles: int
    version: int


class NewViewer(Input):
    """The person who shall see the vehicle."""

    person_id: UUID
