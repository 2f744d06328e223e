"""What compiled stages write: a verdict per row, and the changes of trips in the order they happened."""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from motorpool.telemetry.state import CORE

NOTHING, OPENED, CLOSED, STOPPED_AT = 0, 1, 2, 3
"""Kinds of a change: a trip was confirmed, a trip ended, a halt inside a trip was a stop."""


class Change(NamedTuple):
    """One entry of the tape; which fields mean something depends on its kind."""

    vehicle: int  # index into the touched vehicles
    kind: int
    stops: int
    trip_started_us: int
    started_us: int  # of the trip, or of the halt
    ended_us: int
    left_us: int
    standing_us: int
    idle_us: int
    start_lat_deg: float
    start_lon_deg: float
    end_lat_deg: float
    end_lon_deg: float
    distance_m: float
    odometer_start_m: float
    odometer_end_m: float
    max_speed_mps: float


CHANGE = np.dtype([(name, kind) for name, kind in Change.__annotations__.items()])
"""`Change` as a record: int64 and float64."""


class Tape(NamedTuple):
    """`verdict` int8 of each row; `changes` of `CHANGE` and, beside them, `checkpoints` of `CORE`; their
    `length` (1,)."""

    verdict: NDArray[np.int8]
    changes: NDArray[np.void]
    checkpoints: NDArray[np.void]
    length: NDArray[np.int64]


def tape_for(rows: int) -> Tape:
    """An empty tape for so many rows. A row changes one trip at most: what it closes, it cannot yet
    replace."""
    return Tape(
        verdict=np.zeros(rows, dtype=np.int8),
        changes=np.empty(rows + 1, dtype=CHANGE),
        checkpoints=np.empty(rows + 1, dtype=CORE),
        length=np.zeros(1, dtype=np.int64),
    )


@njit(cache=False)
def note_trip(change: Any, vehicle: Any, kind: int) -> None:
    """Write down the present trip of a vehicle; the caller fills in its end."""
    change.kind = kind
    change.trip_started_us = vehicle.trip_started_us
    change.started_us = vehicle.trip_started_us
    change.start_lat_deg = vehicle.trip_lat_deg
    change.start_lon_deg = vehicle.trip_lon_deg
    change.odometer_start_m = vehicle.trip_odometer_m
    change.max_speed_mps = vehicle.trip_max_speed_mps
    change.standing_us = vehicle.trip_standing_us
    change.idle_us = vehicle.trip_idle_us
    change.stops = vehicle.trip_stops


@njit(cache=False)
def note_stop(change: Any, vehicle: Any, left_us: int) -> None:
    """Write down the present halt of a vehicle."""
    change.kind = STOPPED_AT
    change.trip_started_us = vehicle.trip_started_us
    change.started_us = vehicle.halt_started_us
    change.ended_us = vehicle.halt_last_us
    change.left_us = left_us
    change.start_lat_deg = vehicle.halt_lat_deg
    change.start_lon_deg = vehicle.halt_lon_deg
    change.idle_us = vehicle.halt_idle_us
