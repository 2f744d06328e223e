"""What is known of each vehicle after its newest row: one record of `STATE` per vehicle; all zero = never
heard.

The record is everything the stages remember, so a fold can be taken up at any record and ends in the same
bits. Stages own the fields of their paragraph below. `before` is the record as it was before a departure
began that is not yet a trip; it becomes the trip's checkpoint when the trip is confirmed and is zero
otherwise.

`trip_…` means something from DEPARTING on, `halt_…` while `halt_started_us` is not 0; what is left in them
otherwise is of the last one.

In the database a record is bytes (`pack`, `unpack`): a version byte, then the record; `before` is left out
while it is zero.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

VERSION = 1

MOTION_UNKNOWN, MOVING, IDLING, STOPPED = 0, 1, 2, 3
"""Values of `motion`; the wire and the database use the same numbers."""

PARKED, DEPARTING, DRIVING = 0, 1, 2
"""Values of `phase`: no trip, a departure that may become one, a trip that was told."""

CORE = np.dtype(
    [
        # heard: newest row of any device, newest instant of a place looked at, last said by any device
        ("last_any_at_us", np.int64),
        ("looked_at_us", np.int64),
        ("ignition_at_us", np.int64),
        ("fuel_percent", np.float32),
        ("rpm", np.float32),
        ("coolant_c", np.float32),
        ("battery_v", np.float32),
        # the last used fix, as said (NaN: not said)
        ("fix_at_us", np.int64),
        ("lat_deg", np.float64),
        ("lon_deg", np.float64),
        ("content", np.int64),
        ("speed_mps", np.float32),
        ("heading_deg", np.float32),
        ("altitude_m", np.float32),
        ("accuracy_m", np.float32),
        ("device_odometer_m", np.float64),
        # sanitize: the run of outliers that agree with each other
        ("outlier_at_us", np.int64),
        ("outlier_lat_deg", np.float64),
        ("outlier_lon_deg", np.float64),
        # motion: the place it is measured from, when it was last seen rolling
        ("rest_at_us", np.int64),
        ("rest_lat_deg", np.float64),
        ("rest_lon_deg", np.float64),
        ("rolled_at_us", np.int64),
        # odometer: total [m], and the place up to which it is counted
        ("odometer_m", np.float64),
        ("counted_lat_deg", np.float64),
        ("counted_lon_deg", np.float64),
        # trips: the present departure or trip
        ("trip_started_us", np.int64),
        ("trip_lat_deg", np.float64),
        ("trip_lon_deg", np.float64),
        ("trip_odometer_m", np.float64),
        ("trip_distance_m", np.float64),
        ("trip_standing_us", np.int64),
        ("trip_idle_us", np.int64),
        ("trip_max_speed_mps", np.float32),
        ("trip_stops", np.int32),
        # trips: the present halt inside it (started 0: none)
        ("halt_started_us", np.int64),
        ("halt_last_us", np.int64),
        ("halt_idle_us", np.int64),
        ("halt_off_us", np.int64),
        ("halt_lat_deg", np.float64),
        ("halt_lon_deg", np.float64),
        ("halt_odometer_m", np.float64),
        ("halt_distance_m", np.float64),
        # small numbers
        ("ignition", np.int8),  # −1 unknown, 0 off, 1 on: last said
        ("motion", np.uint8),
        ("phase", np.uint8),
        ("outliers", np.uint8),
        ("odometer_stuck", np.uint8),
        ("reserved", np.uint8, (3,)),
    ]
)
"""One vehicle without `before`; times [µs], angles [deg], lengths [m]."""

STATE = np.dtype([*CORE.descr, ("before", CORE)])


def fresh(vehicles: int) -> NDArray[np.void]:
    """State of vehicles that were never heard, (vehicles,) of `STATE`."""
    return np.zeros(vehicles, dtype=STATE)


def take(state: NDArray[np.void], slots: NDArray[np.integer[Any]], room: int = 0) -> NDArray[np.void]:
    """A copy of the records of some slots of a contiguous state, with `room` zero records behind them.

    numpy copies records field by field, which for `STATE` is ten times slower than by the word.
    """
    records = fresh(len(slots) + room)
    np.take(_words(state), slots, axis=0, out=_words(records)[: len(slots)])
    return records


def put(state: NDArray[np.void], slots: NDArray[np.integer[Any]], records: NDArray[np.void]) -> None:
    """Write records into their slots; the fast way to say `state[slots] = records`. Both contiguous."""
    _words(state)[slots] = _words(records)


def core_of(records: NDArray[np.void]) -> NDArray[np.void]:
    """The records without `before`, (n,) of `CORE`: a view that writes through."""
    return _part(records, 0)


def before_of(records: NDArray[np.void]) -> NDArray[np.void]:
    """The `before` of records, (n,) of `CORE`: a view that writes through."""
    return _part(records, CORE.itemsize)


def pack(record: NDArray[np.void] | np.void) -> bytes:
    """One record (scalar or array of one) as bytes with the version in front."""
    raw = np.asarray(record, dtype=STATE).tobytes()
    head, tail = raw[: CORE.itemsize], raw[CORE.itemsize :]
    return bytes([VERSION]) + (raw if any(tail) else head)


def pack_all(records: NDArray[np.void]) -> list[bytes]:
    """`pack` of each of (n,) of `STATE`, contiguous."""
    raw: list[bytes] = records.view(f"V{STATE.itemsize}").tolist()
    departing: NDArray[np.bool_] = np.any(_words(records)[:, CORE.itemsize // 8 :], axis=1)
    head, size = bytes([VERSION]), CORE.itemsize
    return [head + (one if whole else one[:size]) for one, whole in zip(raw, departing, strict=True)]


def pack_cores(cores: NDArray[np.void]) -> list[bytes]:
    """`pack` of each of (n,) of `CORE`, records without a departure."""
    raw, size = cores.tobytes(), CORE.itemsize
    return [bytes([VERSION]) + raw[start : start + size] for start in range(0, len(raw), size)]


def unpack(packed: bytes) -> NDArray[np.void]:
    """The record of `pack`, an array of one.

    Raises
    ------
    ValueError
        The bytes are of another version or length; the caller then folds the vehicle's rows anew from
        `fresh`.
    """
    body = packed[1:]
    if not packed or packed[0] != VERSION or len(body) not in (CORE.itemsize, STATE.itemsize):
        raise ValueError(f"not a state of version {VERSION}: {len(packed)} bytes")
    return np.frombuffer(bytes(body).ljust(STATE.itemsize, b"\0"), dtype=STATE).copy()


def _words(records: NDArray[np.void]) -> NDArray[np.uint64]:
    return records.view(np.uint64).reshape(len(records), STATE.itemsize // 8)


def _part(records: NDArray[np.void], offset: int) -> NDArray[np.void]:
    if records.dtype != STATE:
        raise TypeError("records must be of dtype STATE")
    return np.ndarray(records.shape, CORE, buffer=records, offset=offset, strides=records.strides)
