"""From what a device said, point by point, to the columns of `Fixes`.

A codec collects `Point`s: place and time, plus named sensors in SI units. `fixes_of` moves the sensors that
have a column of their own into it and keeps the rest, nothing lost, as `extra`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite, isnan, nan
from typing import Any

import msgspec
import numpy as np

from motorpool.telemetry.batch import UNKNOWN, Fixes

Sensor = float | int | str | bool | list[Any]

# What a column takes. Something outside (a fuel level of 255 % means "not available" on many buses) is no
# reason to lose the point: it stays a sensor under the column's name, and the column says nothing.
RANGES: Mapping[str, tuple[float, float]] = {
    "speed_mps": (0, 140),
    "heading_deg": (0, 360),
    "altitude_m": (-500, 10_000),
    "accuracy_m": (0, 1e6),
    "odometer_m": (0, 1e10),
    "fuel_percent": (0, 100),
    "rpm": (0, 20_000),
    "coolant_c": (-60, 250),
    "battery_v": (0, 1_000),
}
_EXTRA = msgspec.json.Encoder(order="sorted")


@dataclass(slots=True)
class Point:
    """One fix as a codec read it. A place that is not known is (0, 0); `ignition` None is not said.

    `said` has values for columns (keys of RANGES), `sensors` everything else by name with the unit in the
    name (`oil_bar`).
    """

    at_us: int
    lat_deg: float
    lon_deg: float
    said: dict[str, float] = field(default_factory=dict)
    ignition: bool | None = None
    sensors: dict[str, Sensor] = field(default_factory=dict)
    dtcs: list[str] = field(default_factory=list)


def fixes_of(points: Sequence[Point]) -> Fixes:
    """The points as columns, in the same order."""
    columns: dict[str, Any] = {}
    for name in {name for point in points for name in point.said}:
        said = [_fitting(name, point.said.get(name, nan)) for point in points]
        columns[name] = np.array(said, np.float64 if name == "odometer_m" else np.float32)
    extra = np.empty(len(points), object)
    extra[:] = [_extra(point) for point in points]
    return Fixes.of(
        at_us=np.array([point.at_us for point in points], np.int64),
        lat_deg=np.array([point.lat_deg for point in points], np.float64),
        lon_deg=np.array([point.lon_deg for point in points], np.float64),
        ignition=np.array([UNKNOWN if point.ignition is None else point.ignition for point in points], np.int8),
        extra=extra,
        **columns,
    )


def text_of(raw: bytes) -> str:
    """Bytes of a device as text: ASCII without control characters at its ends, hexadecimal when it is not
    text.
    """
    stripped = raw.strip(b"\x00 \r\n\t")
    if all(32 <= byte < 127 or byte in b"\r\n\t" for byte in stripped):
        return stripped.decode("ascii")
    return raw.hex()


def _fitting(name: str, value: float) -> float:
    low, high = RANGES[name]
    return value if low <= value <= high else nan


def _extra(point: Point) -> bytes | None:
    sensors = point.sensors
    for name, value in point.said.items():
        if isnan(_fitting(name, value)) and isfinite(value):
            sensors = {**sensors, name: value}
    found: dict[str, Any] = {}
    if point.dtcs:
        found["dtcs"] = sorted(set(point.dtcs))
    if sensors:
        found["sensors"] = sensors
    return _EXTRA.encode(found) if found else None
