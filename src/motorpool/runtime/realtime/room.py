"""One tenant's clients in this process. Tenants meet nowhere: a room has its own channel, clients, views.

Ticks are gathered for a moment, merged, and encoded once for every set of clients that may see the same.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from motorpool.runtime.live import Live, Unsubscribe
from motorpool.runtime.realtime import messages, meters
from motorpool.runtime.realtime.client import Client, Subscription
from motorpool.runtime.realtime.mailbox import Frame
from motorpool.runtime.realtime.ports import StoredEvent
from motorpool.runtime.realtime.positions import Positions, Tick, join, tick_channel
from motorpool.runtime.realtime.view import View

log = structlog.get_logger(__name__)
MOST_PARTS = 64


class Known:
    """The last place of every vehicle that moved: a window that is moved shows at once what is there."""

    def __init__(self) -> None:
        self._parts: list[Positions] = []

    def learn(self, positions: Positions) -> None:
        """Add newer places."""
        self._parts.append(positions)
        if len(self._parts) > MOST_PARTS:
            self._parts = [join(self._parts).latest()]

    def all(self) -> Positions:
        """The latest of every vehicle."""
        self._parts = [join(self._parts).latest()]
        return self._parts[0]


@dataclass(slots=True)
class Group:
    """Clients that may see the same positions."""

    view: View
    clients: set[Client] = field(default_factory=set)


class Room:
    """The clients of one tenant. `on_gap` is called when live messages may have been missed."""

    def __init__(self, tenant: tuple[UUID, int], tick_s: float, on_gap: Callable[["Room"], None]) -> None:
        self.tenant_id, self.tenant_no = tenant
        self.clients: set[Client] = set()
        self.refresh_timer: asyncio.TimerHandle | None = None
        self._tick_s, self._on_gap = tick_s, on_gap
        self._groups: dict[bytes, Group] = {}
        self._group_of: dict[Client, Group] = {}
        self._watching: set[Client] = set()
        self._known: Known | None = None
        self._gathered: list[Positions] = []
        self._timer: asyncio.TimerHandle | None = None
        self._flushed_s = 0.0
        self._leave_live: Unsubscribe | None = None
        self._opening = asyncio.Lock()

    async def open(self, live: Live) -> None:
        """Listen to the tenant's positions; when this returns, none goes by unheard."""
        async with self._opening:
            if self._leave_live is None:
                self._leave_live = await live.subscribe(
                    tick_channel(self.tenant_no), self.hear, lambda: self._on_gap(self)
                )

    async def close(self) -> None:
        """Stop listening."""
        async with self._opening:
            if self._leave_live is not None:
                await self._leave_live()
            if self._timer is not None:
                self._timer.cancel()

    def hear(self, message: bytes) -> None:
        """Take one tick; it goes out at once, or with others when the last went out a moment ago."""
        try:
            tick = Tick.unpack(message)
        except ValueError:
            meters.MALFORMED_TICKS.inc()
            return
        if tick.tenant_no != self.tenant_no:
            meters.MALFORMED_TICKS.inc()
            log.error("tick_of_another_tenant", expected=self.tenant_no, found=tick.tenant_no)
            return
        self._gathered.append(tick.positions)
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(max(loop.time(), self._flushed_s + self._tick_s), self._flush)

    def _flush(self) -> None:
        self._timer = None
        self._flushed_s = asyncio.get_running_loop().time()
        positions = join(self._gathered).latest()
        self._gathered = []
        if self._known is not None:
            self._known.learn(positions)
        for subscription in self._holding():
            if subscription.held is not None:
                subscription.held.hold_positions(positions)
        now_ms = time.time() * 1_000.0
        for group in self._groups.values():
            self._tell(group.clients, group.view.select(positions), now_ms)
        for client in self._watching:
            self._tell_watching(client, positions, now_ms)

    def _tell(self, clients: set[Client], positions: Positions, now_ms: float) -> None:
        if not len(positions):
            return
        meters.ENCODED.inc()
        frame = Frame(positions, now_ms)
        at_once = sum([client.show(frame) for client in clients])
        meters.FRAMES.labels("positions").inc(at_once)
        meters.BYTES.labels("positions").inc(at_once * len(frame.encoded()))

    def _tell_watching(self, client: Client, positions: Positions, now_ms: float) -> None:
        window = client.viewport()
        if window is None or window.viewport is None:
            return
        visible = window.view.select(positions)
        seen = visible.take(window.viewport.look(visible))
        other = client.view().select(positions)
        self._tell({client}, join([seen, other]).latest() if len(other) else seen, now_ms)

    def _holding(self) -> list[Subscription]:
        return [one for client in self.clients for one in client.subscriptions.values() if one.held is not None]

    def regroup(self, client: Client) -> None:
        """Put a client where it belongs after what it may see has changed, or it left."""
        self._leave_group(client)
        if client not in self.clients:
            return
        if client.viewport() is not None:
            self._watching.add(client)
            return
        view = client.view()
        if view.is_whole or len(view.numbers):
            group = self._groups.setdefault(view.key, Group(view))
            group.clients.add(client)
            self._group_of[client] = group

    def _leave_group(self, client: Client) -> None:
        self._watching.discard(client)
        group = self._group_of.pop(client, None)
        if group is not None:
            group.clients.discard(client)
            if not group.clients:
                del self._groups[group.view.key]

    # Windows

    def remember(self) -> None:
        """Keep last places from now on: somebody opens a window."""
        self._known = self._known or Known()

    def learn(self, positions: Positions) -> None:
        """Places a snapshot told, for windows that are moved later."""
        if self._known is not None:
            self._known.learn(positions)

    def seen_through(self, window: Subscription) -> Positions:
        """The last known places a window shows; it begins to follow what is inside."""
        if self._known is None or window.viewport is None:
            return Positions.none()
        visible = window.view.select(self._known.all())
        return visible.take(window.viewport.look(visible))

    # Events

    def events(self, stored: Sequence[StoredEvent]) -> None:
        """Tell events of this tenant to who may hear them; each is encoded once a channel."""
        encoded: dict[tuple[int, str], str] = {}
        for client in self.clients:
            for subscription in client.subscriptions.values():
                if subscription.held is not None:
                    subscription.held.hold_events(stored)
                if subscription.is_live:
                    self.tell_events(client, subscription, stored, encoded)

    @staticmethod
    def tell_events(
        client: Client,
        subscription: Subscription,
        stored: Sequence[StoredEvent],
        encoded: dict[tuple[int, str], str],
    ) -> None:
        """Tell one subscription what is new to it and meant for it."""
        name = subscription.name
        for one in stored:
            if one.position <= subscription.cursor:
                continue
            subscription.cursor = one.position
            if subscription.concerns(client.actor, one):
                key = (one.position, name)
                if key not in encoded:
                    encoded[key] = messages.event(name, one)
                client.mailbox.tell_event(name, encoded[key])
                client.wake.set()
