"""Opens device ports on free ports and speaks to them like a device."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from motorpool.connectors.devices.limits import Limits
from motorpool.connectors.devices.listen import Listening, listen
from motorpool.connectors.devices.protocol import Protocol
from motorpool.telemetry.inbox import Inbox

# A test that hangs fails after this; nothing is measured by it.
PATIENCE_S = 20.0
# How long an answer that must not come is waited for.
SILENCE_S = 0.15
QUICK = replace(Limits(), sweep_s=0.02)


@asynccontextmanager
async def serving(protocol: Protocol, inbox: Inbox, limits: Limits = QUICK) -> AsyncIterator[Listening]:
    """The protocol's ports on free numbers, stopped at the end."""
    listening = await listen(protocol, inbox, "127.0.0.1", 0, limits)
    try:
        yield listening
    finally:
        await listening.stop(1.0)


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something has become true."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0.005)


@dataclass(slots=True)
class Line:
    """A device's end of a TCP connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, raw: bytes) -> None:
        self.writer.write(raw)
        await self.writer.drain()

    async def hear(self, size: int) -> bytes:
        """Exactly so many bytes of answer."""
        async with asyncio.timeout(PATIENCE_S):
            return await self.reader.readexactly(size)

    async def rest(self) -> bytes:
        """Everything until the server hangs up."""
        heard = b""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                try:
                    piece = await self.reader.read(65_536)
                except ConnectionResetError:
                    return heard
                if not piece:
                    return heard
                heard += piece

    async def silent(self) -> bool:
        """Whether no answer comes for a while."""
        try:
            async with asyncio.timeout(SILENCE_S):
                return await self.reader.read(1) == b""
        except TimeoutError:
            return True


@asynccontextmanager
async def line(listening: Listening) -> AsyncIterator[Line]:
    """A connection to a device port, closed at the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", listening.port)
    try:
        yield Line(reader, writer)
    finally:
        writer.close()
