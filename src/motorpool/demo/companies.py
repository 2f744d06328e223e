"""The companies of the demo. Two, so that one can see that neither sees the other."""

from dataclasses import dataclass
from typing import Any

PASSWORD = "motorpool-demo"  # noqa: S105 - shown on the start page of a demo


@dataclass(frozen=True, slots=True)
class Company:
    """A demo company and its administrator."""

    slug: str
    name: str
    admin_email: str
    admin_name: str
    settings: dict[str, Any]


METRIC = {
    "timezone": "Europe/Zurich",
    "date_format": "DD.MM.YYYY",
    "currency": "EUR",
    "distance_unit": "km",
    "fuel_unit": "L",
    "temperature_unit": "C",
}

COMPANIES: tuple[Company, ...] = (
    Company("demo", "Demo Town Services", "admin@demo.example", "Alex Morgan", METRIC),
    Company("other", "Other Haulage", "admin@other.example", "Robin Hale", METRIC),
)
