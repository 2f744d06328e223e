"""The loop of one shard: collect what was submitted, run the stages, commit, answer, publish.

Batches form by themselves: while one is being committed the next one gathers, up to 5 000 rows. Nobody is answered before the commit.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import structlog
from numpy.typing import NDArray
from prometheus_client import Counter, Gauge, Histogram

from motorpool.kernel.errors import Unavailable
from motorpool.kernel.time import DAY_US, to_us, utc_now
from motorpool.runtime.db import AWAY, Connection
from motorpool.telemetry import receipts
from motorpool.telemetry.batch import Batch, Fixes
from motorpool.telemetry.content import content_hash
from motorpool.telemetry.directory import Directory
from motorpool.telemetry.inbox import Receipt, Submission
from motorpool.telemetry.pipeline import Outcome, run_stages
from motorpool.telemetry.reference import Reference
from motorpool.telemetry.resolve import Resolved, resolve
from motorpool.telemetry.rows import quantized
from motorpool.telemetry.shard import Shard
from motorpool.telemetry.stages import sanitize
from motorpool.telemetry.store import Store, Written

log = structlog.get_logger()

ROWS_AT_ONCE = 5_000
ROWS_WAITING = 200_000

ROWS = Counter("motorpool_positions_total", "Positions by what became of them", ["outcome"])
BATCH_SECONDS = Histogram("motorpool_ingest_batch_seconds", "Time from taking a batch to its commit")
BATCH_ROWS = Histogram(
    "motorpool_ingest_batch_rows", "Rows of a batch", buckets=(1, 5, 25, 100, 500, 1000, 2500, 5000, 10000)
)
WAITING = Gauge("motorpool_ingest_waiting_rows", "Rows waiting to be committed")

Register = Callable[[UUID | None, Sequence[str]], Awaitable[None]]
"""Takes in devices nobody knew, where their company (None: whoever adopts devices of the ports) wishes that."""

Publish = Callable[[Shard, Written], Awaitable[None]]
Clock = Callable[[], int]


class Busy(Unavailable):
    """More positions are waiting than can be taken just now; send them again in a moment."""


@dataclass(eq=False, slots=True)
class Waiting:
    """A submission and who waits for its receipt."""

    submission: Submission
    receipt: "asyncio.Future[Receipt]"


def now_us() -> int:
    """The present in microseconds since 1970 UTC."""
    return to_us(utc_now())


class Ingest:
    """The `Inbox` of this process, and the loop that empties it."""

    def __init__(  # noqa: PLR0913 - what an ingest is made of
        self,
        store: Store,
        register: Register,
        publish: Publish,
        *,
        retention_days: int = 2557,
        reference: Reference | None = None,
        clock: Clock = now_us,
    ) -> None:
        self._store, self._register, self._publish = store, register, publish
        self._retention_us = retention_days * DAY_US
        self._reference = reference or Reference()
        self._clock = clock
        self._directory = Directory()
        self._shard = Shard()
        self._queue: deque[Waiting] = deque()
        self._rows_waiting = 0
        self._arrived = asyncio.Event()
        self._ready = asyncio.Event()

    @property
    def ready(self) -> asyncio.Event:
        """Set while this process holds the shard and takes positions."""
        return self._ready

    async def knows(self, identifier: str) -> bool:
        """Whether a device with this identifier may speak on the device ports; registers it where that is wished."""
        self._refuse_unready()
        await self._find(None, [identifier])
        return identifier in self._directory.names(None)

    async def submit(self, submission: Submission) -> Receipt:
        """Queue a submission; returns its receipt after the commit. Raises Unavailable, Busy."""
        self._refuse_unready()
        await self._find(submission.tenant_id, submission.identifiers)
        if self._rows_waiting + len(submission.fixes) > ROWS_WAITING:
            raise Busy
        waiting = Waiting(submission, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._rows_waiting += len(submission.fixes)
        WAITING.set(self._rows_waiting)
        self._arrived.set()
        return await waiting.receipt

    def _refuse_unready(self) -> None:
        if not self._ready.is_set():
            raise Unavailable("Positions are not taken just now; send them again in a moment.")

    async def _find(self, tenant_id: UUID | None, identifiers: Sequence[str]) -> None:
        """Make the directory know these: from memory, then the database, then by registering them where that is wished."""
        try:
            if not (unknown := self._unknown(tenant_id, identifiers)):
                return
            self._directory = await self._store.refresh(self._directory)
            if unknown := self._unknown(tenant_id, unknown):
                await self._register(tenant_id, unknown)
                self._directory = await self._store.refresh(self._directory)
        except AWAY as error:
            raise Unavailable from error

    def _unknown(self, tenant_id: UUID | None, identifiers: Sequence[str]) -> list[str]:
        names = self._directory.names(tenant_id)
        return [one for one in identifiers if one not in names]

    async def run(self) -> None:
        """Hold the shard and empty the queue, until cancelled; a database that is away is waited for."""
        while True:
            try:
                async with self._store.session() as db:
                    await self._hold_and_work(db)
            except (*AWAY, Unavailable) as error:
                log.warning("ingest_interrupted", error=str(error).split("\n")[0])
            finally:
                self._ready.clear()
                self._fail_waiting()
            await asyncio.sleep(0.5)

    async def _hold_and_work(self, db: Connection) -> None:
        while not await self._store.hold(db):  # noqa: ASYNC110 - another process holds it; nothing here is told when it lets go
            await asyncio.sleep(0.5)
        self._directory = await self._store.refresh(Directory())
        self._shard = await self._store.load()
        self._ready.set()
        log.info("ingest_ready", vehicles=len(self._shard.keys))
        both = [asyncio.create_task(self._store.keep(db)), asyncio.create_task(self._work())]
        try:
            ended, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for one in ended:
                one.result()
        finally:
            for one in both:
                one.cancel()
            await asyncio.gather(*both, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._queue:
                await self._turn()

    def _fail_waiting(self) -> None:
        while self._queue:
            _answer(self._queue.popleft().receipt, Unavailable())
        self._rows_waiting = 0

    async def _turn(self) -> None:
        """Take a batch, and answer everybody in it."""
        taken = self._take()
        try:
            with BATCH_SECONDS.time():
                given = await self._commit([one.submission for one in taken])
        except BaseException as error:
            for one in taken:
                _answer(one.receipt, Unavailable())
            if isinstance(error, (*AWAY, Unavailable, asyncio.CancelledError)):
                raise
            log.error("batch_failed", rows=sum(len(one.submission.fixes) for one in taken), exc_info=error)
            return
        for one, receipt in zip(taken, given, strict=True):
            _answer(one.receipt, receipt)

    def _take(self) -> list[Waiting]:
        taken: list[Waiting] = []
        count = 0
        while self._queue and (not taken or count + len(self._queue[0].submission.fixes) <= ROWS_AT_ONCE):
            taken.append(self._queue.popleft())
            count += len(taken[-1].submission.fixes)
        self._rows_waiting -= count
        WAITING.set(self._rows_waiting)
        BATCH_ROWS.observe(count)
        return taken

    async def _commit(self, submissions: list[Submission]) -> list[Receipt]:
        """Resolve, admit, run the stages, commit; the receipts in order."""
        self._directory = await self._store.refresh(self._directory)
        fixes = Fixes.concat([one.fixes for one in submissions])
        resolved = resolve(submissions, fixes.at_us, self._directory, self._shard)
        codes = resolved.codes
        admitted = sanitize.admit(fixes, self._clock(), self._retention_us)
        codes[codes == receipts.GOOD] = admitted[codes == receipts.GOOD]
        good = np.flatnonzero(codes == receipts.GOOD)
        if len(good):
            outcome = run_stages(_batch(fixes, resolved, good), self._shard.state, self._reference)
            written = await self._store.write(outcome, self._shard, self._directory, self._reference)
            self._adopt(written)
            _mark(codes, good, outcome, written)
            await self._publish(self._shard, written)
        for code, count in zip(*np.unique(codes, return_counts=True), strict=True):
            ROWS.labels(receipts.CODES[code] or "accepted").inc(int(count))
        return receipts.split(codes, submissions)

    def _adopt(self, written: Written) -> None:
        """Go on from what was committed."""
        self._shard.put(written.latest.slots, written.latest.records)
        for slot, trip_id in written.book.open_ids.items():
            self._shard.begin_trip(slot, trip_id)


def _batch(fixes: Fixes, resolved: Resolved, good: NDArray[np.int64]) -> Batch:
    kept = quantized(sanitize.canonical(fixes.take(good)))
    device_no = resolved.device_no[good]
    return Batch(kept, resolved.slot[good], device_no, resolved.is_source[good], content_hash(device_no, kept))


def _mark(codes: NDArray[np.int8], good: NDArray[np.int64], outcome: Outcome, written: Written) -> None:
    """Note what the stages and the store found of the good rows."""
    rows = good[outcome.rows]
    codes[rows[outcome.verdict == sanitize.OUTLIER]] = receipts.TELEPORT
    codes[rows[written.stored_before]] = receipts.DUPLICATE
    codes[good[outcome.duplicates]] = receipts.DUPLICATE


def _answer(receipt: "asyncio.Future[Receipt]", given: Receipt | Exception) -> None:
    with suppress(asyncio.InvalidStateError):
        if isinstance(given, Exception):
            receipt.set_exception(given)
        else:
            receipt.set_result(given)
