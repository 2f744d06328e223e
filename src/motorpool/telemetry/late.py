"""Late rows: fold a vehicle's rows again, from the checkpoint before the earliest of them, and store the difference.

The rows are in the table already. What to compare is `revise.py`'s; here is what it needs from the database and what becomes of it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motorpool.kernel.time import from_us, to_us
from motorpool.runtime.db import Connection
from motorpool.telemetry import rows, trip_rows
from motorpool.telemetry.directory import Directory
from motorpool.telemetry.reference import Reference
from motorpool.telemetry.revise import open_trip_us, revise
from motorpool.telemetry.shard import VehicleKey
from motorpool.telemetry.state import fresh, unpack
from motorpool.telemetry.trip_rows import TripBook


@dataclass(frozen=True, slots=True)
class Late:
    """A vehicle with late rows, the earliest of them at `first_us`."""

    slot: int
    key: VehicleKey
    first_us: int


async def refold(
    db: Connection, late: Late, directory: Directory, reference: Reference, book: TripBook
) -> NDArray[np.void]:
    """Run the stages again over everything since the checkpoint; the vehicle's new record, (1,) of `STATE`. The book tells what changed."""
    vehicle = {"tenant_no": late.key.tenant_no, "vehicle_no": late.key.vehicle_no}
    before = {**vehicle, "first": from_us(late.first_us)}
    found = await (await db.execute(trip_rows.CHECKPOINT_BEFORE, before)).fetchone()
    checkpoint = unpack(bytes(found["checkpoint"])) if found else fresh(1)
    checkpoint_us = to_us(found["checkpoint_at"]) if found else 0
    open_us = open_trip_us(checkpoint)
    since = {
        "checkpoint_at": from_us(checkpoint_us),
        "open_started_at": None if open_us is None else from_us(open_us),
    }
    stored = await (await db.execute(trip_rows.TRIPS_SINCE, {**vehicle, **since})).fetchall()
    batch = await rows.rows_after(db, late.key.tenant_no, late.key.vehicle_no, checkpoint_us, directory)
    revision = revise(checkpoint, batch, [trip_rows.change_of(row) for row in stored], reference)
    await book.write_revision(db, late.slot, revision, stored, checkpoint_us)
    return revision.record
