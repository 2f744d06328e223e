"""The life of a position, in order, on one screen.

==========
=================================================================================================== sanitize
 `sanitize.admit`, at the door: refuse what cannot be, by the row alone order       `order.sort_once`,
 `order.newer`: the order it happened, once each, live apart from late
sanitize    `sanitize.judge`: leave unused what no vehicle could have reached
motion      `motion.step`: moving or standing, with hysteresis
odometer    `odometer.step`: metres driven; after motion, because a vehicle that stands gains none
trips       `trips.step`: departures, trips, halts and stops
==========
===================================================================================================

From the second sanitize on the stages walk the rows of each vehicle together (`stages.fold`). Everything they
decide is a fold over the *set* of rows in their order; rows that come late are folded again with those after
them (`revise`), so any splitting, shuffling, doubling or delaying of the input ends in the same state, trips
and stops.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motorpool.telemetry.batch import Batch
from motorpool.telemetry.changes import Stop, TripChange, told
from motorpool.telemetry.reference import Reference
from motorpool.telemetry.stages import order
from motorpool.telemetry.stages.fold import desk_for, fold
from motorpool.telemetry.stages.rows import rows_of
from motorpool.telemetry.stages.sanitize import JUMPED, USED
from motorpool.telemetry.state import take


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
    def used(self) -> NDArray[np.bool_]:
        """Rows whose place moved the vehicle's state, bool (m,)."""
        return np.isin(self.verdict, (USED, JUMPED))

    @property
    def late_slots(self) -> NDArray[np.int32]:
        """Slots with rows for the late path, each once, ascending."""
        return np.unique(self.batch.slot[~self.live])


def run_stages(batch: Batch, state: NDArray[np.void], reference: Reference) -> Outcome:
    """Run the stages over the live rows of a batch. No I/O, no clock, no randomness: same input, same
    outcome.

    Parameters
    ----------
    batch : Batch (n rows)
        Admitted rows (`stages.sanitize.admit`) in any order.
    state : (vehicles,) of `state.STATE`
        What is known of each vehicle; not changed.
    reference : Reference
        The rules.

    Returns
    -------
    Outcome
        The caller stores `records` as the new state of `touched`, and runs `revise` for `late_slots`.
    """
    rows, duplicates = order.sort_once(batch)
    batch = batch.take(rows)
    live = order.newer(batch, state)
    passing = batch if live.all() else batch.take(live)
    starts = order.starts_of(passing.slot)
    touched = passing.slot[starts[:-1]]
    records = take(state, touched, room=2)
    desk = desk_for(records, len(passing))
    fold(rows_of(passing), starts, desk, reference.rules.record())
    verdict = np.zeros(len(batch), dtype=np.int8)
    verdict[live] = desk.tape.verdict
    trips, stops = told(desk.tape, touched)
    return Outcome(batch, rows, duplicates, live, verdict, touched, records[:-2], trips, stops)
