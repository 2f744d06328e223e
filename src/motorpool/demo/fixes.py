"""What a tracker says at a moment: the rows of `POST /api/v1/telemetry`, with the errors of real receivers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from motorpool.demo.day import Day
from motorpool.demo.ground import Floats, altitude_m, to_lat_lon
from motorpool.demo.kinds import Kind
from motorpool.demo.noise import bell, drifting
from motorpool.demo.roster import Entry
from motorpool.demo.track import Sample

DRIFT_M, GRAIN_M = 2.0, 0.4
"""Deviation of a fix: a slow drift and a little on top of it; never beyond 9 m in an axis."""
MOVING_MPS = 0.3
_GEARS_KMH = (12.0, 25.0, 40.0, 60.0, 85.0)
_RPM_PER_MPS = np.array([430.0, 235.0, 155.0, 110.0, 82.0, 62.0])


def rows(entry: Entry, day: Day, at_s: NDArray[np.int64], seed: int, odometer_m: float) -> list[dict[str, Any]]:
    """The rows of one vehicle on one day. `odometer_m` is what it showed when the day began.

    Units are those of the API: m/s, degrees, metres, percent, °C, volts; `at` is UTC to the second.
    """
    second = (at_s - day.start_s).astype(np.float64)
    sample = day.track.at(second)
    key = (seed * 1_000_003 + entry.index) * 64
    columns: dict[str, list[Any]] = {
        "at": [f"{text}Z" for text in np.datetime_as_string(at_s.astype("datetime64[s]")).tolist()],
        **_place(sample, day, key),
        **_motion(sample, at_s, key),
        "odometer_m": _rounded(odometer_m + sample.distance_m, 0),
        "ignition": sample.ignition.tolist(),
        "fuel_percent": _rounded(np.clip(day.fuel(second, sample.distance_m), 0.0, 100.0), 1),
        **_engine(entry.kind, sample, at_s, key),
        "coolant_c": _rounded(day.coolant(second), 0),
    }
    told = [
        {"device": entry.device, **dict(zip(columns, values, strict=True))}
        for values in zip(*columns.values(), strict=True)
    ]
    _show_fault(told, day, second, sample)
    return told


def _place(sample: Sample, day: Day, key: int) -> dict[str, list[Any]]:
    """Where the receiver believes it is: near the truth, and steady while it stands."""
    steady_s = sample.still_since_s + day.start_s
    tick = steady_s.astype(np.int64)
    error = [DRIFT_M * drifting(key + 8 * k, steady_s, 25.0) + GRAIN_M * bell(key + 8 * k + 4, tick) for k in (0, 1)]
    lat_deg, lon_deg = to_lat_lon(sample.xy + np.stack(error, axis=1))
    return {
        "lat": _rounded(lat_deg, 7),
        "lon": _rounded(lon_deg, 7),
        "altitude_m": _rounded(altitude_m(sample.xy) + 3.0 * drifting(key + 16, steady_s, 60.0), 1),
        "accuracy_m": _rounded(3.6 + np.abs(drifting(key + 20, steady_s, 40.0)) * 1.6, 1),
    }


def _motion(sample: Sample, at_s: NDArray[np.int64], key: int) -> dict[str, list[Any]]:
    moving = sample.speed_mps > MOVING_MPS
    speed = np.where(moving, np.maximum(sample.speed_mps + 0.12 * bell(key + 24, at_s), 0.0), 0.0)
    heading = (sample.heading_deg + np.where(moving, 1.4 * bell(key + 28, at_s), 0.0)) % 360.0
    return {
        "speed_mps": _rounded(speed, 2),
        "heading_deg": _rounded(np.where(heading >= 359.95, 0.0, heading), 1),
    }


def _engine(kind: Kind, sample: Sample, at_s: NDArray[np.int64], key: int) -> dict[str, list[Any]]:
    """Revolutions by gear, and the battery, which the alternator lifts."""
    gear = np.searchsorted(_GEARS_KMH, sample.speed_mps * 3.6)
    heavy = 0.55 if kind.battery_v > 12 else 1.0
    turning = np.maximum(sample.speed_mps * _RPM_PER_MPS[gear] * heavy, kind.idle_rpm) + 14.0 * bell(key + 32, at_s)
    volts = kind.battery_v * np.where(sample.ignition, 1.172, 1.046) + 0.05 * bell(key + 36, at_s)
    return {"rpm": _rounded(np.where(sample.ignition, turning, 0.0), 0), "battery_v": _rounded(volts, 2)}


def _show_fault(told: list[dict[str, Any]], day: Day, second: Floats, sample: Sample) -> None:
    """The trouble code is read while the engine runs."""
    fault = day.itinerary.fault
    if fault is not None:
        for k in np.flatnonzero(sample.ignition & (second >= fault.start_s)).tolist():
            told[k]["dtcs"] = [fault.code]


def _rounded(column: Floats, digits: int) -> list[Any]:
    rounded: list[Any] = np.round(column, digits).tolist()
    return rounded
