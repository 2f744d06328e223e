"""One contract for both ways between processes; and what Redis does to it when it dies."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from motorpool.runtime.live import Live, LocalLive
from motorpool.runtime.live_redis import PREFIX, RedisLive
from tests.support.eventually import eventually
from tests.support.redis_server import RedisServer


@dataclass
class Ear:
    """A listener that remembers."""

    heard: list[bytes] = field(default_factory=list)
    gaps: int = 0

    def gap(self) -> None:
        self.gaps += 1


@pytest.fixture
async def redis(tmp_path: Path) -> AsyncIterator[RedisServer]:
    server = RedisServer(tmp_path)
    await server.start()
    yield server
    await server.kill()


def quick(url: str) -> RedisLive:
    return RedisLive(url, call_s=0.5, retry_s=(0.02, 0.1))


@pytest.fixture(params=["local", "redis"])
async def pair(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Live, Live]]:
    """Where one publishes and where one listens: for Redis, as two processes would."""
    async with AsyncExitStack() as stack:
        if request.param == "local":
            live = LocalLive()
            yield live, live
            return
        server = RedisServer(tmp_path)
        await server.start()
        stack.push_async_callback(server.kill)
        yield (
            await stack.enter_async_context(quick(server.url)),
            await stack.enter_async_context(quick(server.url)),
        )


async def test_messages_arrive_in_order_and_byte_for_byte(pair: tuple[Live, Live]) -> None:
    here, there = pair
    ear = Ear()
    await there.subscribe("a", ear.heard.append, ear.gap)
    sent = [bytes([number % 256]) * number for number in range(300)]
    for message in sent:
        await here.publish("a", message)
    await eventually(lambda: len(ear.heard) >= 300)
    assert ear.heard == sent
    assert ear.gaps == 0


async def test_every_listener_hears_its_channel_and_no_other(pair: tuple[Live, Live]) -> None:
    here, there = pair
    one, two, other = Ear(), Ear(), Ear()
    for channel, ear in (("a", one), ("a", two), ("b", other)):
        await there.subscribe(channel, ear.heard.append, ear.gap)
    await here.publish("b", b"for b")
    await here.publish("nobody", b"lost in the wood")
    await here.publish("a", b"for a")
    await eventually(lambda: bool(one.heard and two.heard and other.heard))
    assert (one.heard, two.heard, other.heard) == ([b"for a"], [b"for a"], [b"for b"])


async def test_who_left_hears_nothing_and_the_others_hear_on(pair: tuple[Live, Live]) -> None:
    here, there = pair
    stays, leaves = Ear(), Ear()
    await there.subscribe("a", stays.heard.append, stays.gap)
    leave = await there.subscribe("a", leaves.heard.append, leaves.gap)
    await leave()
    await leave()
    await here.publish("a", b"1")
    await eventually(lambda: bool(stays.heard))
    assert leaves.heard == []


async def test_who_returns_to_a_channel_everybody_left_hears_again(pair: tuple[Live, Live]) -> None:
    here, there = pair
    for number in range(5):
        ear = Ear()
        leave = await there.subscribe("a", ear.heard.append, ear.gap)
        await here.publish("a", bytes([number]))
        await eventually(lambda ear=ear: bool(ear.heard))
        assert ear.heard == [bytes([number])]
        await leave()


async def test_leaving_and_coming_at_once_never_leaves_a_channel_deaf(pair: tuple[Live, Live]) -> None:
    here, there = pair
    leave = await there.subscribe("a", lambda _: None, lambda: None)
    ear = Ear()
    _, _ = await asyncio.gather(leave(), there.subscribe("a", ear.heard.append, ear.gap))
    await here.publish("a", b"1")
    await eventually(lambda: bool(ear.heard))


async def test_a_listener_that_raises_harms_nobody(pair: tuple[Live, Live]) -> None:
    here, there = pair
    ear = Ear()

    def raises(message: bytes) -> None:
        raise RuntimeError

    await there.subscribe("a", raises, lambda: None)
    await there.subscribe("a", ear.heard.append, ear.gap)
    await here.publish("a", b"1")
    await here.publish("a", b"2")
    await eventually(lambda: len(ear.heard) == 2)


async def publish_until(live: Live, is_heard: Callable[[], bool]) -> None:
    """Publish until something arrives, as a pipeline does that knows nothing of Redis."""
    async with asyncio.timeout(20):
        while not is_heard():
            await live.publish("a", b"again")
            await asyncio.sleep(0.02)


async def test_redis_killed_and_started_again_is_told_as_a_gap_and_heard_again(redis: RedisServer) -> None:
    async with quick(redis.url) as here, quick(redis.url) as there:
        ear = Ear()
        await there.subscribe("a", ear.heard.append, ear.gap)
        await here.publish("a", b"before")
        await eventually(lambda: ear.heard == [b"before"])
        for _ in range(3):
            await redis.kill()
            for _ in range(50):
                await here.publish("a", b"into the void")
            ear.heard.clear()
            ear.gaps = 0
            await redis.start()
            await eventually(lambda: ear.gaps > 0)
            await publish_until(here, lambda: b"again" in ear.heard)


async def test_a_dead_redis_neither_blocks_nor_fails_anybody(redis: RedisServer) -> None:
    await redis.kill()
    async with quick(redis.url) as live:
        ear = Ear()
        leave = await live.subscribe("a", ear.heard.append, ear.gap)
        for _ in range(5_000):
            await live.publish("a", b"x" * 1_000)
        assert len(live._outbox) <= 1_000
        await eventually(lambda: live._broken)
        for _ in range(5_000):
            await live.publish("a", b"x")
        assert not live._outbox
        await leave()
        later = Ear()
        await live.subscribe("b", later.heard.append, later.gap)
        await redis.start()
        await eventually(lambda: later.gaps > 0)


async def test_a_redis_that_hangs_is_noticed_and_told_as_a_gap(redis: RedisServer) -> None:
    async with quick(redis.url) as here, quick(redis.url) as there:
        ear = Ear()
        await there.subscribe("a", ear.heard.append, ear.gap)
        redis.signal(signal.SIGSTOP)
        await here.publish("a", b"1")
        await eventually(lambda: here._broken)
        await eventually(lambda: there._pubsub is None)
        redis.signal(signal.SIGCONT)
        await eventually(lambda: ear.gaps > 0)
        await publish_until(here, lambda: b"again" in ear.heard)


async def test_a_sender_that_lost_messages_says_so_to_listeners_whose_connection_stood(
    redis: RedisServer,
) -> None:
    async with quick(redis.url) as here, quick(redis.url) as there:
        ear = Ear()
        await there.subscribe("a", ear.heard.append, ear.gap)
        here._broken = True  # what a failed call leaves behind
        await here.publish("a", b"lost")
        await eventually(lambda: ear.gaps == 1)
        await eventually(lambda: not here._broken)
        await here.publish("a", b"next")
        await eventually(lambda: ear.heard == [b"next"])


async def test_what_travels_in_redis_is_ours_to_recognise(redis: RedisServer) -> None:
    async with quick(redis.url) as live:
        ear = Ear()
        await live.subscribe("a", ear.heard.append, ear.gap)
        await live._redis.publish(PREFIX + "a", b"")
        await eventually(lambda: ear.gaps == 1)
        assert ear.heard == []
