"""Clients that read slowly, never, or say nothing: bounded, told, and never felt by others."""

import asyncio
import struct
from collections.abc import AsyncIterator
from dataclasses import replace

import numpy as np
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from websockets.asyncio.client import connect as raw_connect
from websockets.exceptions import ConnectionClosed

from motorpool.runtime.live import LocalLive
from motorpool.runtime.realtime.positions import Positions
from tests.support.eventually import eventually
from tests.support.frozen_client import FrozenClient
from tests.support.live_server import TEST_LIMITS, Stream, Viewer, streaming
from tests.support.places import at, of_rows
from tests.support.redis_server import free_port
from tests.support.truth import Tenant, Truth

MANY = 20_000  # vehicles that move at once: half a megabyte a frame
PATIENT = replace(TEST_LIMITS, send_s=600.0)
STRICT = replace(TEST_LIMITS, send_s=0.3, slowest_bytes_per_s=10_000_000)


EVERYWHERE = of_rows([at(number, 0.0) for number in range(1, MANY + 1)])


def everywhere(moment: int) -> Positions:
    return replace(EVERYWHERE, at_ms=np.full(MANY, float(moment)))


@pytest.fixture
def bus() -> Tenant:
    tenant = Tenant(1)
    tenant.add(1)
    return tenant


async def froze(stream: Stream, tenant: Tenant) -> FrozenClient:
    stream.tokens["frozen"] = tenant.actor()
    client = FrozenClient(stream.port)
    before = len(_clients(stream))
    await client.upgrade("frozen")
    client.say(type="subscribe", id="1", channel=tenant.channel)
    await eventually(lambda: len(_clients(stream)) > before)
    await eventually(lambda: all(one.view().is_whole for one in _clients(stream)))
    return client


def _clients(stream: Stream) -> list[object]:
    return [client for room in stream.hub._rooms.values() for client in room.clients]


async def test_a_client_that_never_reads_delays_nobody_and_holds_little(bus: Tenant) -> None:
    async with streaming(Truth(bus), PATIENT) as stream, stream.connect(bus.actor()) as client:
        viewer = Viewer(client)
        await viewer.watch(bus.channel)
        frozen = await froze(stream, bus)
        for moment in range(2, 40):
            await stream.publish(bus, everywhere(moment))
            await viewer.until_placed(at(MANY, float(moment)))
        stuck = max(_clients(stream), key=lambda one: len(one.mailbox._frames))
        assert sum(len(frame.positions) for frame in stuck.mailbox._frames) <= 9 * MANY
        assert stuck.mailbox._frames, "the frozen client should have stood still by now"
        frozen.close()


async def test_control_a_naive_broadcast_freezes_everybody() -> None:
    """The same frozen client against `for client in clients: await client.send()`: the other one starves."""
    clients: list[WebSocket] = []

    async def endpoint(websocket: WebSocket) -> None:
        await websocket.accept()
        clients.append(websocket)
        await asyncio.Event().wait()

    port = free_port()
    app = Starlette(routes=[WebSocketRoute("/api/v1/ws", endpoint)])
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical", timeout_graceful_shutdown=1))
    running = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    frozen = FrozenClient(port)
    await frozen.upgrade("anybody")
    await eventually(lambda: len(clients) == 1)
    async with raw_connect(f"ws://127.0.0.1:{port}/api/v1/ws", max_size=None) as healthy:
        await eventually(lambda: len(clients) == 2)

        async def broadcast() -> None:
            for number in range(400):
                for client in clients:
                    await client.send_bytes(bytes([number % 256]) * 500_000)

        async def hear_all() -> int:
            for _ in range(400):
                await healthy.recv()
            return 400

        broadcasting = asyncio.create_task(broadcast())
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(3.0):
                await hear_all()
        assert not broadcasting.done()
        broadcasting.cancel()
        await asyncio.gather(broadcasting, return_exceptions=True)
    frozen.close()
    server.should_exit = True
    await running


async def test_a_client_that_never_reads_is_dropped_with_a_clear_reason(bus: Tenant) -> None:
    async with streaming(Truth(bus), STRICT) as stream:
        frozen = await froze(stream, bus)
        moment = 2
        while _clients(stream):
            await stream.publish(bus, everywhere(moment))
            moment += 1
            await asyncio.sleep(0.02)
        got = await frozen.read_to_the_end()
        assert got.endswith(b"\x88" + bytes([2 + len("too slow")]) + struct.pack(">H", 1008) + b"too slow")
        frozen.close()


async def test_a_dropped_client_that_still_does_not_read_leaves_no_socket_behind(bus: Tenant) -> None:
    async with streaming(Truth(bus), STRICT) as stream:
        frozen = await froze(stream, bus)
        moment = 2
        while _clients(stream):
            await stream.publish(bus, everywhere(moment))
            moment += 1
            await asyncio.sleep(0.02)
        await eventually(lambda: not stream.server.server_state.connections)
        frozen.close()


async def test_a_slow_reader_skips_to_the_newest_instead_of_getting_all(bus: Tenant) -> None:
    async with streaming(Truth(bus), PATIENT) as stream:
        frozen = await froze(stream, bus)
        for moment in range(2, 200):
            await stream.publish(bus, everywhere(moment))
            await asyncio.sleep(0)
        reading = asyncio.create_task(frozen.read_to_the_end())
        await eventually(lambda: all(one.mailbox.is_empty for one in _clients(stream)))
        await stream.hub.drain()
        got = await reading
        assert len(got) < 198 * MANY * 25 / 2
        assert struct.pack("<d", 199.0) in got
        frozen.close()


async def test_more_events_than_a_mailbox_holds_end_in_a_resync_not_in_a_loss(bus: Tenant) -> None:
    limits = replace(PATIENT, events=50)
    async with streaming(Truth(bus), limits) as stream, stream.connect(bus.actor()) as client:
        viewer = Viewer(client)
        await viewer.watch(bus.channel)
        last = [stream.happen(bus, "something.happened.v1") for _ in range(500)][-1]
        assert (await viewer.until("resync"))["reason"] == "overflow"
        assert (await viewer.until("snapshot"))["cursor"] == last
        after = stream.happen(bus, "something.happened.v1")
        await viewer.until("event", cursor=after)


@pytest.fixture
async def short() -> AsyncIterator[tuple[Stream, Tenant]]:
    tenant = Tenant(1)
    tenant.add(1)
    async with streaming(Truth(tenant), replace(TEST_LIMITS, silence_s=0.3)) as stream:
        yield stream, tenant


async def test_a_silent_client_is_closed_with_1001_and_one_that_pings_is_not(
    short: tuple[Stream, Tenant],
) -> None:
    stream, bus = short
    async with stream.connect(bus.actor()) as silent, stream.connect(bus.actor()) as alive:
        viewer = Viewer(alive)

        async def ping() -> None:
            while True:
                await alive.ping(1.0)
                await asyncio.sleep(0.05)

        pinging = asyncio.create_task(ping())
        with pytest.raises(ConnectionClosed):
            await Viewer(silent).until("nothing")
        assert (silent.websocket.close_code, silent.websocket.close_reason) == (1001, "heartbeat missed")
        await viewer.watch(bus.channel)
        pinging.cancel()


async def test_shutting_down_closes_everybody_with_1001_even_who_does_not_read(bus: Tenant) -> None:
    async with streaming(Truth(bus), PATIENT) as stream, stream.connect(bus.actor()) as client:
        viewer = Viewer(client)
        await viewer.watch(bus.channel)
        frozen = await froze(stream, bus)
        for moment in range(2, 40):
            await stream.publish(bus, everywhere(moment))
            await viewer.until_placed(at(MANY, float(moment)))
        await stream.hub.drain(10.0)
        assert not _clients(stream)
        with pytest.raises(ConnectionClosed):
            await viewer.until("nothing")
        assert (client.websocket.close_code, client.websocket.close_reason) == (1001, "shutting down")
        async with stream.connect(bus.actor()) as late:
            with pytest.raises(ConnectionClosed):
                await late.receive()
            assert late.websocket.close_code == 1001
        await eventually(lambda: not stream.server.server_state.connections)
        frozen.close()


async def test_a_message_over_what_the_server_takes_at_all_closes_the_connection(bus: Tenant) -> None:
    async with streaming(Truth(bus)) as stream, stream.connect(bus.actor()) as client:
        await client.receive()
        await client.websocket.send("x" * 2_000_000)
        with pytest.raises(ConnectionClosed):
            await Viewer(client).until("nothing")
        assert client.websocket.close_code == 1009


async def test_when_the_last_client_left_the_process_listens_to_nothing(bus: Tenant) -> None:
    live = LocalLive()
    async with streaming(Truth(bus), live=live) as stream:
        for _ in range(3):
            async with stream.connect(bus.actor()) as client:
                await Viewer(client).watch(bus.channel)
                assert list(live._listeners) == ["positions:1"]
            await eventually(lambda: not live._listeners)
        assert not stream.hub._rooms
