"""After the commit: events get their position, then reach the subscriptions that name them, in order.

One sequencer at a time numbers committed events. (Reading by `id` would lose those that commit late, and by transaction number would
stop after a dump and restore.) Each subscription's cursor moves in the transaction of its handler's writes, so effects inside the
database happen exactly once, crashes included. A handler that keeps failing parks that event and goes on.

Reads: tenants, for their numbers.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
import structlog
from prometheus_client import Counter, Gauge
from psycopg_pool import PoolTimeout

from motorpool.kernel.actor import system_actor
from motorpool.kernel.events import Event
from motorpool.runtime.db import Pool, Work, begin, open_transaction
from motorpool.runtime.feature import Subscription
from motorpool.runtime.outbox_sql import NEWEST_POSITION, NUMBER_EVENTS, READ_EVENTS, TAKE_SEQUENCER

log = structlog.get_logger()
NUMBERED = Counter("motorpool_events_numbered_total", "Events given their position")
DELIVERED = Counter("motorpool_events_delivered_total", "Events handled by a subscription", ["subscription"])
PARKED = Counter("motorpool_events_parked_total", "Events a subscription could not handle", ["subscription"])
LAG = Gauge("motorpool_subscription_lag_events", "Events between a subscription and the newest", ["subscription"])

ATTEMPTS = 5
READ_AT_ONCE = 500

TENANT_NUMBERS = "select id, no from tenants"
KNOW_SUBSCRIPTION = "insert into subscriptions (name) values (%(name)s) on conflict do nothing"
CURSOR = "select position from subscriptions where name = %(name)s"
LOCK_CURSOR = "select position from subscriptions where name = %(name)s for update"
MOVE_CURSOR = "update subscriptions set position = %(position)s where name = %(name)s and position < %(position)s"
PARK = """
insert into parked_events (subscription, position, attempts, error)
values (%(subscription)s, %(position)s, %(attempts)s, %(error)s) on conflict do nothing
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """An event as it lies in the log."""

    position: int
    tenant_id: UUID
    id: UUID
    name: str
    vehicle_id: UUID | None
    at: datetime
    data: Mapping[str, Any]


async def number_events(relay: Pool) -> int:
    """Give positions to committed events, at most a thousand; how many. Zero also when another process is at it."""
    async with open_transaction(relay) as db:
        taken = await (await db.execute(TAKE_SEQUENCER)).fetchone()
        if not taken or not taken["taken"]:
            return 0
        count = (await db.execute(NUMBER_EVENTS)).rowcount
    NUMBERED.inc(count)
    return count


async def read_events(relay: Pool, cursor: int, limit: int = READ_AT_ONCE) -> list[Stored]:
    """Events after a cursor, oldest first, of all tenants."""
    async with open_transaction(relay) as db:
        rows = await (await db.execute(READ_EVENTS, {"cursor": cursor, "limit": limit})).fetchall()
    names = Stored.__dataclass_fields__
    return [Stored(**{name: row[name] for name in names}) for row in rows]


async def newest_position(relay: Pool) -> int:
    """Position of the newest numbered event; 0 when there is none."""
    async with open_transaction(relay) as db:
        row = await (await db.execute(NEWEST_POSITION)).fetchone()
    return int(row["position"]) if row else 0


class Relay:
    """Numbers events and hands them to subscriptions until stopped."""

    def __init__(self, app: Pool, relay: Pool, subscriptions: Sequence[Subscription], pause_s: float = 0.1) -> None:
        self._app, self._relay = app, relay
        self._subscriptions = subscriptions
        self._pause_s = pause_s
        self._tenant_no: dict[UUID, int] = {}
        self._attempts: dict[tuple[str, int], int] = {}

    async def run(self) -> None:
        """Work until cancelled; a database that is away is waited for."""
        known = False
        while True:
            try:
                if not known:
                    await self._introduce()
                    known = True
                if not await self.turn():
                    await asyncio.sleep(self._pause_s)
            except (psycopg.OperationalError, PoolTimeout) as error:
                log.warning("relay_waits_for_database", error=str(error).split("\n")[0])
                await asyncio.sleep(1)

    async def turn(self) -> int:
        """Number and deliver once; how many events were touched."""
        touched = await number_events(self._relay)
        for subscription in self._subscriptions:
            touched += await self.deliver(subscription)
        return touched

    async def _introduce(self) -> None:
        """Note the subscriptions; one nobody knew begins with the first event of the log."""
        async with open_transaction(self._relay) as db:
            for subscription in self._subscriptions:
                await db.execute(KNOW_SUBSCRIPTION, {"name": subscription.name})

    async def deliver(self, subscription: Subscription) -> int:
        """Hand a subscription what it names among its next events; how many it passed."""
        await self._introduce()
        cursor = await self._cursor(subscription.name)
        events = await read_events(self._relay, cursor)
        named = {kind.NAME: kind for kind in subscription.handlers}
        for event in events:
            kind = named.get(event.name)
            if kind is not None and not await self._hand_over(subscription, kind, event):
                return 1
        if events:
            await self._skip_to(subscription.name, events[-1].position)
        LAG.labels(subscription.name).set(len(events))
        return len(events)

    async def _hand_over(self, subscription: Subscription, kind: type[Event], event: Stored) -> bool:
        """Run one handler with its cursor; False when it failed and will be tried again."""
        actor = system_actor(event.tenant_id, await self._number_of(event.tenant_id))
        try:
            async with begin(self._app, actor, causation_id=event.id) as work:
                if await _is_new(work, subscription.name, event.position):
                    await subscription.handlers[kind](work, kind.from_data(dict(event.data)))
                    await work.run(MOVE_CURSOR, {"name": subscription.name, "position": event.position})
        except (psycopg.OperationalError, PoolTimeout):
            raise
        except Exception as error:  # noqa: BLE001 - a handler may fail in any way; the event is parked, not lost
            return await self._failed(subscription, event, error)
        self._attempts.pop((subscription.name, event.position), None)
        DELIVERED.labels(subscription.name).inc()
        return True

    async def _failed(self, subscription: Subscription, event: Stored, error: Exception) -> bool:
        key = (subscription.name, event.position)
        self._attempts[key] = self._attempts.get(key, 0) + 1
        log.warning(
            "subscription_failed",
            subscription=subscription.name,
            name=event.name,
            position=event.position,
            error=repr(error),
        )
        if self._attempts[key] < ATTEMPTS:
            return False
        async with open_transaction(self._relay) as db:
            row = {
                "subscription": key[0],
                "position": key[1],
                "attempts": self._attempts.pop(key),
                "error": repr(error)[:2000],
            }
            await db.execute(PARK, row)
            await db.execute(MOVE_CURSOR, {"name": key[0], "position": key[1]})
        PARKED.labels(subscription.name).inc()
        return True

    async def _cursor(self, name: str) -> int:
        async with open_transaction(self._relay) as db:
            row = await (await db.execute(CURSOR, {"name": name})).fetchone()
        return int(row["position"]) if row else 0

    async def _skip_to(self, name: str, position: int) -> None:
        async with open_transaction(self._relay) as db:
            await db.execute(MOVE_CURSOR, {"name": name, "position": position})

    async def _number_of(self, tenant_id: UUID) -> int:
        if tenant_id not in self._tenant_no:
            async with open_transaction(self._relay) as db:
                rows = await (await db.execute(TENANT_NUMBERS)).fetchall()
            self._tenant_no = {row["id"]: row["no"] for row in rows}
        return self._tenant_no[tenant_id]


async def _is_new(work: Work, subscription: str, position: int) -> bool:
    """Lock the cursor; False when another worker handled this event in the meantime."""
    row = await work.one(LOCK_CURSOR, {"name": subscription})
    return row is not None and row["position"] < position


async def stop(task: "asyncio.Task[None]") -> None:
    """Cancel a loop and wait until it has ended: again each second, for a driver may answer a cancellation with an error of its own."""
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=1.0)
    with suppress(asyncio.CancelledError):
        await task
