"""All clients of this process. Who joins gets a mailbox; who subscribes a snapshot and what follows."""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

import structlog

from motorpool.kernel.actor import Actor
from motorpool.kernel.errors import Unavailable
from motorpool.kernel.time import utc_now
from motorpool.runtime.live import Live
from motorpool.runtime.realtime import messages, meters
from motorpool.runtime.realtime.channels import VIEWPORT
from motorpool.runtime.realtime.client import Client, Subscription
from motorpool.runtime.realtime.limits import Limits
from motorpool.runtime.realtime.loading import REFRESH, START, Loading
from motorpool.runtime.realtime.messages import BadMessage, ErrorCode, Subscribe, Unsubscribe
from motorpool.runtime.realtime.ports import Source, StoredEvent
from motorpool.runtime.realtime.positions import encode_positions
from motorpool.runtime.realtime.room import Room
from motorpool.runtime.realtime.view import Box, Viewport

log = structlog.get_logger(__name__)


class Hub:
    """Rooms of tenants and their clients.

    `access_events` names the events after which what people see may have changed (a vehicle added, moved or
    removed, a role changed): they cause `refresh_access` by themselves.
    """

    def __init__(
        self,
        live: Live,
        source: Source,
        limits: Limits | None = None,
        access_events: frozenset[str] = frozenset(),
    ) -> None:
        self.limits = limits or Limits()
        self._live, self._source, self._access_events = live, source, access_events
        self._loading = Loading(source, self.limits)
        self._rooms: dict[UUID, Room] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_draining = False
        self._is_empty = asyncio.Event()
        self._is_empty.set()

    async def join(self, actor: Actor) -> Client:
        """A client for a connection of `actor`. Raises Unavailable when shutting down or full."""
        if self._is_draining or sum(len(room.clients) for room in self._rooms.values()) >= self.limits.clients:
            raise Unavailable
        room = self._rooms.get(actor.tenant_id)
        if room is None:
            tenant = (actor.tenant_id, actor.tenant_no)
            room = self._rooms[actor.tenant_id] = Room(tenant, self.limits.tick_s, self._had_gap)
        client = Client(actor, self.limits)
        room.clients.add(client)
        self._is_empty.clear()
        meters.CLIENTS.inc()
        try:
            await room.open(self._live)
        except BaseException:
            self.leave(client)
            raise
        if self._is_draining:
            client.close(1001, "shutting down")
        return client

    def leave(self, client: Client) -> None:
        """The connection is gone. A room without clients stops listening."""
        room = self._rooms[client.actor.tenant_id]
        if client.loader is not None:
            client.loader.cancel()
        meters.CLIENTS.dec()
        meters.SUBSCRIPTIONS.dec(len(client.subscriptions))
        client.subscriptions.clear()
        room.clients.discard(client)
        room.regroup(client)
        if not room.clients:
            del self._rooms[room.tenant_id]
            if room.refresh_timer is not None:
                room.refresh_timer.cancel()
            self._spawn(room.close())
        if not self._rooms:
            self._is_empty.set()

    # What a client asks for

    def subscribe(self, client: Client, request: Subscribe) -> None:
        """Begin to hear a channel, or hear it anew. Raises BadMessage."""
        channel, box = request.parsed()
        if channel.kind == "tenant" and channel.id != client.actor.tenant_id:
            raise BadMessage(ErrorCode.FORBIDDEN, "You may not hear this channel.", request.id)
        name = str(channel)
        if name not in client.subscriptions and len(client.subscriptions) >= self.limits.subscriptions:
            sentence = f"A connection hears at most {self.limits.subscriptions} channels."
            raise BadMessage(ErrorCode.RATE_LIMIT_EXCEEDED, sentence, request.id)
        if box is not None and self._move_window(client, request.id, box):
            return
        if name not in client.subscriptions:
            meters.SUBSCRIPTIONS.inc()
        viewport = None if box is None else Viewport(box)
        client.subscriptions[name] = Subscription(request.id, channel, request.cursor, viewport)
        client.mailbox.drop_events(name)
        room = self._rooms[client.actor.tenant_id]
        if viewport is not None:
            room.remember()
        room.regroup(client)
        self._want(client, [name], START)

    def _move_window(self, client: Client, request_id: str, box: Box) -> bool:
        """Move the window a client already has: what it shows is known here, nothing is read anew."""
        window = client.viewport()
        if window is None or window.viewport is None:
            return False
        window.viewport = Viewport(box)
        shown = self._rooms[client.actor.tenant_id].seen_through(window)
        client.tell(messages.subscription_ack(request_id, VIEWPORT, utc_now()))
        client.tell(encode_positions(shown, utc_now().timestamp() * 1e3))
        return True

    def unsubscribe(self, client: Client, request: Unsubscribe) -> None:
        """Hear a channel no longer; one not heard is no fault. Raises BadMessage for an unknown channel."""
        name = str(messages.parse_channel(request.channel, request.id))
        if client.subscriptions.pop(name, None) is not None:
            meters.SUBSCRIPTIONS.dec()
            client.mailbox.drop_events(name)
            client.mailbox.restart(name)
            self._rooms[client.actor.tenant_id].regroup(client)
        client.tell(messages.unsubscription_ack(request.id, name, utc_now()))

    def lost(self, client: Client, channels: Iterable[str]) -> None:
        """The client was too slow for the events of these channels: they start anew."""
        self._want(client, channels, "overflow")

    # What happens

    def events(self, stored: Sequence[StoredEvent]) -> None:
        """Tell newly positioned events, in order of position; more than once is harmless."""
        for tenant_id, ones in groupby(stored, key=lambda one: one.tenant_id):
            room = self._rooms.get(tenant_id)
            if room is None:
                continue
            batch = list(ones)
            room.events(batch)
            if any(one.name in self._access_events for one in batch):
                self.refresh_access(tenant_id)

    def refresh_access(self, tenant_id: UUID) -> None:
        """What people of this tenant may see has changed: ask again, soon and once for a burst of changes."""
        room = self._rooms.get(tenant_id)
        if room is not None and room.refresh_timer is None:
            loop = asyncio.get_running_loop()
            room.refresh_timer = loop.call_later(self.limits.refresh_s, self._refresh, room)

    def _refresh(self, room: Room) -> None:
        room.refresh_timer = None
        for client in room.clients:
            client.must_recheck = True
            narrow = [one.name for one in client.subscriptions.values() if not (one.is_live and one.view.is_whole)]
            self._want(client, narrow, REFRESH)

    def resync(self, tenant_id: UUID | None = None, reason: str = "gap") -> None:
        """Live messages may have been missed, in one tenant or all: every channel starts anew."""
        rooms = list(self._rooms.values()) if tenant_id is None else [self._rooms.get(tenant_id)]
        for client in [client for room in rooms if room is not None for client in room.clients]:
            self._want(client, client.subscriptions, reason)

    def _had_gap(self, room: Room) -> None:
        if self._rooms.get(room.tenant_id) is room:
            self.resync(room.tenant_id)

    async def drain(self, timeout_s: float = 3.0) -> None:
        """Close every connection with 1001 and take no more; returns when all are gone, or after a while."""
        self._is_draining = True
        for room in list(self._rooms.values()):
            for client in list(room.clients):
                client.close(1001, "shutting down")
        try:
            async with asyncio.timeout(timeout_s):
                await self._is_empty.wait()
                await asyncio.gather(*self._tasks, return_exceptions=True)
        except TimeoutError:
            log.warning("realtime_drain_incomplete")

    # Reading snapshots, one client's one after another

    def _want(self, client: Client, channels: Iterable[str], why: str) -> None:
        for name in list(channels):
            known = client.wanted.get(name)
            client.wanted[name] = why if known in (None, REFRESH) or why == START else known
        if (client.wanted or client.must_recheck) and client.loader is None:
            client.loader = self._spawn(self._load(client))

    async def _load(self, client: Client) -> None:
        try:
            while client.wanted or client.must_recheck:
                if client.must_recheck and not await self._recheck(client):
                    return
                if client.wanted:
                    name = next(iter(client.wanted))
                    await self._load_one(client, name, client.wanted.pop(name))
        except Exception:
            log.exception("realtime_loading_failed")
            client.close(1011, "internal")
        finally:
            client.loader = None

    async def _load_one(self, client: Client, name: str, why: str) -> None:
        subscription = client.subscriptions.get(name)
        if subscription is None:
            return
        if not subscription.is_live and why != START:
            why = START
        await self._loading.load(self._rooms[client.actor.tenant_id], client, subscription, why)

    async def _recheck(self, client: Client) -> bool:
        """Ask who the client is today. False: it may not stay."""
        client.must_recheck = False
        actor = await self._source.current(client.actor)
        if actor is None or actor.tenant_id != client.actor.tenant_id:
            client.close(1008, "signed out")
            return False
        if actor != client.actor:
            client.actor = actor
            for name in client.subscriptions:
                client.wanted.setdefault(name, REFRESH)
        return True

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
