"""A real uvicorn with the realtime endpoint on a random port, its ports bound to a fleet in memory."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from motorpool.apps.live_client import LiveClient, Message, Picture, apply, connect
from motorpool.kernel.actor import Actor
from motorpool.runtime.live import Live, LocalLive
from motorpool.runtime.realtime.endpoint import serve
from motorpool.runtime.realtime.hub import Hub
from motorpool.runtime.realtime.limits import Limits
from motorpool.runtime.realtime.positions import Positions, Tick, tick_channel
from motorpool.runtime.realtime.protocol import LiveWebSocketProtocol
from tests.support.places import Row, of_rows
from tests.support.redis_server import free_port
from tests.support.truth import READ, Tenant, Truth

ACCESS_EVENTS = frozenset({"vehicles.vehicle_added.v1", "vehicles.vehicle_changed.v1", "vehicles.vehicle_removed.v1"})
TEST_LIMITS = Limits(tick_s=0.001, refresh_s=0.01)


@dataclass
class Stream:
    """The running stream process: what telemetry and the sequencer would do to it, and ways to connect."""

    hub: Hub
    live: Live
    truth: Truth
    server: uvicorn.Server
    port: int
    tokens: dict[str, Actor]

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/api/v1/ws"

    def connect(self, actor: Actor) -> contextlib.AbstractAsyncContextManager[LiveClient]:
        """A client signed in as the actor."""
        token = f"token-{len(self.tokens)}"
        self.tokens[token] = actor
        return connect(self.url, token)

    async def move(self, tenant: Tenant, *rows: Row) -> None:
        """Vehicles move: committed, then published."""
        for row in rows:
            tenant.places[row[1]] = row
        await self.publish(tenant, of_rows(list(rows)))

    async def publish(self, tenant: Tenant, positions: Positions) -> None:
        """What telemetry does after a commit."""
        await self.live.publish(tick_channel(tenant.no), Tick(tenant.no, positions).pack())

    def happen(self, tenant: Tenant, name: str, number: int | None = None, /, **data: object) -> int:
        """An event: committed, numbered, told. Answers its position."""
        stored = self.truth.record(tenant, name, READ, number, **data)
        self.hub.events([stored])
        return stored.position


@asynccontextmanager
async def streaming(
    truth: Truth, limits: Limits = TEST_LIMITS, live: Live | None = None, port: int | None = None
) -> AsyncIterator[Stream]:
    """A stream process, until the block ends."""
    live = live or LocalLive()
    hub = Hub(live, truth, limits, ACCESS_EVENTS)
    tokens: dict[str, Actor] = {}

    async def authenticate(websocket: WebSocket) -> Actor | None:
        return tokens.get(websocket.headers.get("authorization", "").removeprefix("Bearer "))

    async def endpoint(websocket: WebSocket) -> None:
        await serve(websocket, hub, authenticate)

    app = Starlette(routes=[WebSocketRoute("/api/v1/ws", endpoint)])
    port = port or free_port()
    config = uvicorn.Config(
        app,
        port=port,
        log_level="warning",
        ws=LiveWebSocketProtocol,
        ws_max_size=1_000_000,
        ws_per_message_deflate=False,
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield Stream(hub, live, truth, server, port, tokens)
    finally:
        await hub.drain(1.0)
        server.should_exit = True
        await running


class Viewer:
    """A client that keeps pictures of its channels and every message it got."""

    def __init__(self, client: LiveClient) -> None:
        self.client = client
        self.messages: list[Message] = []
        self.pictures: dict[str, Picture] = {}

    async def subscribe(self, channel: str, **more: object) -> str:
        self.pictures.setdefault(channel, Picture(channel))
        return await self.client.subscribe(channel, **more)  # type: ignore[arg-type]

    async def step(self) -> Message:
        """The next message, applied."""
        message = await self.client.receive()
        self.messages.append(message)
        self.pictures = {name: apply(picture, message) for name, picture in self.pictures.items()}
        return message

    async def until(self, kind: str, **fields: object) -> dict[str, object]:
        """Read on to a text message of this type with these fields."""
        async with asyncio.timeout(20):
            while True:
                message = await self.step()
                if isinstance(message, dict) and {"type": kind, **fields}.items() <= message.items():
                    return message

    async def until_placed(self, row: Row, channel: str | None = None) -> None:
        """Read on until the picture shows the vehicle at this place."""
        async with asyncio.timeout(20):
            while True:
                for name, picture in self.pictures.items():
                    if channel in (None, name) and picture.places.get(row[1]) == (row[0], *row[2:]):
                        return
                await self.step()

    async def watch(self, channel: str, **more: object) -> dict[str, object]:
        """Subscribe, and read the snapshot with its positions."""
        await self.subscribe(channel, **more)
        snapshot = await self.until("snapshot", channel=channel)
        await self.step()
        return snapshot

    def heard_numbers(self) -> set[int]:
        """Every vehicle number that ever came in a positions frame."""
        return {int(n) for one in self.messages if not isinstance(one, dict) for n in one.vehicle_no}
