"""Put rows in the order they happened, once each, and tell what is new from what comes late.

The order is (vehicle, time, source of position first, content): a rule of the rows alone, so it is the same
however they arrived. Sources come first within an instant, so that a state never lies between two rows of an
instant that count.

Live is a row newer than everything its vehicle said before this batch. Any other row, also one of the very
instant last heard, is late (or a duplicate of a stored one: only the store knows).
"""

import numpy as np
from numpy.typing import NDArray

from motorpool.telemetry.batch import Batch


def sort_once(batch: Batch) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Indexes of the rows in order, each row once; and indexes of rows that are in the batch already.

    Of equal rows (vehicle, time, content) the first in the input is kept.
    """
    at_us = batch.fixes.at_us
    order = np.lexsort((batch.content, ~batch.is_source, at_us, batch.slot))
    again = np.zeros(len(order), dtype=np.bool_)
    same = np.ones(max(len(order) - 1, 0), dtype=np.bool_)
    for column in (batch.slot, at_us, batch.content):
        ordered = column[order]
        same &= ordered[1:] == ordered[:-1]
    again[1:] = same
    return order[~again], np.sort(order[again])


def newer(batch: Batch, state: NDArray[np.void]) -> NDArray[np.bool_]:
    """Which rows are newer than all that their vehicle said before, bool (n,)."""
    return batch.fixes.at_us > state["last_any_at_us"][batch.slot]


def starts_of(slots: NDArray[np.int32]) -> NDArray[np.int64]:
    """Where each vehicle's rows begin in sorted slots, and the end of the last: int64 (vehicles + 1,)."""
    if not len(slots):
        return np.zeros(1, dtype=np.int64)
    return np.concatenate(([0], np.flatnonzero(np.diff(slots)) + 1, [len(slots)])).astype(np.int64)
