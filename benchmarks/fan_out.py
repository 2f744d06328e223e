"""Fan-out: ticks of 256 vehicles to many viewers, against bare uvloop writes and one JSON message an update.

All sides send to the same client process. `python -m benchmarks.fan_out [viewers]` prints the table.
"""

import asyncio
import multiprocessing
import os
import selectors
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection
from typing import cast
from uuid import UUID

import msgspec
import numpy as np
import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from benchmarks.table import print_table
from motorpool.kernel.actor import Actor
from motorpool.runtime.live import LocalLive
from motorpool.runtime.realtime.endpoint import serve
from motorpool.runtime.realtime.hub import Hub
from motorpool.runtime.realtime.limits import Limits
from motorpool.runtime.realtime.ports import Snapshot, StoredEvent
from motorpool.runtime.realtime.positions import Positions, Tick, encode_positions, tick_channel
from motorpool.runtime.realtime.protocol import LiveWebSocketProtocol

VEHICLES = 256
TENANT = UUID(int=1)
CHANNEL = f"tenant:{TENANT}"
TICKS = {"bare uvloop, the same frames": 200, "motorpool": 200, "one JSON message an update": 2}
TIMES = 3


def positions() -> Positions:
    """One tick: every vehicle once."""
    numbers = np.arange(1, VEHICLES + 1)
    return Positions.from_si(
        at_us=numbers * 1_000_000,
        vehicle_no=numbers,
        lat_deg=numbers / 100,
        lon_deg=numbers / 100,
        speed_mps=numbers / 10,
        heading_deg=numbers % 360,
        motion=numbers % 4,
    )


class Nobody:
    """A source without vehicles: the snapshot is not what is measured."""

    async def snapshot(self, actor: Actor, channel: str) -> Snapshot:
        """Nothing."""
        return Snapshot(0, [], Positions.none(), [])

    async def events_after(self, actor: Actor, cursor: int, limit: int) -> list[StoredEvent]:
        """None."""
        return []

    async def current(self, actor: Actor) -> Actor:
        """The same."""
        return actor


async def run_bare(port: int, ready: Callable[[int], Awaitable[int]]) -> None:
    """The floor: the finished WebSocket frames, written to every transport."""
    transports: list[asyncio.Transport] = []

    class Viewer(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = cast(asyncio.Transport, transport)  # uvloop's is one, but says so only by its methods
            transports.append(self.transport)

        def data_received(self, data: bytes) -> None:
            if data.startswith(b"GET"):
                self.transport.write(b"HTTP/1.1 101 Go\r\n\r\n")

    await asyncio.get_running_loop().create_server(Viewer, "127.0.0.1", port)
    payload = encode_positions(positions(), 0.0)
    frame = b"\x82\x7e" + len(payload).to_bytes(2, "big") + payload
    for _ in range(await ready(len(frame))):
        for transport in transports:
            transport.write(frame)
        while any(transport.get_write_buffer_size() for transport in transports):
            await asyncio.sleep(0)
    await ready(0)


async def _uvicorn(port: int, endpoint: Callable[[WebSocket], Awaitable[None]]) -> None:
    app = Starlette(routes=[WebSocketRoute("/api/v1/ws", endpoint)])
    config = uvicorn.Config(
        app,
        port=port,
        log_level="error",
        ws=LiveWebSocketProtocol,
        ws_per_message_deflate=False,
        backlog=4_096,
    )
    server = uvicorn.Server(config)
    asyncio.create_task(server.serve())  # noqa: RUF006 - lives as long as the process
    while not server.started:
        await asyncio.sleep(0.01)


async def run_motorpool(port: int, ready: Callable[[int], Awaitable[int]]) -> None:
    """Our hub and endpoint, a tick at a time."""
    live = LocalLive()
    hub = Hub(live, Nobody(), Limits(tick_s=0.0, snapshots_at_once=64))
    actor = Actor(TENANT, 1, UUID(int=2))

    async def authenticate(websocket: WebSocket) -> Actor:
        return actor

    async def endpoint(websocket: WebSocket) -> None:
        await serve(websocket, hub, authenticate)

    await _uvicorn(port, endpoint)
    tick = Tick(1, positions()).pack()
    for _ in range(await ready(4 + len(encode_positions(positions(), 0.0)))):
        await live.publish(tick_channel(1), tick)
        await asyncio.sleep(0)
        clients = next(iter(hub._rooms.values())).clients
        while any(client.wake.is_set() for client in clients):
            await asyncio.sleep(0)
    await ready(0)


async def run_json(port: int, ready: Callable[[int], Awaitable[int]]) -> None:
    """The naive way: one JSON message for every vehicle and viewer."""
    clients: list[WebSocket] = []

    async def endpoint(websocket: WebSocket) -> None:
        await websocket.accept()
        clients.append(websocket)
        await asyncio.Event().wait()

    await _uvicorn(port, endpoint)
    rows = list(zip(*(column.tolist() for column in positions().columns()), strict=True))
    names = ("at_ms", "vehicle_no", "lat_e7", "lon_e7", "speed_cmps", "heading_cdeg", "motion")

    def encoded(row: tuple[float, ...]) -> str:
        return msgspec.json.encode({"type": "position", **dict(zip(names, row, strict=True))}).decode()

    size = sum(len(encoded(row)) + (2 if len(encoded(row)) < 126 else 4) for row in rows)
    for _ in range(await ready(size)):
        for row in rows:
            for client in clients:
                await client.send_text(encoded(row))
    await ready(0)


SIDES = {
    "bare uvloop, the same frames": run_bare,
    "motorpool": run_motorpool,
    "one JSON message an update": run_json,
}


def serve_side(name: str, port: int, pipe: Connection) -> None:
    """The server's process: says how many bytes a tick is, waits for the number of ticks, sends them."""

    async def ready(size: int) -> int:
        pipe.send(size)
        ticks: int = await asyncio.to_thread(pipe.recv)
        if not ticks:
            os._exit(0)  # measured: no goodbyes
        return ticks

    uvloop.run(SIDES[name](port, ready))


def viewer(port: int) -> socket.socket:
    """A viewer's socket, subscribed."""
    opened = socket.create_connection(("127.0.0.1", port))
    opened.sendall(
        b"GET /api/v1/ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += opened.recv(4_096)
    ask = msgspec.json.encode({"type": "subscribe", "id": "1", "channel": CHANNEL})
    opened.sendall(b"\x81" + bytes([0x80 | len(ask)]) + bytes(4) + ask)
    opened.setblocking(False)
    return opened


def drain(selector: selectors.BaseSelector, most: int | None) -> int:
    """Read until `most` bytes came, or (None) until it has been quiet for half a second."""
    total = 0
    while most is None or total < most:
        ready = selector.select(0.5)
        if not ready and most is None:
            return total
        for key, _ in ready:
            assert isinstance(key.fileobj, socket.socket)
            total += len(key.fileobj.recv(262_144))
    return total


def measure(name: str, viewers: int) -> float:
    """Vehicle updates delivered a second."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve_side, args=(name, port, theirs), daemon=True)
    server.start()
    size = ours.recv()
    selector = selectors.DefaultSelector()
    for _ in range(viewers):
        selector.register(viewer(port), selectors.EVENT_READ)
    drain(selector, None)
    begun = time.perf_counter()
    ours.send(TICKS[name])
    drain(selector, size * TICKS[name] * viewers)
    took = time.perf_counter() - begun
    ours.send(0)
    server.join()
    for key in list(selector.get_map().values()):
        assert isinstance(key.fileobj, socket.socket)
        key.fileobj.close()
    return TICKS[name] * viewers * VEHICLES / took


def main() -> None:
    """Measure every side in turn, `TIMES` times, and print medians."""
    viewers = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    results: dict[str, list[float]] = {name: [] for name in SIDES}
    for _ in range(TIMES):
        for name, rates in results.items():
            rates.append(measure(name, viewers))
    medians = {name: sorted(rates)[TIMES // 2] for name, rates in results.items()}
    bare = medians["bare uvloop, the same frames"]
    lines = [
        (name, rate, rate if "JSON" in name else rate / VEHICLES, f"{rate / bare:.3f}")
        for name, rate in medians.items()
    ]
    print_table((f"{viewers} viewers, {VEHICLES} vehicles a tick", "updates/s", "frames/s", "of bare"), lines)


if __name__ == "__main__":
    main()
