"""What waits for one client. Pure, no asyncio.

Positions: the latest a vehicle wins, so a slow client skips and never queues. Events: a bounded queue in
order; when it overflows all of it goes and the channels concerned are named as lost, until `restart`.
Everything else waits in order beside the events and is bounded by whoever puts it in.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from motorpool.runtime.realtime.positions import Positions, encode_positions, join

MOST_FRAMES = 8  # waiting frames are shared with other clients; more than these are merged into one of our own


def websocket_frame(payload: bytes) -> bytes:
    """A binary message from a server, in one frame [RFC 6455, 5.2]."""
    size = len(payload)
    if size < 126:
        return b"\x82" + bytes([size]) + payload
    length = b"\x7e" + size.to_bytes(2, "big") if size < 65_536 else b"\x7f" + size.to_bytes(8, "big")
    return b"\x82" + length + payload


class Frame:
    """Positions of one moment, encoded when first asked for and then shared by all who get the same."""

    __slots__ = ("_encoded", "_framed", "positions", "server_time_ms")

    def __init__(self, positions: Positions, server_time_ms: float) -> None:
        self.positions, self.server_time_ms = positions, server_time_ms
        self._encoded: bytes | None = None
        self._framed: bytes | None = None

    def encoded(self) -> bytes:
        """The bytes for the wire."""
        if self._encoded is None:
            self._encoded = encode_positions(self.positions, self.server_time_ms)
        return self._encoded

    def framed(self) -> bytes:
        """The bytes for the wire as a whole, unmasked WebSocket message: the same for every client."""
        if self._framed is None:
            self._framed = websocket_frame(self.encoded())
        return self._framed


@dataclass(frozen=True, slots=True)
class Drained:
    """What to send now, in order, and the channels that lost events and need a snapshot."""

    messages: list[str | bytes]
    lost: frozenset[str]


class Mailbox:
    """The post of one client. `most_events` and `most_event_bytes` bound what waits of events."""

    def __init__(self, most_events: int = 1_000, most_event_bytes: int = 4_000_000) -> None:
        self._most_events, self._most_event_bytes = most_events, most_event_bytes
        self._texts: deque[tuple[str | None, str | bytes]] = deque()  # (channel of an event or None, message)
        self._events = self._event_bytes = self._bytes = 0
        self._frames: list[Frame] = []
        self._lost: set[str] = set()
        self._news: set[str] = set()  # lost and not yet told to who drains

    def tell(self, message: str | bytes) -> None:
        """An answer, a snapshot or its frame: always delivered, in order."""
        self._texts.append((None, message))
        self._bytes += len(message)

    def tell_event(self, channel: str, message: str) -> None:
        """An event of a channel: delivered in order, or the channel is named as lost."""
        if channel in self._lost:
            return
        size = len(message)
        if self._events >= self._most_events or self._event_bytes + size > self._most_event_bytes:
            self._overflow(channel)
            return
        self._texts.append((channel, message))
        self._events += 1
        self._event_bytes += size
        self._bytes += size

    def tell_positions(self, frame: Frame) -> None:
        """Newer places: merged with those that still wait."""
        self._frames.append(frame)
        if len(self._frames) > MOST_FRAMES:
            self._frames = [self._merged()]

    def restart(self, channel: str) -> None:
        """A snapshot of the channel is about to be told: its events count again, from that snapshot on."""
        self._lost.discard(channel)
        self._news.discard(channel)

    def drop_events(self, channel: str) -> None:
        """Forget the waiting events of a channel: nobody hears it any more, or it starts anew."""
        self._keep(lambda about: about != channel)

    @property
    def waiting_messages(self) -> int:
        """How many messages wait, positions aside."""
        return len(self._texts)

    @property
    def waiting_bytes(self) -> int:
        """Their size, in characters."""
        return self._bytes

    @property
    def is_empty(self) -> bool:
        """Whether `drain` would give nothing."""
        return not (self._texts or self._frames or self._news)

    def drain(self) -> Drained:
        """Everything that waits, positions last in one frame; afterwards nothing waits."""
        messages = [message for _, message in self._texts]
        if self._frames:
            messages.append(self._merged().encoded())
        drained = Drained(messages, frozenset(self._news))
        self._texts.clear()
        self._frames = []
        self._events = self._event_bytes = self._bytes = 0
        self._news.clear()
        return drained

    def _merged(self) -> Frame:
        if len(self._frames) == 1:
            return self._frames[0]
        rows = join([frame.positions for frame in self._frames]).latest()
        return Frame(rows, max(frame.server_time_ms for frame in self._frames))

    def _overflow(self, channel: str) -> None:
        gone = {about for about, _ in self._texts if about is not None} | {channel}
        self._lost |= gone
        self._news |= gone
        self._keep(lambda about: False)

    def _keep(self, stays: Callable[[str], bool]) -> None:
        kept = [(about, message) for about, message in self._texts if about is None or stays(about)]
        events = [len(message) for about, message in kept if about is not None]
        self._texts = deque(kept)
        self._events, self._event_bytes = len(events), sum(events)
        self._bytes = sum(len(message) for _, message in kept)
