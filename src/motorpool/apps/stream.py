"""The live stream of a process: what a hub shows, and the feed of newly numbered events."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from motorpool.apps import registry
from motorpool.features.accounts.api import AccountsAuthenticator
from motorpool.features.trips.api import live_picture
from motorpool.kernel.actor import Actor
from motorpool.kernel.errors import Forbidden, NotFound
from motorpool.runtime.db import begin
from motorpool.runtime.instance import Instance
from motorpool.runtime.live import Live
from motorpool.runtime.outbox import Stored, newest_position, read_events
from motorpool.runtime.outbox_sql import READ_EVENTS_OF_TENANT
from motorpool.runtime.realtime.hub import Hub
from motorpool.runtime.realtime.ports import Snapshot, StoredEvent

log = structlog.get_logger()

ACCESS_EVENTS = frozenset(
    {
        "vehicles.vehicle_added.v1",
        "vehicles.vehicle_changed.v1",
        "vehicles.viewer_added.v1",
        "vehicles.viewer_removed.v1",
    }
)
PAUSE_S = 0.05


class DatabaseSource:
    """The truth for the hub, read under the actor's own rights."""

    def __init__(self, instance: Instance, authenticator: AccountsAuthenticator) -> None:
        self._pool = instance.pools.app
        self._authenticator = authenticator

    async def snapshot(self, actor: Actor, channel: str) -> Snapshot:
        """The picture of a channel. Raises Forbidden, NotFound."""
        if not (actor.may("vehicles.read") and actor.may("positions.read")):
            raise Forbidden
        kind, _, text = channel.partition(":")
        id = _uuid(text)
        if kind == "tenant" and id != actor.tenant_id:
            raise Forbidden
        async with begin(self._pool, actor, frozen=True) as work:
            picture = await live_picture(
                work, fleet_id=id if kind == "fleet" else None, vehicle_id=id if kind == "vehicle" else None
            )
        return Snapshot(picture.cursor, picture.vehicles, picture.positions, picture.numbers)

    async def events_after(self, actor: Actor, cursor: int, limit: int) -> Sequence[StoredEvent]:
        """What the actor may have missed."""
        async with begin(self._pool, actor) as work:
            rows = await work.all(READ_EVENTS_OF_TENANT, {"cursor": cursor, "limit": limit})
        return [stored_event(Stored(**row)) for row in rows]

    async def current(self, actor: Actor) -> Actor | None:
        """The actor with today's rights; None when there is none any more."""
        return await self._authenticator.current(actor)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


def stored_event(stored: Stored) -> StoredEvent:
    """An event of the log with who may hear it; an event this version does not know is heard by nobody."""
    kind = registry.EVENTS.get(stored.name)
    return StoredEvent(
        position=stored.position,
        tenant_id=stored.tenant_id,
        name=stored.name,
        at=stored.at,
        data=dict(stored.data),
        audience=kind.AUDIENCE if kind else None,
        vehicle_id=stored.vehicle_id,
    )


def make_hub(instance: Instance, authenticator: AccountsAuthenticator, live: Live) -> Hub:
    """The hub of this process."""
    return Hub(live, DatabaseSource(instance, authenticator), access_events=ACCESS_EVENTS)


async def feed(instance: Instance, hub: Hub) -> None:
    """Hand newly numbered events to the hub, until cancelled. After a time without the database everybody reads anew."""
    cursor: int | None = None
    while True:
        try:
            if cursor is None:
                cursor = await newest_position(instance.pools.relay)
            events = await read_events(instance.pools.relay, cursor)
            if events:
                hub.events([stored_event(one) for one in events])
                cursor = events[-1].position
            else:
                await asyncio.sleep(PAUSE_S)
        except (psycopg.OperationalError, PoolTimeout) as error:
            log.warning("feed_waits_for_database", error=str(error).split("\n")[0])
            await asyncio.sleep(1)
