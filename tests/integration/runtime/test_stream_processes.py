"""Two stream processes behind one Redis: a dead Redis ends in a resync, never in a wrong picture."""

from contextlib import AsyncExitStack
from pathlib import Path

from motorpool.runtime.live_redis import RedisLive
from motorpool.runtime.realtime.positions import Tick, tick_channel
from tests.support.live_server import Viewer, streaming
from tests.support.places import at, of_rows
from tests.support.redis_server import RedisServer
from tests.support.truth import Tenant, Truth


async def test_viewers_of_two_processes_see_the_same_and_again_after_redis_died(tmp_path: Path) -> None:
    bus = Tenant(1)
    bus.add(1)
    truth = Truth(bus)
    redis = RedisServer(tmp_path)
    await redis.start()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(redis.kill)
        lives = [
            await stack.enter_async_context(RedisLive(redis.url, call_s=0.5, retry_s=(0.02, 0.1))) for _ in range(3)
        ]
        streams = [await stack.enter_async_context(streaming(truth, live=live)) for live in lives[:2]]
        viewers = [Viewer(await stack.enter_async_context(one.connect(bus.actor()))) for one in streams]
        for viewer in viewers:
            await viewer.watch(bus.channel)

        async def commit_and_publish(moment: float) -> None:
            bus.places[1] = at(1, moment)
            await lives[2].publish(tick_channel(1), Tick(1, of_rows([at(1, moment)])).pack())

        await commit_and_publish(2_000.0)
        for viewer in viewers:
            await viewer.until_placed(at(1, 2_000.0))
        await redis.kill()
        await commit_and_publish(3_000.0)  # nobody hears this one
        await redis.start()
        for viewer in viewers:
            await viewer.until("resync", reason="gap")
            await viewer.until_placed(at(1, 3_000.0))
