"""What became of each row, as codes and sentences."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from motorpool.telemetry.inbox import Receipt, Rejection, Submission
from motorpool.telemetry.stages import sanitize

GOOD = sanitize.GOOD
CODES = (*sanitize.CODES, "teleport", "unknown_device", "device_unassigned", "duplicate")
TELEPORT, UNKNOWN_DEVICE, DEVICE_UNASSIGNED, DUPLICATE = range(len(sanitize.CODES), len(CODES))

SENTENCES = {
    "out_of_range": "A value of this position is outside of what is possible.",
    "no_position": "This position is at 0, 0: the device had no fix.",
    "implausible_speed": "No vehicle drives at this speed.",
    "time_too_old": "This position is older than positions are kept.",
    "time_in_future": "This position is more than ten minutes ahead of the present; check the device's clock.",
    "teleport": "No vehicle can have driven there since its position before; it is kept, but moves nothing.",
    "unknown_device": "No device of yours has this identifier; add the device first.",
    "device_unassigned": "At this time the device speaks for no vehicle; assign it to one.",
}


def split(codes: NDArray[np.int8], submissions: Sequence[Submission]) -> list[Receipt]:
    """The receipts of submissions whose rows lie one after the other in `codes`."""
    edges = np.cumsum([len(one.fixes) for one in submissions])[:-1]
    return [_receipt(part) for part in np.split(codes, edges)]


def _receipt(codes: NDArray[np.int8]) -> Receipt:
    accepted = int((codes == GOOD).sum())
    if accepted == len(codes):
        return Receipt(accepted, 0, ())
    duplicates = int((codes == DUPLICATE).sum())
    refused = np.flatnonzero((codes != GOOD) & (codes != DUPLICATE)).tolist()
    return Receipt(accepted, duplicates, tuple(_rejection(row, CODES[codes[row]]) for row in refused))


def _rejection(row: int, code: str) -> Rejection:
    return Rejection(row, code, SENTENCES[code])
