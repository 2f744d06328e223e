"""One transaction a batch: positions, latest, trips, events – all of it or nothing. Owns: shards.

One ingest holds a shard by an advisory lock and an epoch; a write with an older epoch is refused, so a process that was paused and
replaced cannot write over its successor. The lock is a lease: its session says every second that it lives, and PostgreSQL ends a
session that has said nothing for a few seconds.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from motorpool.kernel.errors import Unavailable
from motorpool.kernel.ids import new_id
from motorpool.kernel.time import DAY_US, from_us
from motorpool.runtime.db import Connection, Pool, open_transaction
from motorpool.runtime.outbox_sql import APPEND_EVENT
from motorpool.telemetry import directory as who
from motorpool.telemetry import latest, rows
from motorpool.telemetry.batch import Batch
from motorpool.telemetry.directory import Directory
from motorpool.telemetry.late import Late, refold
from motorpool.telemetry.latest import Latest
from motorpool.telemetry.pipeline import Outcome
from motorpool.telemetry.reference import Reference
from motorpool.telemetry.shard import Shard
from motorpool.telemetry.state import fresh, put
from motorpool.telemetry.trip_rows import Told, TripBook

BEAT_S = 1.0
LEASE = "5s"
"""How long a holder may be silent before PostgreSQL gives the shard to another."""

LEND = "select set_config('idle_session_timeout', %(lease)s, false)"

HOLD_SHARD = "select pg_try_advisory_lock(7305118, %(shard)s) as held"

NEXT_EPOCH = """
insert into shards (shard, epoch) values (%(shard)s, 1)
on conflict (shard) do update set epoch = shards.epoch + 1 returning epoch
"""

CHECK_EPOCH = "select from shards where shard = %(shard)s and epoch = %(epoch)s for share"

MAKE_DAY = "select make_day(%(day)s)"

Columns = NDArray[Any]


class Superseded(Unavailable):
    """Another ingest process took over; this one has stopped."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a write did: the vehicles that changed with their new records, rows that were stored before, and the facts told."""

    latest: Latest
    stored_before: NDArray[np.bool_]
    book: TripBook


class Store:
    """Writes batches of one shard."""

    def __init__(self, pool: Pool, shard: int = 0, lease: str = LEASE) -> None:
        self._pool = pool
        self._lease = lease
        self._shard = shard
        self._epoch = 0
        self._days: set[int] = set()
        self._holding: Connection | None = None

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Connection]:
        """A connection to hold the shard with, of no pool: the lock ends with it, at once."""
        dsn = self._pool.conninfo
        assert isinstance(dsn, str)  # noqa: S101 - our pools are made from a string
        async with await Connection.connect(dsn, autocommit=True, row_factory=dict_row) as db:
            yield db

    async def hold(self, db: Connection) -> bool:
        """Take the shard for as long as this session lives and is kept; False while another process has it."""
        found = await (await db.execute(HOLD_SHARD, {"shard": self._shard})).fetchone()
        if not found or not found["held"]:
            return False
        row = await (await db.execute(NEXT_EPOCH, {"shard": self._shard})).fetchone()
        assert row is not None  # noqa: S101 - insert … returning has a row
        self._epoch = row["epoch"]
        await db.execute(LEND, {"lease": self._lease})
        self._holding = db
        return True

    async def keep(self, db: Connection) -> None:
        """Say that the holder lives, until cancelled. Raises what the database raises once the shard is lost."""
        while True:
            await db.execute("select 1")
            await asyncio.sleep(BEAT_S)

    async def load(self) -> Shard:
        """What was committed last of every vehicle."""
        async with open_transaction(self._pool) as db:
            return await latest.load(db)

    async def refresh(self, known: Directory) -> Directory:
        """The directory as it is now; only tenants that changed are read.

        Asked before each batch, and nearly always for nothing: so it is one question on the connection that holds the shard, in no
        transaction.
        """
        assert self._holding is not None  # noqa: S101 - the shard is held before anything is asked
        found = await (await self._holding.execute(who.READ_VERSIONS)).fetchall()
        versions = {row["tenant_no"]: row["version"] for row in found}
        if versions == known.versions:
            return known
        async with open_transaction(self._pool) as db:
            changed = []
            for tenant_no in [no for no, version in versions.items() if known.versions.get(no) != version]:
                devices = await (await db.execute(who.READ_DEVICES, {"tenant_no": tenant_no})).fetchall()
                assigned = await (await db.execute(who.READ_ASSIGNMENTS, {"tenant_no": tenant_no})).fetchall()
                changed.append(who.tenant_directory(devices, assigned))
        return known.with_tenants(changed, versions)

    async def write(self, outcome: Outcome, shard: Shard, directory: Directory, reference: Reference) -> Written:
        """Store a batch whole; returns after the commit. Raises Superseded, or what the database raises: then nothing is stored."""
        await self._make_days(outcome.batch)
        writing = Writing(self, outcome, shard, directory, reference)
        try:
            return await writing.run(outcome.live)
        except psycopg.errors.UniqueViolation:
            # A row taken for new is stored already (a database restored from before this state): look at each of them.
            writing = Writing(self, outcome, shard, directory, reference)
            return await writing.run(np.zeros(len(outcome.batch), dtype=np.bool_))

    async def _make_days(self, batch: Batch) -> None:
        for day in rows.days_of(batch.fixes.at_us):
            if day not in self._days:
                async with open_transaction(self._pool) as db:
                    await db.execute(MAKE_DAY, {"day": from_us(day * DAY_US).date()})
                self._days.add(day)

    async def check_epoch(self, db: Connection) -> None:
        """Refuse to write for a shard another process took over. Raises Superseded."""
        mine = {"shard": self._shard, "epoch": self._epoch}
        if await (await db.execute(CHECK_EPOCH, mine)).fetchone() is None:
            raise Superseded

    @property
    def pool(self) -> Pool:
        """Connections as the role ingest."""
        return self._pool


class Writing:
    """One write in progress."""

    def __init__(
        self, store: Store, outcome: Outcome, shard: Shard, directory: Directory, reference: Reference
    ) -> None:
        self._store, self._outcome, self._shard = store, outcome, shard
        self._directory, self._reference = directory, reference
        self._book = TripBook(shard.keys, shard.trip_ids)
        self._revised: dict[int, NDArray[np.void]] = {}

    async def run(self, new: NDArray[np.bool_]) -> Written:
        """Store the batch; `new` rows are taken for new, the others are looked at."""
        batch = self._outcome.batch
        tenant_no = self._shard.column(batch.slot, "tenant_no")
        vehicle_no = self._shard.column(batch.slot, "vehicle_no")
        stored_before = np.zeros(len(batch), dtype=np.bool_)
        others = np.flatnonzero(~new)
        async with open_transaction(self._store.pool) as db:
            await self._store.check_epoch(db)
            if new.any():
                await rows.copy_live(db, batch.take(new), tenant_no[new], vehicle_no[new])
            fresh_rows = await rows.insert_others(db, batch.take(others), tenant_no[others], vehicle_no[others])
            stored_before[others] = ~fresh_rows
            late = others[fresh_rows]
            await self._trips(db, batch.slot[late], batch.fixes.at_us[late])
            changed = self._latest()
            await latest.put(db, self._shard, changed, self._book.open_ids)
            await append_events(db, self._book.told)
        return Written(changed, stored_before, self._book)

    async def _trips(self, db: Connection, late_slots: NDArray[np.int32], late_us: NDArray[np.int64]) -> None:
        again = set(late_slots.tolist())
        changes = [change for change in self._outcome.trips if change.slot not in again]
        self._book.note(changes, [stop for stop in self._outcome.stops if stop.slot not in again])
        await self._book.write(db)
        for slot in sorted(again):
            late = Late(slot, self._shard.keys[slot], int(late_us[late_slots == slot].min()))
            self._revised[slot] = await refold(db, late, self._directory, self._reference, self._book)

    def _latest(self) -> Latest:
        touched = self._outcome.touched
        slots = np.union1d(touched, np.array(list(self._revised), dtype=np.int32))
        records = fresh(len(slots))
        put(records, np.searchsorted(slots, touched), self._outcome.records)
        for slot, record in self._revised.items():
            put(records, np.searchsorted(slots, [slot]), record)
        said = last_extra(self._outcome.batch, self._outcome.live)
        return Latest(slots, records, [said.get(slot) for slot in slots.tolist()])


def last_extra(batch: Batch, live: NDArray[np.bool_]) -> dict[int, bytes]:
    """The last `extra` said of each slot in the live rows of a sorted batch."""
    said = live & (batch.fixes.extra != None)  # noqa: E711 - compares element by element
    return dict(zip(batch.slot[said].tolist(), batch.fixes.extra[said].tolist(), strict=True))


async def append_events(db: Connection, told: Sequence[Told]) -> None:
    """Store the facts of a batch in the log."""
    if not told:
        return
    params = [
        {
            "tenant_id": one.key.tenant_id,
            "id": new_id(),
            "stream_kind": one.event.STREAM,
            "stream_id": one.event.stream_id(),
            "name": one.event.NAME,
            "vehicle_id": one.key.vehicle_id,
            "actor_id": None,
            "actor_kind": "system",
            "correlation_id": None,
            "causation_id": None,
            "data": Jsonb(one.event.to_data()),
        }
        for one in told
    ]
    async with db.cursor() as cursor:
        await cursor.executemany(APPEND_EVENT.encode(), params)
