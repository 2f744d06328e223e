"""A WebSocket from hello to close: one task reads, one writes, and neither waits for another client."""

import asyncio
from typing import cast

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected, WebSocketState

from motorpool.kernel.actor import Actor
from motorpool.kernel.errors import Unavailable
from motorpool.runtime.realtime import meters
from motorpool.runtime.realtime.client import Client
from motorpool.runtime.realtime.hub import Hub
from motorpool.runtime.realtime.limits import Limits
from motorpool.runtime.realtime.ports import Authenticate
from motorpool.runtime.realtime.protocol import DROP, OFFER, Drop
from motorpool.runtime.realtime.session import Session

log = structlog.get_logger(__name__)
TOO_SLOW = "too slow"


async def serve(websocket: WebSocket, hub: Hub, authenticate: Authenticate) -> None:
    """Serve one connection until it ends, with a close code of the protocol (1000, 1001, 1008, 1011)."""
    try:
        actor = await _authenticated(websocket, authenticate, hub.limits.authenticate_s)
        await websocket.accept()
        if actor is None:
            await _close(websocket, (1008, "no or bad token"), hub.limits)
            return
        try:
            client = await hub.join(actor)
        except Unavailable:
            await _close(websocket, (1001, "shutting down"), hub.limits)
            return
        await _converse(websocket, hub, client)
    except (WebSocketDisconnect, WebSocketDisconnected):
        return


async def _authenticated(websocket: WebSocket, authenticate: Authenticate, limit_s: float) -> Actor | None:
    try:
        async with asyncio.timeout(limit_s):
            return await authenticate(websocket)
    except TimeoutError:
        return None


async def _converse(websocket: WebSocket, hub: Hub, client: Client) -> None:
    session = Session(hub, client)
    reader = asyncio.create_task(_read(websocket, client, session, hub.limits))
    writer = asyncio.create_task(_write(websocket, hub, client))
    client.on_close = reader.cancel
    client.offer = websocket.scope.get("extensions", {}).get(OFFER)
    try:
        done, _ = await asyncio.wait({reader, writer}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            _judge(task, client)
        if client.closing is not None:  # what was said before the end is still written, if the client reads
            await asyncio.wait({writer}, timeout=hub.limits.close_s)
        reads = writer.done()
    finally:
        hub.leave(client)
        for task in (reader, writer):
            task.cancel()
        await asyncio.gather(reader, writer, return_exceptions=True)
    if client.closing is not None:
        meters.DROPPED.labels(client.closing[1]).inc()
        await _close(websocket, client.closing, hub.limits, reads and client.closing[1] != TOO_SLOW)


def _judge(task: asyncio.Task[None], client: Client) -> None:
    """A task that ended by our fault closes the connection as such; by the client's leaving, silently."""
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error, WebSocketDisconnect | WebSocketDisconnected | OSError):
        log.error("realtime_connection_failed", exc_info=error)
        client.close(1011, "internal")


async def _read(websocket: WebSocket, client: Client, session: Session, limits: Limits) -> None:
    """Hear the client; one whose answers pile up is not heard on until it has read them."""
    while client.closing is None:
        try:
            async with asyncio.timeout(limits.silence_s):
                message = await websocket.receive()
        except TimeoutError:
            client.close(1001, "heartbeat missed")
            return
        if message["type"] == "websocket.disconnect":
            return
        session.hear(message.get("text"))
        await client.until_drained(limits.waiting_messages, limits.waiting_bytes)


async def _write(websocket: WebSocket, hub: Hub, client: Client) -> None:
    """Send what the mailbox holds, in order, until the client is to be closed or is too slow."""
    allowed_s = hub.limits.send_s
    while client.closing is None:
        await client.wake.wait()
        client.wake.clear()
        client.is_writing = True
        drained = client.mailbox.drain()
        for message in drained.messages:
            try:
                async with asyncio.timeout(allowed_s):
                    await _send(websocket, message)
            except TimeoutError:
                client.close(1008, TOO_SLOW)
                return
            allowed_s = hub.limits.send_s + len(message) / hub.limits.slowest_bytes_per_s
        client.is_writing = False
        client.was_drained()
        if drained.lost:
            hub.lost(client, drained.lost)


async def _send(websocket: WebSocket, message: str | bytes) -> None:
    kind = "text" if isinstance(message, str) else "positions"
    if isinstance(message, str):
        await websocket.send({"type": "websocket.send", "text": message})
    else:
        await websocket.send({"type": "websocket.send", "bytes": message})
    meters.FRAMES.labels(kind).inc()
    meters.BYTES.labels(kind).inc(len(message))


async def _close(websocket: WebSocket, closing: tuple[int, str], limits: Limits, reads: bool = True) -> None:
    """Close with code and reason; a client that does not read is cut off instead of waited for."""
    if WebSocketState.DISCONNECTED in (websocket.client_state, websocket.application_state):
        return
    code, reason = closing
    drop = cast(Drop | None, websocket.scope.get("extensions", {}).get(DROP))
    if not reads and drop is not None:
        drop(code, reason)
        return
    try:
        async with asyncio.timeout(limits.close_s):
            await websocket.close(code, reason)
    except TimeoutError:
        if drop is not None:
            drop(code, reason)
