"""What the stages noticed of trips, as few Python objects: one per trip or stop, never one per row."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from motorpool.telemetry.stages.tape import OPENED, STOPPED_AT, Change, Tape
from motorpool.telemetry.state import DRIVING, pack_cores


@dataclass(frozen=True, slots=True)
class TripChange:
    """A trip that was opened or closed; `(slot, started_us)` is its key, no vehicle has two of one start.

    Times [µs], places [deg], lengths [m], durations [s], speeds [m/s]. `ended_us`, `end_…` and
    `odometer_end_m` are None while it is open; the figures of an opened one are those so far. `checkpoint` is
    the packed state before the trip's first row and `checkpoint_us` the newest row that state knows; a closed
    one carries neither (empty, 0), because they were told when it opened.
    """

    slot: int
    kind: Literal["opened", "closed"]
    started_us: int
    ended_us: int | None
    start_lat_deg: float
    start_lon_deg: float
    end_lat_deg: float | None
    end_lon_deg: float | None
    distance_m: float
    drive_s: float
    idle_s: float
    stops: int
    max_speed_mps: float
    odometer_start_m: float
    odometer_end_m: float | None
    checkpoint: bytes = b""
    checkpoint_us: int = 0


@dataclass(frozen=True, slots=True)
class Stop:
    """A halt inside a trip, of at least `Rules.stop_us`; `(slot, started_us)` is its key.

    From `started_us` to `ended_us`, the last fix seen standing there; `left_us` is the first fix seen moving
    again, `trip_started_us` the key of its trip, `idle_s` how long of it the ignition was not off [s].
    """

    slot: int
    trip_started_us: int
    started_us: int
    ended_us: int
    left_us: int
    lat_deg: float
    lon_deg: float
    idle_s: float


def told(tape: Tape, touched: NDArray[np.int32]) -> tuple[list[TripChange], list[Stop]]:
    """The changes on a tape, each vehicle's in the order they happened. `touched`: slot of each vehicle."""
    length = int(tape.length[0])
    written = tape.changes[:length]
    slots = touched[written["vehicle"]].tolist()
    changes = [Change._make(one) for one in written.tolist()]
    opened = tape.checkpoints[:length][written["kind"] == OPENED]
    checkpoints = iter(zip(pack_cores(opened), opened["last_any_at_us"].tolist(), strict=True))
    trips: list[TripChange] = []
    stops: list[Stop] = []
    for slot, change in zip(slots, changes, strict=True):
        if change.kind == STOPPED_AT:
            stops.append(_stop(slot, change))
        elif change.kind == OPENED:
            trips.append(_opened(slot, change, *next(checkpoints)))
        else:
            trips.append(_closed(slot, change))
    return trips, stops


def open_trip(record: NDArray[np.void], slot: int) -> TripChange | None:
    """The trip that is open in a record, (1,) of `STATE`, with its figures so far but no checkpoint; None
    without one.

    A halt that lasts is not yet standing: whether it is a stop or the end, the next fixes tell.
    """
    vehicle = record[0]
    if vehicle["phase"] != DRIVING:
        return None
    started_us = int(vehicle["trip_started_us"])
    return TripChange(
        slot=slot,
        kind="opened",
        started_us=started_us,
        ended_us=None,
        start_lat_deg=float(vehicle["trip_lat_deg"]),
        start_lon_deg=float(vehicle["trip_lon_deg"]),
        end_lat_deg=None,
        end_lon_deg=None,
        distance_m=float(vehicle["trip_distance_m"]),
        drive_s=int(vehicle["fix_at_us"] - started_us - vehicle["trip_standing_us"]) / 1e6,
        idle_s=int(vehicle["trip_idle_us"]) / 1e6,
        stops=int(vehicle["trip_stops"]),
        max_speed_mps=float(vehicle["trip_max_speed_mps"]),
        odometer_start_m=float(vehicle["trip_odometer_m"]),
        odometer_end_m=None,
    )


def _opened(slot: int, change: Change, checkpoint: bytes, checkpoint_us: int) -> TripChange:
    return TripChange(
        slot=slot,
        kind="opened",
        started_us=change.started_us,
        ended_us=None,
        start_lat_deg=change.start_lat_deg,
        start_lon_deg=change.start_lon_deg,
        end_lat_deg=None,
        end_lon_deg=None,
        distance_m=change.distance_m,
        drive_s=(change.ended_us - change.started_us) / 1e6,
        idle_s=0.0,
        stops=0,
        max_speed_mps=change.max_speed_mps,
        odometer_start_m=change.odometer_start_m,
        odometer_end_m=None,
        checkpoint=checkpoint,
        checkpoint_us=checkpoint_us,
    )


def _closed(slot: int, change: Change) -> TripChange:
    return TripChange(
        slot=slot,
        kind="closed",
        started_us=change.started_us,
        ended_us=change.ended_us,
        start_lat_deg=change.start_lat_deg,
        start_lon_deg=change.start_lon_deg,
        end_lat_deg=change.end_lat_deg,
        end_lon_deg=change.end_lon_deg,
        distance_m=change.distance_m,
        drive_s=(change.ended_us - change.started_us - change.standing_us) / 1e6,
        idle_s=change.idle_us / 1e6,
        stops=change.stops,
        max_speed_mps=change.max_speed_mps,
        odometer_start_m=change.odometer_start_m,
        odometer_end_m=change.odometer_end_m,
    )


def _stop(slot: int, change: Change) -> Stop:
    return Stop(
        slot=slot,
        trip_started_us=change.trip_started_us,
        started_us=change.started_us,
        ended_us=change.ended_us,
        left_us=change.left_us,
        lat_deg=change.start_lat_deg,
        lon_deg=change.start_lon_deg,
        idle_s=change.idle_us / 1e6,
    )
