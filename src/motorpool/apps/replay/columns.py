"""Which column of a recording means what: guessed from common names, or said with `--map column=field`."""

import re
from collections.abc import Mapping, Sequence

from motorpool.apps.replay.errors import ColumnMissing, MappingWrong

NAMES: Mapping[str, str] = {
    "device": "device deviceid imei vehicleid vehicle bus busid truck truckid unit unitid tracker trackerid fleetnumber plate id",
    "at": "at timestamp time datetime timeutc utctime fixtime devicetime gpstime recordedat positiontime ts",
    "date": "date day",
    "lat": "lat latitude gpslat gpslatitude",
    "lon": "lon lng long longitude gpslon gpslng gpslong gpslongitude",
    "speed_mps": "speedmps speedms gpsspeedmps velocitymps",
    "speed_kmh": "speedkmh speedkph gpsspeedkmh velocitykmh",
    "speed_mph": "speedmph gpsspeedmph velocitymph",
    "speed_kn": "speedkn speedknots speedkt",
    "speed": "gpsspeed speed velocity sog",
    "heading_deg": "headingdeg heading bearing course gpsheading direction cog azimuth",
    "altitude_m": "altitudem altitude alt ele elevation gpselevation gpsaltitude",
    "accuracy_m": "accuracym accuracy hacc horizontalaccuracy",
    "odometer_m": "odometerm",
    "odometer_km": "odometerkm mileagekm",
    "odometer_mi": "odometermi odometermiles",
    "ignition": "ignition ign engineon",
    "fuel_percent": "fuelpercent fuellevelpercent",
    "rpm": "rpm enginerpm",
    "coolant_c": "coolantc enginecoolantc",
    "battery_v": "batteryv batteryvoltage",
}
"""For each field the names its column may have, the likelier first; only letters and digits count."""

FIELDS = (*NAMES, "time")
"""`time` is the time of the day where `date` is a column of its own."""
ALTERNATIVES = (
    ("speed_mps", "speed_kmh", "speed_mph", "speed_kn", "speed"),
    ("odometer_m", "odometer_km", "odometer_mi"),
)
"""Of these fields a recording has one."""
WHEN = ("at", "date", "time")

Columns = dict[str, str]
"""Field → column."""


def guess(columns: Sequence[str], said: Sequence[str] = ()) -> Columns:
    """Which column holds which field. `said` are the `column=field` of `--map`; they win.

    Raises MappingWrong, and ColumnMissing when there is no latitude or longitude. The time may be missing: a drawn route has
    none, and the reader decides what to do about it.
    """
    overrides = dict(_override(text, columns) for text in said)
    left = {_plain(column): column for column in reversed(columns) if column not in overrides.values()}
    found: Columns = {}
    for field, names in NAMES.items():
        fit = next((left[name] for name in names.split() if name in left), None)
        if fit is not None:
            found[field] = fit
    _date_and_time(found)
    for family in (*ALTERNATIVES, WHEN):
        _settle(found, overrides, family)
    found.update(overrides)
    for field, word in (("lat", "latitude"), ("lon", "longitude")):
        if field not in found:
            raise ColumnMissing(
                f"No column looks like the {word}; say which with --map COLUMN={field}. {_listed(columns)}"
            )
    return found


def _date_and_time(found: Columns) -> None:
    """Two columns, Date and Time, are one time; a lone date is none."""
    if "date" in found and _plain(found.get("at", "")) == "time":
        found["time"] = found.pop("at")
    else:
        found.pop("date", None)


def _settle(found: Columns, overrides: Columns, family: tuple[str, ...]) -> None:
    """Of a family take what was said, if anything was; else the first that was found (of the times: all)."""
    said = [field for field in family if field in overrides]
    guessed = [field for field in family if field in found]
    for field in guessed if said else guessed[1:] if family is not WHEN else ():
        del found[field]
    found.update({field: overrides[field] for field in said})


def _override(text: str, columns: Sequence[str]) -> tuple[str, str]:
    column, _, field = text.rpartition("=")
    if not column:
        raise MappingWrong(f"--map takes column=field, not {text!r}.")
    if column not in columns:
        raise MappingWrong(f"There is no column {column!r}. {_listed(columns)}")
    if field not in FIELDS:
        raise MappingWrong(f"There is no field {field!r}; the fields are {', '.join(FIELDS)}.")
    return field, column


def _listed(columns: Sequence[str]) -> str:
    return f"The columns are {', '.join(columns)}."


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
