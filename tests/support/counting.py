"""A subscription whose handler leaves a row for each event, so that a test can count how often it was handled."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from uuid import UUID

import psycopg

from motorpool.kernel.actor import system_actor
from motorpool.kernel.events import Event
from motorpool.kernel.ids import new_id
from motorpool.runtime.db import Work, begin
from motorpool.runtime.feature import Subscription
from motorpool.runtime.instance import Instance, open_instance
from motorpool.runtime.outbox import Relay
from tests.support.instances import KEY, settings_for

LEAVE_ROW = "insert into fleets (id, name, sort_key) values (%(id)s, %(name)s, %(id)s::text)"
ROWS_LEFT = "select t.slug, f.name from motorpool.fleets f join motorpool.tenants t on t.id = f.tenant_id order by f.created_at, f.id"


@dataclass(frozen=True, slots=True)
class Counted(Event):
    """Something was counted."""

    NAME: ClassVar[str] = "tests.counted.v1"
    STREAM: ClassVar[str] = "count"

    count_id: UUID
    number: int


@dataclass(frozen=True, slots=True)
class Other(Event):
    """Something nobody subscribed to happened."""

    NAME: ClassVar[str] = "tests.other.v1"
    STREAM: ClassVar[str] = "count"

    count_id: UUID


Before = Callable[[Work, Counted], Awaitable[None]]


def counting(name: str = "counting", after: Before | None = None) -> Subscription:
    """A subscription that leaves a row `<name> <number>`, then does `after` before its commit."""

    async def leave_row(work: Work, event: Counted) -> None:
        await work.run(LEAVE_ROW, {"id": new_id(), "name": f"{name} {event.number}"})
        if after is not None:
            await after(work, event)

    return Subscription(name, {Counted: leave_row})


def rows_left(url: str) -> list[tuple[str, str]]:
    """(company, `<subscription> <number>`) of each time an event was handled, in order."""
    with psycopg.connect(url) as db:
        return [(row[0], row[1]) for row in db.execute(ROWS_LEFT).fetchall()]


@asynccontextmanager
async def opened(url: str, folder: Path) -> AsyncIterator[Instance]:
    """An instance without any role running."""
    async with open_instance(settings_for(folder), KEY, url) as instance:
        yield instance


async def tell(instance: Instance, numbers: list[int], slug: str = "demo") -> None:
    """Tell that numbers were counted, in one transaction of a company."""
    with psycopg.connect(_url_of(instance)) as db:
        row = db.execute("select id, no from tenants where slug = %s", [slug]).fetchone()
    assert row is not None
    async with begin(instance.pools.app, system_actor(*row)) as work:
        for number in numbers:
            work.record(Counted(count_id=new_id(), number=number))
            work.record(Other(count_id=new_id()))


def _url_of(instance: Instance) -> str:
    return instance.pools.identity.conninfo


def relay_of(instance: Instance, *subscriptions: Subscription) -> Relay:
    """A relay of this instance."""
    return Relay(instance.pools.app, instance.pools.relay, subscriptions, pause_s=0.01)


async def run_down(relay: Relay) -> None:
    """Let a relay work until there is nothing left."""
    while await relay.turn():
        pass


async def _die_at(url: str, folder: Path, number: int) -> None:
    async def die(work: Work, event: Counted) -> None:
        if event.number == number:
            os.kill(os.getpid(), signal.SIGKILL)

    async with opened(url, folder) as instance:
        await run_down(relay_of(instance, counting(after=die)))


if __name__ == "__main__":
    asyncio.run(_die_at(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
