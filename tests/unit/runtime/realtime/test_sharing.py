"""One read for all who ask at once, never an older one, and never somebody else's."""

import asyncio
from collections.abc import Sequence
from uuid import uuid4

import pytest

from motorpool.kernel.actor import Actor
from motorpool.kernel.errors import Forbidden
from motorpool.runtime.realtime.ports import Snapshot, StoredEvent
from motorpool.runtime.realtime.positions import Positions
from motorpool.runtime.realtime.sharing import SharedReads

ADMIN = Actor(tenant_id=uuid4(), tenant_no=1, id=uuid4(), permissions=frozenset({"vehicles.read"}))


class SlowSource:
    """A source whose reads wait until they are let go, and say in `cursor` which read they are."""

    def __init__(self) -> None:
        self.reads: list[Actor] = []
        self.gate = asyncio.Event()

    async def snapshot(self, actor: Actor, channel: str) -> Snapshot:
        """A picture with the number of the read."""
        self.reads.append(actor)
        number = len(self.reads)
        await self.gate.wait()
        if channel == "forbidden":
            raise Forbidden
        return Snapshot(number, [], Positions.none(), [])

    async def events_after(self, actor: Actor, cursor: int, limit: int) -> Sequence[StoredEvent]:
        """Nothing was missed."""
        return []

    async def current(self, actor: Actor) -> Actor | None:
        """Nobody's rights change."""
        return actor


def shared(source: SlowSource) -> SharedReads:
    """Reads of that source, four at once."""
    return SharedReads(source, asyncio.Semaphore(4))


async def settled() -> None:
    """Let every task go as far as it can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_who_asks_together_shares_one_read() -> None:
    source = SlowSource()
    reads = shared(source)
    asking = [asyncio.create_task(reads.snapshot(ADMIN, "tenant:1")) for _ in range(50)]
    await settled()
    source.gate.set()
    assert {id(one) for one in await asyncio.gather(*asking)} == {id(await asking[0])}
    assert len(source.reads) == 1


async def test_who_asks_during_a_read_gets_the_next_one() -> None:
    source = SlowSource()
    reads = shared(source)
    first = asyncio.create_task(reads.snapshot(ADMIN, "tenant:1"))
    await settled()
    later = [asyncio.create_task(reads.snapshot(ADMIN, "tenant:1")) for _ in range(20)]
    await settled()
    source.gate.set()
    assert (await first).cursor == 1
    assert {one.cursor for one in await asyncio.gather(*later)} == {2}


@pytest.mark.parametrize(
    "other",
    [
        Actor(tenant_id=uuid4(), tenant_no=2, id=ADMIN.id, permissions=ADMIN.permissions),
        Actor(tenant_id=ADMIN.tenant_id, tenant_no=1, id=ADMIN.id, permissions=ADMIN.permissions, scope="own"),
        Actor(tenant_id=ADMIN.tenant_id, tenant_no=1, id=ADMIN.id),
    ],
)
async def test_who_may_see_something_else_never_shares(other: Actor) -> None:
    source = SlowSource()
    reads = shared(source)
    asking = [asyncio.create_task(reads.snapshot(actor, "tenant:1")) for actor in (ADMIN, other)]
    await settled()
    source.gate.set()
    one, two = await asyncio.gather(*asking)
    assert one is not two
    assert source.reads == [ADMIN, other]


async def test_two_people_who_see_only_their_own_never_share() -> None:
    source = SlowSource()
    reads = shared(source)
    drivers = [Actor(tenant_id=ADMIN.tenant_id, tenant_no=1, id=uuid4(), scope="own") for _ in range(2)]
    asking = [asyncio.create_task(reads.snapshot(actor, "tenant:1")) for actor in drivers]
    await settled()
    source.gate.set()
    await asyncio.gather(*asking)
    assert len(source.reads) == 2


async def test_a_refusal_is_told_to_all_and_does_not_stay() -> None:
    source = SlowSource()
    source.gate.set()
    reads = shared(source)
    for _ in range(2):
        told = await asyncio.gather(*(reads.snapshot(ADMIN, "forbidden") for _ in range(3)), return_exceptions=True)
        assert [type(one) for one in told] == [Forbidden] * 3
    assert len(source.reads) == 2


async def test_who_stops_waiting_does_not_stop_the_read_of_others() -> None:
    source = SlowSource()
    reads = shared(source)
    leaving, staying = (asyncio.create_task(reads.snapshot(ADMIN, "tenant:1")) for _ in range(2))
    await settled()
    leaving.cancel()
    source.gate.set()
    assert (await staying).cursor == 1
