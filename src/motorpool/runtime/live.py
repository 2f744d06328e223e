"""Live messages between processes: fast, best effort, never the truth.

Who publishes is never delayed or failed by who listens or by a broken transport. Who listens is told of every
gap (`on_gap`) and then reads the truth again from the database. `LocalLive` serves one process, `RedisLive`
many.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

import structlog

from motorpool.runtime import live_meters as meters

log = structlog.get_logger(__name__)

Unsubscribe = Callable[[], Awaitable[None]]


class Live(Protocol):
    """Named channels of byte messages. Both methods never raise because of the transport."""

    async def publish(self, channel: str, message: bytes) -> None:
        """Give `message` to whoever listens on `channel`, in order. Returns at once, lost or not."""
        ...

    async def subscribe(
        self, channel: str, on_message: Callable[[bytes], None], on_gap: Callable[[], None]
    ) -> Unsubscribe:
        """Hear what is published on `channel` from now on, until the answer is called.

        When this returns, later messages are heard, or `on_gap` will be called: messages may have been
        missed, read the truth again. Both callbacks run in the event loop, must be quick, and must not raise.
        """
        ...


@dataclass(eq=False, slots=True)
class Listener:
    """The two callbacks of one subscription, shielded: one that raises is logged and harms nobody else."""

    on_message: Callable[[bytes], None]
    on_gap: Callable[[], None]
    left: bool = False
    is_joining: bool = False  # still inside `subscribe`: it cannot have missed anything yet

    def hear(self, message: bytes) -> None:
        """Hand over one message, unless the subscription ended in the meantime."""
        self._call(lambda: self.on_message(message))

    def miss(self) -> None:
        """Tell that messages may have been missed."""
        self._call(self.on_gap)

    def _call(self, callback: Callable[[], None]) -> None:
        if self.left:
            return
        try:
            callback()
        except Exception:
            log.exception("live_listener_failed")


class LocalLive:
    """Live messages inside one process. Listeners run in a later turn of the loop."""

    def __init__(self) -> None:
        self._listeners: dict[str, list[Listener]] = {}

    async def publish(self, channel: str, message: bytes) -> None:
        """Hand `message` to the present listeners of `channel`, soon and in order."""
        meters.PUBLISHED.inc()
        listeners = self._listeners.get(channel)
        if listeners:
            asyncio.get_running_loop().call_soon(self._deliver, tuple(listeners), message)

    async def subscribe(
        self, channel: str, on_message: Callable[[bytes], None], on_gap: Callable[[], None]
    ) -> Unsubscribe:
        """Hear `channel` from now on; inside one process there is never a gap."""
        listener = Listener(on_message, on_gap)
        self._listeners.setdefault(channel, []).append(listener)

        async def leave() -> None:
            if listener.left:
                return
            listener.left = True
            self._listeners[channel].remove(listener)
            if not self._listeners[channel]:
                del self._listeners[channel]

        return leave

    @staticmethod
    def _deliver(listeners: tuple[Listener, ...], message: bytes) -> None:
        for listener in listeners:
            meters.HEARD.inc()
            listener.hear(message)
