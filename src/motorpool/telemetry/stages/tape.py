"""What compiled stages write: a verdict per row, and the changes of trips in the order they happened."""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from motorpool.telemetry.state import CORE

OPENED, CLOSED, STOPPED_AT = 1, 2, 3
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
    """`verdict` int8 (rows,), `changes` (2 × rows,) of `CHANGE`, `checkpoints` of `CORE` beside them,
    `length` int64 (1,)."""

    verdict: NDArray[np.int8]
    changes: NDArray[np.void]
    checkpoints: NDArray[np.void]
    length: NDArray[np.int64]


def tape_for(rows: int) -> Tape:
    """An empty tape with room for everything so many rows can cause: one row closes one trip and opens
    another at most."""
    return Tape(
        verdict=np.zeros(rows, dtype=np.int8),
        changes=np.empty(2 * rows, dtype=CHANGE),
        checkpoints=np.empty(2 * rows, dtype=CORE),
        length=np.zeros(1, dtype=np.int64),
    )


@njit(cache=False)
def note_trip(tape: Any, index: int, vehicle: Any, kind: int) -> Any:
    """Write the present trip of a vehicle on the tape; the caller fills in its end."""
    change = tape.changes[tape.length[0]]
    tape.length[0] += 1
    change.vehicle = index
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
    return change


@njit(cache=False)
def note_stop(tape: Any, index: int, vehicle: Any, left_us: int) -> None:
    """Write the present halt of a vehicle on the tape."""
    change = tape.changes[tape.length[0]]
    tape.length[0] += 1
    change.vehicle = index
    change.kind = STOPPED_AT
    change.trip_started_us = vehicle.trip_started_us
    change.started_us = vehicle.halt_started_us
    change.ended_us = vehicle.halt_last_us
    change.left_us = left_us
    change.start_lat_deg = vehicle.halt_lat_deg
    change.start_lon_deg = vehicle.halt_lon_deg
    change.idle_us = vehicle.halt_idle_us
