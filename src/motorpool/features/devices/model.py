"""The rules of devices: identifiers and assignment over time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from motorpool.kernel.errors import Conflict, Invalid


class IdentifierTaken(Conflict):
    """Another of your devices has this identifier."""


class IdentifierClaimed(Conflict):
    """This identifier speaks for another company on the device ports and cannot be shared."""


class IdentifiersMissing(Invalid):
    """A device needs at least one identifier: the name it sends, such as its IMEI."""


class VehicleUnknown(Invalid):
    """There is no vehicle by that id."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """From `from_at` on the device speaks for the vehicle, until the next assignment begins; None: for no vehicle.

    A list of beginnings cannot overlap. `is_source`: its place moves the vehicle; otherwise it only adds sensors.
    """

    from_at: datetime
    vehicle_id: UUID | None
    is_source: bool


def now_assigned(assignments: list[Assignment], at: datetime) -> Assignment | None:
    """The assignment that holds at a time; None before the first."""
    held = [one for one in assignments if one.from_at <= at]
    return max(held, key=lambda one: one.from_at) if held else None


def is_name(identifier: str) -> bool:
    """Whether a device that nobody knew may be called so: something to read, without blanks around."""
    return identifier.isprintable() and identifier == identifier.strip() != ""


def identifiers_of(values: list[str]) -> list[str]:
    """Identifiers without blanks around and without repetition, in order. Raises IdentifiersMissing."""
    found = list(dict.fromkeys(value.strip() for value in values if value.strip()))
    if not found:
        raise IdentifiersMissing
    return found
