"""Live messages between processes over Redis pub/sub.

Two lanes, each a task of its own. Publishing appends to a short outbox; a sender empties it in pipelines
under a time limit and, when Redis fails, throws away and counts what comes until Redis answers again.
Listening holds one connection and starts it anew after any doubt. Every doubt ends in `on_gap`: a sender that
lost messages says so on the channels concerned, because the listeners' own connections may have stood all the
time.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from motorpool.runtime import live_meters as meters
from motorpool.runtime.live import Listener, Unsubscribe

log = structlog.get_logger(__name__)

PREFIX = "motorpool:live:"
ALIVE = f"{PREFIX}alive"  # always subscribed, so that the listening connection has something to hold on to
MESSAGE, GAP = b"m", b"g"  # first byte of what travels
FAILURES = (RedisError, OSError, TimeoutError)


class RedisLive:
    """`Live` over one Redis. Use as `async with RedisLive(url) as live`.

    `call_s` limits every call [s]; `retry_s` are the first and longest wait between tries [s]; `outbox` is
    how many messages wait at most for a slow Redis.
    """

    def __init__(
        self, url: str, call_s: float = 3.0, retry_s: tuple[float, float] = (0.1, 5.0), outbox: int = 1_000
    ) -> None:
        self._redis = Redis.from_url(
            url,
            protocol=2,
            socket_connect_timeout=call_s,
            socket_timeout=call_s,
            retry=Retry(NoBackoff(), 0),  # a hidden reconnect would hide a gap
        )
        self._call_s, self._retry_s, self._room = call_s, retry_s, outbox
        self._outbox: deque[tuple[str, bytes]] = deque()
        self._owed: set[str] = set()  # channels whose listeners must hear of a loss first
        self._broken = False
        self._to_send = asyncio.Event()
        self._listeners: dict[str, list[Listener]] = {}
        self._confirmed: dict[str, asyncio.Event] = {}
        self._commands = asyncio.Lock()
        self._pubsub: PubSub | None = None
        self._is_down = False
        self._hearing: asyncio.Task[None] | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._send()), asyncio.create_task(self._listen())]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        running = [*self._tasks, *([self._hearing] if self._hearing else [])]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        try:
            async with asyncio.timeout(self._call_s):
                await self._redis.aclose()
        except FAILURES:
            log.info("live_redis_left_open")

    # Publishing

    async def publish(self, channel: str, message: bytes) -> None:
        """Put `message` into the outbox; while Redis fails, or the outbox is full, count it as lost."""
        if self._broken or len(self._outbox) >= self._room:
            self._lose(channel)
        else:
            self._outbox.append((channel, message))
        self._to_send.set()

    def _lose(self, channel: str) -> None:
        meters.LOST.inc()
        self._owed.add(channel)

    async def _send(self) -> None:
        failures = 0
        while True:
            await self._to_send.wait()
            self._to_send.clear()
            while self._outbox or self._owed:
                failures = 0 if await self._send_some() else failures + 1
                self._broken = failures > 0
                if failures:
                    await asyncio.sleep(self._wait_s(failures))

    async def _send_some(self) -> bool:
        """Send what is owed, then what waits. False when Redis did not take it: then it is lost, and owed."""
        owed, self._owed = self._owed, set()
        batch = [self._outbox.popleft() for _ in range(min(len(self._outbox), 100))]
        pipeline = self._redis.pipeline(transaction=False)
        for channel in owed:
            pipeline.publish(PREFIX + channel, GAP)
        for channel, message in batch:
            pipeline.publish(PREFIX + channel, MESSAGE + message)
        try:
            async with asyncio.timeout(self._call_s):
                await pipeline.execute()
        except FAILURES as error:
            self._give_up(owed, batch, error)
            return False
        meters.PUBLISHED.inc(len(batch))
        return True

    def _give_up(self, owed: set[str], batch: list[tuple[str, bytes]], error: Exception) -> None:
        if not self._broken:
            log.warning("live_redis_does_not_take_messages", error=type(error).__name__)
        self._owed |= owed
        for channel, _ in (*batch, *self._outbox):
            self._lose(channel)
        self._outbox.clear()

    # Listening

    async def subscribe(
        self, channel: str, on_message: Callable[[bytes], None], on_gap: Callable[[], None]
    ) -> Unsubscribe:
        """Hear `channel`. Waits for Redis to confirm, at most `call_s`; without it a gap will be told."""
        listener = Listener(on_message, on_gap, is_joining=True)
        self._listeners.setdefault(channel, []).append(listener)
        confirmed = self._confirmed.setdefault(channel, asyncio.Event())
        if not confirmed.is_set():
            await self._command("subscribe", channel)
        try:
            async with asyncio.timeout(0 if self._is_down else self._call_s):
                await confirmed.wait()
        except TimeoutError:
            log.info("live_subscription_unconfirmed", channel=channel)
        finally:
            listener.is_joining = False

        async def leave() -> None:
            if listener.left:
                return
            listener.left = True
            self._listeners[channel].remove(listener)
            await self._command("unsubscribe", channel)

        return leave

    async def _command(self, verb: str, channel: str) -> None:
        """Subscribe or unsubscribe on the listening connection; a failure starts that connection anew."""
        async with self._commands:
            if verb == "unsubscribe":
                if self._listeners.get(channel):
                    return  # somebody came in the meantime
                self._listeners.pop(channel, None)
                self._confirmed.pop(channel, None)
            if self._pubsub is None:
                return  # the next connection begins with all channels
            try:
                async with asyncio.timeout(self._call_s):
                    await getattr(self._pubsub, verb)(PREFIX + channel)
            except FAILURES:
                if self._hearing:
                    self._hearing.cancel()

    async def _listen(self) -> None:
        failures = 0
        while True:
            self._hearing = asyncio.create_task(self._hear(), name="live-hear")
            await asyncio.wait({self._hearing})
            failures = 1 if self._pubsub else failures + 1  # it stood for a while: begin with the short wait
            self._pubsub, self._is_down = None, True
            meters.CONNECTED.set(0)
            for confirmed in self._confirmed.values():
                confirmed.clear()
            await asyncio.sleep(self._wait_s(failures))

    async def _hear(self) -> None:
        """One listening connection, from its subscriptions to its first fault."""
        pubsub = self._redis.pubsub()
        try:
            async with self._commands, asyncio.timeout(self._call_s):
                await pubsub.subscribe(ALIVE, *(PREFIX + channel for channel in self._listeners))
                self._pubsub, self._is_down = pubsub, False
            meters.CONNECTED.set(1)
            await self._hear_on(pubsub)
        except FAILURES as error:
            log.warning("live_redis_connection_lost", error=type(error).__name__)
        finally:
            await _quietly(pubsub)

    async def _hear_on(self, pubsub: PubSub) -> None:
        is_asked = False
        while True:
            heard = await pubsub.get_message(timeout=self._call_s)
            if heard is None:
                if is_asked:
                    raise TimeoutError  # silent although asked: the other side is gone
                async with asyncio.timeout(self._call_s):
                    await pubsub.ping()
            is_asked = heard is None
            if heard is not None:
                self._take(heard)

    def _take(self, heard: dict[str, Any]) -> None:
        if heard["type"] not in ("message", "subscribe"):
            return
        channel = heard["channel"].decode().removeprefix(PREFIX)
        listeners = tuple(self._listeners.get(channel, ()))
        if heard["type"] == "subscribe":
            self._confirm(channel, listeners)
        elif heard["data"][:1] == MESSAGE:
            meters.HEARD.inc(len(listeners))
            for listener in listeners:
                listener.hear(heard["data"][1:])
        else:
            self._miss(listeners)

    def _confirm(self, channel: str, listeners: tuple[Listener, ...]) -> None:
        """A channel is heard from here on. Who listened before may have missed something."""
        confirmed = self._confirmed.get(channel)
        if confirmed is not None and not confirmed.is_set():
            confirmed.set()
            self._miss(tuple(listener for listener in listeners if not listener.is_joining))

    @staticmethod
    def _miss(listeners: tuple[Listener, ...]) -> None:
        meters.GAPS.inc(len(listeners))
        for listener in listeners:
            listener.miss()

    def _wait_s(self, failures: int) -> float:
        first, longest = self._retry_s
        jitter = random.uniform(0.5, 1.0)  # noqa: S311 - not a secret
        return min(longest, first * 2.0 ** min(failures - 1, 16)) * jitter


async def _quietly(pubsub: PubSub) -> None:
    try:
        async with asyncio.timeout(1.0):
            await pubsub.aclose()  # type: ignore[no-untyped-call]  # the library's
    except FAILURES:
        pass
