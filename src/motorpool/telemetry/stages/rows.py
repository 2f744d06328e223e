"""What compiled stages read: the columns of a batch, and one row of them."""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from motorpool.telemetry.batch import Batch


class Columns(NamedTuple):
    """Rows sorted by vehicle, time, source first, content. Dtypes and units: `batch.Batch`."""

    at_us: NDArray[np.int64]
    lat_deg: NDArray[np.float64]
    lon_deg: NDArray[np.float64]
    speed_mps: NDArray[np.float32]
    heading_deg: NDArray[np.float32]
    altitude_m: NDArray[np.float32]
    accuracy_m: NDArray[np.float32]
    odometer_m: NDArray[np.float64]
    ignition: NDArray[np.int8]
    fuel_percent: NDArray[np.float32]
    rpm: NDArray[np.float32]
    coolant_c: NDArray[np.float32]
    battery_v: NDArray[np.float32]
    is_source: NDArray[np.bool_]
    content: NDArray[np.int64]


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


def columns_of(batch: Batch) -> Columns:
    """The columns of a batch, without copying."""
    fixes = batch.fixes
    said = {name: getattr(fixes, name) for name in Columns._fields if name not in ("is_source", "content")}
    return Columns(**said, is_source=batch.is_source, content=batch.content)


@njit(cache=False)
def fix_of(rows: Any, row: int) -> Fix:
    """One row."""
    return Fix(
        rows.at_us[row],
        rows.lat_deg[row],
        rows.lon_deg[row],
        float(rows.speed_mps[row]),
        rows.odometer_m[row],
    )
