"""What cannot be: refused at the door where one row tells, left unused where only its neighbours tell.

`admit` is the door: stateless, before anything is stored, with a stable code per refusal. `judge` is a stage:
a place that no vehicle could have reached from the last used one is an outlier. It is stored (another order
of arrival might make it right) but moves nothing. When `jump_agreeing` outliers in a row could have been
driven among themselves, the vehicle is believed to be there: the jump is not driven distance, and it ends a
trip. Of one instant the first place counts, the others are not looked at.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from motorpool.kernel.time import DAY_US, SECOND_US
from motorpool.science.geo.sphere import haversine_m
from motorpool.telemetry.batch import Fixes
from motorpool.telemetry.reference import Rules
from motorpool.telemetry.stages.rows import Fix

CODES = ("", "out_of_range", "no_position", "implausible_speed", "time_too_old", "time_in_future")
"""Stable rejection codes; `admit` answers indexes into this."""

GOOD, OUT_OF_RANGE, NO_POSITION, IMPLAUSIBLE_SPEED, TIME_TOO_OLD, TIME_IN_FUTURE = range(6)

AHEAD_US = 600 * SECOND_US
"""So far a device's clock may be ahead of ours."""

NULL_ISLAND_DEG = 1e-4
FASTEST_MPS = Rules().jump_speed_mps

RANGES: dict[str, tuple[float, float]] = {
    "lat_deg": (-90.0, 90.0),
    "lon_deg": (-180.0, 180.0),
    "speed_mps": (0.0, 140.0),
    "heading_deg": (0.0, 360.0),
    "altitude_m": (-500.0, 10_000.0),
    "accuracy_m": (0.0, 1e9),
    "odometer_m": (0.0, 1e10),
    "ignition": (-1.0, 1.0),
    "fuel_percent": (0.0, 100.0),
    "rpm": (0.0, 20_000.0),
    "coolant_c": (-60.0, 250.0),
    "battery_v": (0.0, 1_000.0),
}
"""Least and greatest value of each column, both accepted."""

UNUSED, USED, JUMPED, OUTLIER, SAME_INSTANT = 0, 1, 2, 3, 4
"""Verdicts of `judge`: UNUSED rows say no place or did not pass the stages (late); USED and JUMPED moved the
vehicle."""


def admit(fixes: Fixes, now_us: int, retention_us: int = 2557 * DAY_US) -> NDArray[np.int8]:
    """Judge each row by itself.

    Parameters
    ----------
    fixes : Fixes (n rows)
        As decoded.
    now_us : int
        The present [µs since 1970-01-01 UTC].
    retention_us : int
        Older rows than this are refused [µs].

    Returns
    -------
    int8 (n,)
        Index into `CODES`, 0 = good; of several faults the time is told first, then the place, a range, the
        speed.
    """
    codes = np.zeros(len(fixes), dtype=np.int8)
    codes[_out_of_range(fixes)] = OUT_OF_RANGE
    nowhere = np.isnan(fixes.lat_deg) | np.isnan(fixes.lon_deg)
    null_island = (np.abs(fixes.lat_deg) < NULL_ISLAND_DEG) & (np.abs(fixes.lon_deg) < NULL_ISLAND_DEG)
    codes[nowhere | null_island] = NO_POSITION
    codes[(codes == GOOD) & (fixes.speed_mps > FASTEST_MPS)] = IMPLAUSIBLE_SPEED
    codes[fixes.at_us < now_us - retention_us] = TIME_TOO_OLD
    codes[fixes.at_us > now_us + AHEAD_US] = TIME_IN_FUTURE
    return codes


def canonical(fixes: Fixes) -> Fixes:
    """The same fixes with one spelling of each value: heading 360 is 0, NaN has one bit pattern.

    To be called on admitted rows, before `content_hash`.
    """
    columns = {name: getattr(fixes, name) for name in Fixes.__dataclass_fields__}
    for name, column in columns.items():
        if column.dtype.kind == "f" and np.isnan(column).any():
            columns[name] = np.where(np.isnan(column), column.dtype.type(np.nan), column)
    heading = columns["heading_deg"]
    columns["heading_deg"] = np.where(heading >= 360, np.float32(0), heading)
    return Fixes(**columns)


def _out_of_range(fixes: Fixes) -> NDArray[np.bool_]:
    wrong = np.zeros(len(fixes), dtype=np.bool_)
    for name, (least, greatest) in RANGES.items():
        column = getattr(fixes, name)
        wrong |= (column < least) | (column > greatest)
    return wrong


@njit(cache=False)
def judge(vehicle: Any, fix: Fix, rules: Rules) -> tuple[int, float]:
    """Verdict on a place and its distance from the last used one [m]; changes only the run of outliers."""
    if vehicle.looked_at_us == fix.at_us:
        return SAME_INSTANT, 0.0
    vehicle.looked_at_us = fix.at_us
    if vehicle.fix_at_us == 0:
        return USED, 0.0
    hop_m = haversine_m(vehicle.lat_deg, vehicle.lon_deg, fix.lat_deg, fix.lon_deg)
    if _reachable(hop_m, fix.at_us - vehicle.fix_at_us, rules):
        vehicle.outliers = 0
        return USED, hop_m
    return _outlier(vehicle, fix, rules), 0.0


@njit(cache=False)
def _outlier(vehicle: Any, fix: Fix, rules: Rules) -> int:
    agreeing = 1
    if vehicle.outliers > 0:
        apart_m = haversine_m(vehicle.outlier_lat_deg, vehicle.outlier_lon_deg, fix.lat_deg, fix.lon_deg)
        if _reachable(apart_m, fix.at_us - vehicle.outlier_at_us, rules):
            agreeing = vehicle.outliers + 1
    vehicle.outlier_at_us = fix.at_us
    vehicle.outlier_lat_deg = fix.lat_deg
    vehicle.outlier_lon_deg = fix.lon_deg
    vehicle.outliers = agreeing
    if agreeing < rules.jump_agreeing:
        return OUTLIER
    vehicle.outliers = 0
    return JUMPED


@njit(cache=False)
def _reachable(distance_m: float, since_us: int, rules: Rules) -> bool:
    return distance_m - rules.jump_noise_m <= rules.jump_speed_mps * (since_us / 1e6)
