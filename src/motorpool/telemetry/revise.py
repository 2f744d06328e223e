"""What late rows change. The live stages are not run backwards: the vehicle's rows are folded again from a
checkpoint.

How the store uses it, for one vehicle, after the live part of the batch is stored and the late rows too, and
`first_us` is the earliest of those that were new (no new one: nothing to do):

1. The checkpoint is that of the stored trip with the greatest `checkpoint_us` *below* `first_us`; without one
it is the
   empty state (`state.fresh(1)`, `checkpoint_us` 0).
2. `rows`: every stored row of the vehicle with `at_us > checkpoint_us`, in any order.
3. `stored`: every stored trip with `checkpoint_us` at or above the checkpoint's, and the trip that is open in
it
   (`open_trip_us`: its key), which such rows may lengthen or end elsewhere.
4. `revise`, then in one transaction: the new record; insert `added`; update `revised` and `quiet`; delete
`removed`; delete
   the vehicle's stops with `left_us > checkpoint_us` and insert `stops`.

Trips are matched by their key, `started_us`; so a trip has the same key however its rows arrived. What was
right is not told again: `quiet` trips differ only in what a late row *before* them shifts, the odometer's
reading and the checkpoint.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from motorpool.telemetry.batch import Batch
from motorpool.telemetry.changes import Stop, TripChange, open_trip
from motorpool.telemetry.pipeline import run_stages
from motorpool.telemetry.reference import Reference
from motorpool.telemetry.state import DRIVING


@dataclass(frozen=True, slots=True)
class Revision:
    """The vehicle's state, (1,) of `STATE`, and how its trips since the checkpoint differ from the stored
    ones.

    `added`, `revised` and `quiet` are whole trips with `slot` of the rows, `kind` "closed" or (still)
    "opened", and their checkpoint. `removed` are the stored trips that did not happen. `stops` are all stops
    left after the checkpoint.
    """

    record: NDArray[np.void]
    added: tuple[TripChange, ...]
    revised: tuple[TripChange, ...]
    quiet: tuple[TripChange, ...]
    removed: tuple[TripChange, ...]
    stops: tuple[Stop, ...]


def revise(checkpoint: NDArray[np.void], rows: Batch, stored: Sequence[TripChange], reference: Reference) -> Revision:
    """Fold all rows after a checkpoint again and compare.

    Parameters
    ----------
    checkpoint : (1,) of `state.STATE`
        The vehicle's state before the rows; not changed.
    rows : Batch
        All rows of this one vehicle newer than the checkpoint; its slots are only handed through.
    stored : sequence of TripChange
        The trips the store has since the checkpoint, as the last change or revision told them, with their
        checkpoint.
    reference : Reference
        The rules.

    Returns
    -------
    Revision

    Raises
    ------
    ValueError
        A row is not newer than the checkpoint, the rows belong to several vehicles, or `stored` lacks the
        trip that is open in the checkpoint.
    """
    slot = rows.slot[:1]
    if (rows.slot != slot).any():
        raise ValueError("the rows belong to several vehicles")
    if (rows.fixes.at_us <= checkpoint["last_any_at_us"][0]).any():
        raise ValueError("a row is not newer than the checkpoint")
    known = {trip.started_us: trip for trip in stored}
    if (open_us := open_trip_us(checkpoint)) is not None and open_us not in known:
        raise ValueError("the trip that is open in the checkpoint is not among the stored ones")
    alone = Batch(rows.fixes, np.zeros_like(rows.slot), rows.device_no, rows.is_source, rows.content)
    outcome = run_stages(alone, checkpoint, reference)
    number = int(slot[0]) if len(slot) else 0
    record = outcome.records if len(outcome.records) else checkpoint.copy()
    trips = _whole(outcome.trips, known, open_trip(record, number))
    trips = {key: replace(trip, slot=number) for key, trip in trips.items()}
    common = [(known[key], trip) for key, trip in trips.items() if key in known]
    return Revision(
        record=record,
        added=tuple(trip for key, trip in trips.items() if key not in known),
        revised=tuple(new for old, new in common if _facts(old) != _facts(new)),
        quiet=tuple(new for old, new in common if _facts(old) == _facts(new) and _shifts(old) != _shifts(new)),
        removed=tuple(trip for key, trip in known.items() if key not in trips),
        stops=tuple(replace(stop, slot=number) for stop in outcome.stops),
    )


def open_trip_us(record: NDArray[np.void]) -> int | None:
    """`started_us` of the trip that is open in a record, (1,) of `STATE`; None without one."""
    return int(record["trip_started_us"][0]) if record["phase"][0] == DRIVING else None


def _whole(
    changes: Sequence[TripChange], known: dict[int, TripChange], still_open: TripChange | None
) -> dict[int, TripChange]:
    """One trip per key: closed if it was closed, with the checkpoint it was opened with, now or formerly."""
    opened = {change.started_us: change for change in changes if change.kind == "opened"}
    last = opened | {change.started_us: change for change in changes if change.kind == "closed"}
    if still_open is not None:
        last[still_open.started_us] = still_open
    origins = known | opened
    return {
        key: replace(trip, checkpoint=origins[key].checkpoint, checkpoint_us=origins[key].checkpoint_us)
        for key, trip in last.items()
    }


def _facts(trip: TripChange) -> tuple[object, ...]:
    start = (trip.kind, trip.started_us, trip.start_lat_deg, trip.start_lon_deg)
    if trip.kind == "opened":  # its figures still grow
        return start
    end = (trip.ended_us, trip.end_lat_deg, trip.end_lon_deg)
    return *start, *end, trip.distance_m, trip.drive_s, trip.idle_s, trip.stops, trip.max_speed_mps


def _shifts(trip: TripChange) -> tuple[object, ...]:
    return trip.odometer_start_m, trip.odometer_end_m, trip.checkpoint, trip.checkpoint_us
