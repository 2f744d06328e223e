"""One connected client: its actor, its mailbox and what it subscribed to. Knows no transport."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from motorpool.kernel.actor import Actor
from motorpool.kernel.ids import new_id
from motorpool.runtime.realtime.channels import VIEWPORT, Channel
from motorpool.runtime.realtime.limits import Limits
from motorpool.runtime.realtime.mailbox import MOST_FRAMES, Frame, Mailbox
from motorpool.runtime.realtime.ports import StoredEvent
from motorpool.runtime.realtime.positions import Positions, join
from motorpool.runtime.realtime.view import NOTHING, View, Viewport, union


@dataclass(slots=True)
class Held:
    """What came while a snapshot was read; applied after it. `is_full`: events were lost, read again."""

    most_events: int
    events: list[StoredEvent] = field(default_factory=list)
    positions: list[Positions] = field(default_factory=list)
    is_full: bool = False

    def hold_events(self, stored: Sequence[StoredEvent]) -> None:
        """Keep these events, if there is room."""
        self.is_full = self.is_full or len(self.events) + len(stored) > self.most_events
        if not self.is_full:
            self.events.extend(stored)

    def hold_positions(self, positions: Positions) -> None:
        """Keep these places, the latest a vehicle."""
        self.positions.append(positions)
        if len(self.positions) > MOST_FRAMES:
            self.positions = [join(self.positions).latest()]


@dataclass(eq=False, slots=True)
class Subscription:
    """One channel one client hears. `is_live` from its first snapshot on; `held` while one is being read."""

    request_id: str
    channel: Channel
    resume_from: int | None = None
    viewport: Viewport | None = None
    view: View = NOTHING
    cursor: int = -1
    is_live: bool = False
    held: Held | None = None

    @property
    def name(self) -> str:
        """The channel's name, as the client knows it."""
        return str(self.channel)

    def concerns(self, actor: Actor, stored: StoredEvent) -> bool:
        """Whether the actor may hear the event, on this channel."""
        if stored.tenant_id != actor.tenant_id or stored.audience is None or not actor.may(stored.audience):
            return False
        if stored.vehicle_id is None:
            return self.channel.kind == "tenant"
        return self.view.sees(str(stored.vehicle_id))


class Client:
    """A connection as the hub sees it. Whoever writes to the transport waits on `wake`."""

    def __init__(self, actor: Actor, limits: Limits) -> None:
        self.id: UUID = new_id()
        self.actor = actor
        self.mailbox = Mailbox(limits.events)
        self.wake = asyncio.Event()
        self.subscriptions: dict[str, Subscription] = {}
        self.offer: Callable[[bytes], bool] | None = None  # the transport's short way, if it has one
        self.is_writing = False
        self.closing: tuple[int, str] | None = None
        self.on_close: Callable[[], object] = lambda: None  # wakes whoever waits for the client to speak
        self.wanted: dict[str, str] = {}  # channel → why its snapshot is to be read
        self.must_recheck = False
        self.loader: asyncio.Task[None] | None = None
        self._emptied = asyncio.Event()

    def tell(self, message: str | bytes) -> None:
        """Put one message into the mailbox."""
        self.mailbox.tell(message)
        self.wake.set()

    def show(self, frame: Frame) -> bool:
        """Send positions: at once when nothing waits and the client keeps up (True), else by its mailbox."""
        if self.offer is not None and not self.is_writing and self.mailbox.is_empty and self.offer(frame.framed()):
            return True
        self.mailbox.tell_positions(frame)
        self.wake.set()
        return False

    def close(self, code: int, reason: str) -> None:
        """Ask the transport to end with this close code; the first reason stays."""
        if self.closing is None:
            self.closing = (code, reason)
        self.wake.set()
        self.on_close()

    def view(self) -> View:
        """What it may hear of positions, viewports aside."""
        return union([one.view for one in self.subscriptions.values() if one.is_live and one.viewport is None])

    def viewport(self) -> Subscription | None:
        """Its window, if it has one that is live; there is at most one."""
        found = self.subscriptions.get(VIEWPORT)
        return found if found is not None and found.is_live else None

    def was_drained(self) -> None:
        """Everything waiting was handed to the transport."""
        self._emptied.set()

    async def until_drained(self, most_messages: int, most_bytes: int) -> None:
        """Wait until little enough waits in the mailbox: a client reads its answers before it asks on."""
        while self.mailbox.waiting_messages > most_messages or self.mailbox.waiting_bytes > most_bytes:
            self._emptied.clear()
            await self._emptied.wait()
