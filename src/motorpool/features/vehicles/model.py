"""The rules of vehicles: VINs, kinds, states, what a search finds."""

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from motorpool.features.vehicles.events import VehicleAdded, VehicleChanged
from motorpool.kernel.errors import Conflict, Invalid

KINDS = ("car", "van", "truck", "bus", "trailer", "motorcycle", "machine", "other")
FUEL_TYPES = ("petrol", "diesel", "electric", "hybrid", "cng", "lpg", "hydrogen", "none", "unknown")
STATUSES = ("in_service", "reserved", "in_maintenance", "out_of_service", "retired")

# Values and weights of the check digit [49 CFR 565.15(c)].
VIN_VALUES = {
    **{str(digit): digit for digit in range(10)},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    **{"P": 7, "R": 9},
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
VIN_SHAPE = re.compile("^[A-HJ-NPR-Z0-9]{17}$")


class VinInvalid(Invalid):
    """A VIN has 17 letters and digits, without I, O and Q."""


class VinCheckDigitWrong(Invalid):
    """The check digit of this VIN does not fit: a sign is mistyped."""


class VinTaken(Conflict):
    """Another vehicle of yours has this VIN."""


class FleetUnknown(Invalid):
    """There is no fleet by that id."""


class FleetNameTaken(Conflict):
    """Another fleet has this name."""


class PersonUnknown(Invalid):
    """Nobody of your company has this id."""


class VehicleRetired(Conflict):
    """This vehicle is retired; bring it back into service first."""


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle as the rules see it."""

    id: UUID
    no: int
    name: str
    vin: str | None
    plate: str | None
    make: str | None
    model: str | None
    year: int | None
    kind: str
    fuel_type: str
    fleet_id: UUID | None
    status: str
    version: int

    def added(self) -> VehicleAdded:
        """The fact that it joined."""
        return VehicleAdded(self.id, self.no, self.name, self.plate, self.kind, self.fleet_id, self.status)

    def changed(self, fields: dict[str, Any]) -> tuple["Vehicle", VehicleChanged]:
        """It with some fields changed, and the fact. Raises VehicleRetired when a retired one is changed without its status."""
        if self.status == "retired" and fields.get("status", "retired") == "retired":
            raise VehicleRetired
        new = replace(self, **fields, version=self.version + 1)
        return new, VehicleChanged(new.id, new.no, new.name, new.plate, new.kind, new.fleet_id, new.status)


def checked_vin(text: str) -> str:
    """A VIN in capitals. Raises VinInvalid, VinCheckDigitWrong.

    The check digit is demanded where it is the rule: of vehicles made for North America (first sign 1 to 5)
    and China (L) [49 CFR 565.15; GB 16735].
    """
    vin = text.strip().upper()
    if not VIN_SHAPE.match(vin):
        raise VinInvalid
    if vin[0] in "12345L" and vin[8] != check_digit(vin):
        raise VinCheckDigitWrong
    return vin


def check_digit(vin: str) -> str:
    """The check digit (9th sign) a VIN should have [49 CFR 565.15(c)]."""
    rest = sum(VIN_VALUES[sign] * weight for sign, weight in zip(vin, VIN_WEIGHTS, strict=True)) % 11
    return "X" if rest == 10 else str(rest)


FOLDED_MOST = 300


def folded(text: str) -> str:
    """Text for sorting and searching: no case, no marks, at most 300 signs (some signs unfold to eighteen, an index row holds 2 700 bytes)."""
    # Twice, because a sign may fall apart into capitals: U+1F110 is (A).
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))[:FOLDED_MOST]


def search_terms(*texts: str | None) -> list[str]:
    """The words somebody may look for: each word, each that is written together (`Smith-Jones`), and each text without its
    blanks (plates)."""
    found: set[str] = set()
    for text in texts:
        if text:
            together = [re.findall(r"\w+", one) for one in folded(text).split()]
            words = [word for one in together for word in one]
            found.update(word[:60] for word in (*words, *("".join(one) for one in together), "".join(words)))
    return sorted(found - {""})
