"""The port `Inbox`: the same cases against the one in memory, the real ingest, and the real ingest of another process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import cast
from uuid import UUID

import numpy as np
import psycopg
import pytest

from motorpool.kernel.errors import Unavailable
from motorpool.kernel.time import to_us, utc_now
from motorpool.telemetry.batch import Fixes
from motorpool.telemetry.inbox import Inbox, Receipt, Submission
from motorpool.telemetry.ingest import Ingest
from motorpool.telemetry.remote import GREETING_LIMIT, RemoteInbox, proof, read_frame, serve_inbox, write_frame
from tests.support.eventually import eventually
from tests.support.instances import KEY, Databases, Motorpool, running, settings_for
from tests.support.memory_inbox import MemoryInbox

KINDS = ("memory", "ingest", "remote")
NOW_US = to_us(utc_now()) - 3_600_000_000


@dataclass
class Subject:
    """One implementation; `tenant_id` of a company that registers unknown devices; how to take its storage away."""

    kind: str
    inbox: Inbox
    tenant_id: UUID
    motorpool: Motorpool | None = None

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        """Nothing can be stored in this block."""
        if isinstance(self.inbox, MemoryInbox):
            self.inbox.available = False
            yield
            self.inbox.available = True
            return
        assert self.motorpool is not None
        ingest = cast(Ingest, self.motorpool.process.inbox)
        async with locked_out(self.motorpool.url):
            await eventually(lambda: not ingest.ready.is_set())
            yield
        await eventually(ingest.ready.is_set)


@asynccontextmanager
async def locked_out(url: str) -> AsyncIterator[None]:
    """The database lets the ingest's role in no longer, and ends its sessions."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as db:
        name = db.info.dbname
        await db.execute(f"revoke connect on database {name} from public".encode())
        await db.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where usename = 'motorpool_ingest' and datname = current_database()"
        )
        try:
            yield
        finally:
            await db.execute(f"grant connect on database {name} to public".encode())


@pytest.fixture(scope="module")
async def real(databases: Databases) -> AsyncIterator[Motorpool]:
    """A whole Motorpool of this module."""
    async with running(databases.new(), settings_for(databases.data_dir)) as started:
        yield started


@pytest.fixture(scope="module", params=KINDS)
async def subject(request: pytest.FixtureRequest, real: Motorpool) -> AsyncIterator[Subject]:
    """Each implementation in turn."""
    client = await real.client()
    tenant_id = UUID((await client.get("/auth/me")).json()["tenant"]["id"])
    if request.param == "memory":
        yield Subject("memory", MemoryInbox(), tenant_id)
    elif request.param == "ingest":
        yield Subject("ingest", real.process.inbox, tenant_id, real)
    else:
        async with serve_inbox(real.process.inbox, "127.0.0.1", 0, KEY) as port:
            inbox = RemoteInbox(f"127.0.0.1:{port}", KEY)
            yield Subject("remote", inbox, tenant_id, real)
            await inbox.close()


def submission(name: str, count: int, tenant_id: UUID | None, first: int = 0, lat: float = 47.0) -> Submission:
    """Fixes of two devices, a second apart."""
    at = NOW_US + (first + np.arange(count, dtype=np.int64)) * 1_000_000
    extra = np.array([b'{"sensors":{"n":1}}' if n % 2 else None for n in range(count)], dtype=object)
    fixes = Fixes.of(at_us=at, lat_deg=np.full(count, lat), lon_deg=np.full(count, 9.0 if lat else 0.0), extra=extra)
    return Submission((f"{name}-a", f"{name}-b"), np.arange(count, dtype=np.int32) % 2, fixes, tenant_id)


def total(receipt: Receipt) -> int:
    return receipt.accepted + receipt.duplicates + len(receipt.rejected)


async def test_a_receipt_accounts_for_every_row(subject: Subject) -> None:
    first = await subject.inbox.submit(submission(f"sum-{subject.kind}", 10, subject.tenant_id))
    assert first == Receipt(10, 0, ())
    again = await subject.inbox.submit(submission(f"sum-{subject.kind}", 14, subject.tenant_id))
    assert (again.accepted, again.duplicates, total(again)) == (4, 10, 14)
    nowhere = await subject.inbox.submit(submission(f"sum-{subject.kind}", 4, subject.tenant_id, first=20, lat=0.0))
    assert [(one.index, one.code) for one in nowhere.rejected] == [(n, "no_position") for n in range(4)]
    assert total(nowhere) == 4


async def test_many_at_once_each_get_their_own_receipt(subject: Subject) -> None:
    sizes = range(1, 21)
    receipts = await asyncio.gather(
        *(subject.inbox.submit(submission(f"many-{subject.kind}-{size}", size, subject.tenant_id)) for size in sizes)
    )
    assert [one.accepted for one in receipts] == list(sizes)


async def test_a_device_nobody_knows_is_refused_row_by_row(subject: Subject) -> None:
    stranger = UUID(int=404)
    if isinstance(subject.inbox, MemoryInbox):
        subject.inbox.known = set()
    receipt = await subject.inbox.submit(submission("stranger", 3, stranger))
    assert [(one.index, one.code) for one in receipt.rejected] == [(n, "unknown_device") for n in range(3)]
    assert all(one.detail for one in receipt.rejected)
    if isinstance(subject.inbox, MemoryInbox):
        assert not await subject.inbox.knows("stranger")
        subject.inbox.known = None
    assert await subject.inbox.knows("adopted")


async def test_without_the_database_the_answer_is_unavailable_and_the_same_is_taken_afterwards(
    subject: Subject,
) -> None:
    given = submission(f"away-{subject.kind}", 6, subject.tenant_id)
    async with subject.away():
        with pytest.raises(Unavailable):
            await subject.inbox.submit(given)
        with pytest.raises(Unavailable):
            await subject.inbox.knows(f"later-{subject.kind}")
    receipt = await subject.inbox.submit(given)
    assert (total(receipt), receipt.rejected) == (6, ())


@pytest.fixture
async def served() -> AsyncIterator[tuple[MemoryInbox, int]]:
    """An inbox in memory behind a port."""
    inbox = MemoryInbox()
    async with serve_inbox(inbox, "127.0.0.1", 0, KEY) as port:
        yield inbox, port


async def test_who_does_not_know_the_key_is_refused_and_nothing_is_taken(served: tuple[MemoryInbox, int]) -> None:
    inbox, port = served
    caller = RemoteInbox(f"127.0.0.1:{port}", b"another key, of thirty-two characters")
    with pytest.raises(Unavailable):
        await caller.submit(submission("thief", 3, UUID(int=1)))
    await caller.close()
    assert inbox.rows == []
    honest = RemoteInbox(f"127.0.0.1:{port}", KEY)
    assert (await honest.submit(submission("honest", 3, UUID(int=1)))).accepted == 3
    await honest.close()


async def test_a_connection_lost_in_the_middle_answers_unavailable_and_the_next_one_is_opened() -> None:
    inbox = MemoryInbox()
    inbox.gate.clear()
    async with serve_inbox(inbox, "127.0.0.1", 0, KEY) as port:
        caller = RemoteInbox(f"127.0.0.1:{port}", KEY)
        asked = [asyncio.create_task(caller.submit(submission(f"cut-{n}", 3, UUID(int=1)))) for n in range(5)]
        await eventually(lambda: inbox.waiting == 5)
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(one) for one in answers] == [Unavailable] * 5
    inbox.gate.set()
    async with serve_inbox(inbox, "127.0.0.1", port, KEY):
        assert (await caller.submit(submission("again", 3, UUID(int=1)))).accepted == 3
        await caller.close()


async def test_a_caller_that_goes_away_leaves_nothing_waiting(served: tuple[MemoryInbox, int]) -> None:
    inbox, port = served
    inbox.gate.clear()
    caller = RemoteInbox(f"127.0.0.1:{port}", KEY)
    asked = asyncio.create_task(caller.submit(submission("gone", 3, UUID(int=1))))
    await eventually(lambda: inbox.waiting == 1)
    await caller.close()
    with pytest.raises(Unavailable):
        await asked
    await eventually(lambda: inbox.waiting == 0)


async def test_the_second_address_is_asked_when_the_first_does_not_answer(served: tuple[MemoryInbox, int]) -> None:
    inbox, port = served
    standby = MemoryInbox(available=False)
    async with serve_inbox(standby, "127.0.0.1", 0, KEY) as standing_by:
        caller = RemoteInbox(f"127.0.0.1:1,127.0.0.1:{standing_by}, 127.0.0.1:{port}", KEY)
        assert (await caller.submit(submission("found", 3, UUID(int=1)))).accepted == 3
        inbox.available, standby.available = False, True
        assert (await caller.submit(submission("moved", 3, UUID(int=1)))).accepted == 3
        standby.available = False
        with pytest.raises(Unavailable):
            await caller.submit(submission("nobody", 3, UUID(int=1)))
        await caller.close()
    assert {row.identifier[:5] for row in inbox.rows} == {"found"}
    assert {row.identifier[:5] for row in standby.rows} == {"moved"}


GARBAGE = {
    "http": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "nothing": b"",
    "a frame without end": b"\0\0\0\x20half",
    "a large greeting": (GREETING_LIMIT + 1).to_bytes(4, "big") + b"x" * GREETING_LIMIT,
    "zeros": b"\0" * 4096,
}


@pytest.mark.parametrize("raw", GARBAGE.values(), ids=GARBAGE.keys())
async def test_garbage_from_strangers_costs_nothing(
    served: tuple[MemoryInbox, int], raw: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    inbox, port = served
    for _ in range(20):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(raw)
        with suppress(ConnectionError):
            await writer.drain()
        writer.close()
    await still_serves(inbox, port)
    assert caplog.records == [], "a stranger's noise was logged as a fault"


async def test_garbage_from_somebody_who_knows_the_key_ends_that_connection_alone(
    served: tuple[MemoryInbox, int], caplog: pytest.LogCaptureFixture
) -> None:
    inbox, port = served
    for body in (b"\xc1", b"\x90", b"\x97\x01\xc0\xc0\x91\xa1d\xc4\x03abc\x80\x90", b"", b"\x91\xa1x"):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        write_frame(writer, proof(KEY, await read_frame(reader)))
        write_frame(writer, body)
        async with asyncio.timeout(10):
            assert await reader.read() == b""
        writer.close()
    await still_serves(inbox, port)
    assert caplog.records == []


async def still_serves(inbox: MemoryInbox, port: int) -> None:
    """An honest caller is heard, and nobody else was."""
    honest = RemoteInbox(f"127.0.0.1:{port}", KEY)
    assert await honest.knows("anybody")
    assert inbox.submissions == 0
    await honest.close()
