"""What compiled stages read: the rows of a batch as records."""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from motorpool.telemetry.batch import Batch

ROW = np.dtype(
    [
        ("at_us", np.int64),
        ("content", np.int64),
        ("lat_deg", np.float64),
        ("lon_deg", np.float64),
        ("odometer_m", np.float64),
        ("speed_mps", np.float32),
        ("heading_deg", np.float32),
        ("altitude_m", np.float32),
        ("accuracy_m", np.float32),
        ("fuel_percent", np.float32),
        ("rpm", np.float32),
        ("coolant_c", np.float32),
        ("battery_v", np.float32),
        ("ignition", np.int8),
        ("is_source", np.bool_),
        ("reserved", np.uint8, (6,)),
    ]
)
"""A row of a batch. A compiled function takes a record by one pointer, but fifteen columns by a hundred
numbers."""


class Fix(NamedTuple):
    """A place and what was said with it; NaN = not said."""

    at_us: int
    lat_deg: float
    lon_deg: float
    speed_mps: float
    odometer_m: float


class Move(NamedTuple):
    """What the stages before `trips` found out about a fix."""

    since_us: int
    """Time since the last used fix [µs]."""
    jumped: bool
    """It did not drive here."""
    moved: bool
    """It left the rest place."""
    gained_m: float
    """Metres added to the odometer."""
    pace_mps: float
    """Speed, as said or implied; 0 where neither is known [m/s]."""
    ignition_before: int
    """Ignition since the last fix."""
    ignition: int
    """Ignition from now on."""


def rows_of(batch: Batch) -> NDArray[np.void]:
    """The rows of a batch, (n,) of `ROW`."""
    rows = np.zeros(len(batch), dtype=ROW)
    for name in ROW.names or ():
        if name in ("is_source", "content"):
            rows[name] = getattr(batch, name)
        elif name != "reserved":
            rows[name] = getattr(batch.fixes, name)
    return rows


@njit(cache=False)
def fix_of(row: Any) -> Fix:
    """The place of a row and what was said with it."""
    return Fix(row.at_us, row.lat_deg, row.lon_deg, float(row.speed_mps), row.odometer_m)
