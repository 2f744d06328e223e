"""The life of a position, in order, on one screen."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from motorpool.telemetry.batch import Batch
from motorpool.telemetry.reference import Reference


@dataclass(frozen=True, slots=True)
class TripChange:
    """A trip that was opened or closed; `(slot, started_us)` is its key.

    Times [µs], places [deg], lengths [m], durations [s], speeds [m/s]. `end_…`, `ended_us` and
    `odometer_end_m` are None while it is open; the figures of an opened one are those so far. `checkpoint` is
    the packed state before the trip's first row (empty in a closed one: it was told when it opened),
    `checkpoint_us` the newest row that state knows.
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
    checkpoint: bytes
    checkpoint_us: int


@dataclass(frozen=True, slots=True)
class Stop:
    """A halt of a minute or more inside a trip: `started_us` to `ended_us`, the last fix seen standing there.

    `left_us` is the first fix seen away again, `trip_started_us` the trip's key, `idle_s` the time with the
    ignition not off.
    """

    slot: int
    trip_started_us: int
    started_us: int
    ended_us: int
    left_us: int
    lat_deg: float
    lon_deg: float
    idle_s: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch of n rows; m of them are kept.

    `batch` (m rows, sorted by vehicle, time, source first, content), `rows` int64 (m,) their index in the
    input, `duplicates` int64 (n − m,) input indexes of rows that were in the batch twice, `live` bool (m,)
    newer than all the vehicle's earlier rows, `verdict` int8 (m,) of `stages.sanitize`, `touched` int32 (k,)
    slots with live rows and `records` (k,) of `STATE` their new records, `late_slots` int32: slots with rows
    that are not live.
    """

    batch: Batch
    rows: NDArray[np.int64]
    duplicates: NDArray[np.int64]
    live: NDArray[np.bool_]
    verdict: NDArray[np.int8]
    touched: NDArray[np.int32]
    records: NDArray[np.void]
    trips: list[TripChange]
    stops: list[Stop]

    @property
    def late_slots(self) -> NDArray[np.int32]:
        """Slots with rows for the late path, each once, ascending."""
        return np.unique(self.batch.slot[~self.live])


def run_stages(batch: Batch, state: NDArray[np.void], reference: Reference) -> Outcome:
    """Run the stages over the live rows of a batch. No I/O, no clock; `state` is not changed."""
    raise NotImplementedError
