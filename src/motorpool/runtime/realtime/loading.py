"""Reading snapshots for subscriptions. Recovery is start-up: every doubt ends here.

Live messages are held from before the snapshot is read until it is told, so there is no gap; events the
snapshot contains are dropped by their cursor and of positions the newer wins, so there is no duplicate that
matters.
"""

import asyncio
from collections.abc import Sequence

import structlog

from motorpool.kernel.actor import Actor
from motorpool.kernel.errors import Forbidden, NotFound
from motorpool.kernel.time import utc_now
from motorpool.runtime.realtime import messages, meters
from motorpool.runtime.realtime.channels import VIEWPORT, Channel
from motorpool.runtime.realtime.client import Client, Held, Subscription
from motorpool.runtime.realtime.limits import Limits
from motorpool.runtime.realtime.mailbox import Frame
from motorpool.runtime.realtime.messages import BadMessage, ErrorCode
from motorpool.runtime.realtime.ports import Snapshot, Source, StoredEvent
from motorpool.runtime.realtime.positions import Positions, encode_positions
from motorpool.runtime.realtime.room import Room
from motorpool.runtime.realtime.sharing import SharedReads
from motorpool.runtime.realtime.view import WHOLE, View

log = structlog.get_logger(__name__)

START, REFRESH = "start", "access"  # a refresh that changes nothing is not told; every other reason is
MISSED = "missed"


class Loading:
    """Reads snapshots, only so many at once in this process, and brings subscriptions up to date."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self._source, self._limits = source, limits
        self._turns = asyncio.Semaphore(limits.snapshots_at_once)
        self._reads = SharedReads(source, self._turns)

    async def load(self, room: Room, client: Client, subscription: Subscription, why: str) -> None:
        """Read the channel's snapshot and tell it. What fails is told as an error or ends the connection."""
        await client.until_drained(self._limits.waiting_messages, self._limits.waiting_bytes)
        try:
            await self._load(room, client, subscription, why)
        except (Forbidden, NotFound):
            self._refuse(room, client, subscription)
        except Exception:
            log.exception("snapshot_failed", channel_kind=subscription.channel.kind)
            self._fail(client, subscription)
        finally:
            subscription.held = None

    async def _load(self, room: Room, client: Client, subscription: Subscription, why: str) -> None:
        while True:
            actor = client.actor
            held = subscription.held = Held(self._limits.events)
            snapshot, missed = await self._read(actor, subscription)
            if client.subscriptions.get(subscription.name) is not subscription:
                return  # unsubscribed, or replaced, in the meantime
            if not held.is_full and client.actor is actor:
                break
        view = view_of(actor, subscription.channel, snapshot)
        if why == REFRESH and subscription.is_live and _same(view, subscription.view):
            return
        subscription.view = view
        self._tell(room, client, subscription, (snapshot, missed, why))
        subscription.is_live = True
        room.tell_events(client, subscription, held.events, {})
        self._tell_held(client, subscription, held.positions)
        room.regroup(client)

    async def _read(self, actor: Actor, subscription: Subscription) -> tuple[Snapshot, Sequence[StoredEvent] | None]:
        """The snapshot, and the events a returning client missed; None when they are too many to tell."""
        channel = subscription.channel
        truth = Channel("tenant", actor.tenant_id) if channel.kind == VIEWPORT else channel
        snapshot = await self._reads.snapshot(actor, str(truth))
        resume_from = subscription.resume_from
        if resume_from is None:
            return snapshot, ()
        if resume_from > snapshot.cursor:
            return snapshot, None  # from another history than ours
        most = self._limits.missed_events
        async with self._turns:
            missed = await self._source.events_after(actor, resume_from, most + 1)
        return snapshot, None if len(missed) > most else missed

    def _tell(
        self,
        room: Room,
        client: Client,
        subscription: Subscription,
        read: tuple[Snapshot, Sequence[StoredEvent] | None, str],
    ) -> None:
        """Acknowledge the first time, then missed events, or resync; then the snapshot and its positions."""
        snapshot, missed, why = read
        name = subscription.name
        client.mailbox.restart(name)
        if why == START:
            client.tell(messages.subscription_ack(subscription.request_id, name, utc_now()))
        if missed:
            subscription.cursor = subscription.resume_from or 0
            contained = [one for one in missed if one.position <= snapshot.cursor]
            room.tell_events(client, subscription, contained, {})
        reason = MISSED if missed is None else why
        if reason != START:
            meters.RESYNCS.labels(reason).inc()
            client.tell(messages.resync(name, reason))
        subscription.resume_from, subscription.cursor = None, snapshot.cursor
        client.tell(snapshot.told(name, lambda: messages.snapshot(name, snapshot.cursor, snapshot.vehicles)))
        client.tell(_places(room, subscription, snapshot))

    @staticmethod
    def _tell_held(client: Client, subscription: Subscription, held: list[Positions]) -> None:
        for positions in held:
            seen = subscription.view.select(positions)
            if subscription.viewport is not None:
                seen = seen.take(subscription.viewport.look(seen))
            if len(seen):
                client.show(Frame(seen, utc_now().timestamp() * 1e3))

    @staticmethod
    def _refuse(room: Room, client: Client, subscription: Subscription) -> None:
        """Not, or no longer, allowed. One sentence for what is forbidden and what does not exist."""
        if client.subscriptions.get(subscription.name) is not subscription:
            return
        del client.subscriptions[subscription.name]
        meters.SUBSCRIPTIONS.dec()
        if subscription.is_live:
            meters.RESYNCS.labels("forbidden").inc()
            client.mailbox.drop_events(subscription.name)
            client.tell(messages.resync(subscription.name, "forbidden"))
        client.tell(
            messages.error(BadMessage(ErrorCode.FORBIDDEN, "You may not hear this channel.", subscription.request_id))
        )
        meters.REFUSED.labels(ErrorCode.FORBIDDEN).inc()
        room.regroup(client)

    @staticmethod
    def _fail(client: Client, subscription: Subscription) -> None:
        if subscription.is_live:  # its picture may be wrong from here on; coming back is the cure
            client.close(1011, "internal")
            return
        if client.subscriptions.get(subscription.name) is subscription:
            del client.subscriptions[subscription.name]
            meters.SUBSCRIPTIONS.dec()
        sentence = "The channel could not be read just now; try again in a moment."
        client.tell(messages.error(BadMessage(ErrorCode.MESSAGE_PROCESSING_ERROR, sentence, subscription.request_id)))


def view_of(actor: Actor, channel: Channel, snapshot: Snapshot) -> View:
    """What the actor may hear on the channel: who sees all of the tenant also hears vehicles added later."""
    if actor.scope == "all" and channel.kind in ("tenant", VIEWPORT):
        return WHOLE
    return View.of(snapshot.numbers, (str(vehicle["id"]) for vehicle in snapshot.vehicles))


def _same(one: View, other: View) -> bool:
    return one.key == other.key and one.ids == other.ids


def _places(room: Room, subscription: Subscription, snapshot: Snapshot) -> bytes | str:
    """The frame of the snapshot's positions, made once for all who see all of it."""
    now_ms = utc_now().timestamp() * 1e3
    if subscription.viewport is None:
        return snapshot.told("positions", lambda: encode_positions(snapshot.positions, now_ms))
    room.learn(snapshot.positions)
    return encode_positions(snapshot.positions.take(subscription.viewport.look(snapshot.positions)), now_ms)
