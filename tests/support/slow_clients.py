"""Clients that are slow, silent or gone: raw connections to a web server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

HALF_HEAD = b"GET /health/live HTTP/1.1\r\nHost: here\r\nX-Half: "
HALF_BODY = (
    b"POST /api/v1/auth/login HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
    b'{"email": "'
)
SILENT = b""


@dataclass(slots=True)
class Raw:
    """One connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def say(self, raw: bytes) -> None:
        """Send bytes."""
        self.writer.write(raw)
        await self.writer.drain()

    async def rest(self, limit_s: float = 60.0) -> bytes:
        """Everything until the server hangs up; TimeoutError says that it never does."""
        heard = b""
        async with asyncio.timeout(limit_s):
            try:
                while piece := await self.reader.read(65_536):
                    heard += piece
            except ConnectionError:
                pass
        return heard

    def vanish(self) -> None:
        """Be gone without a goodbye."""
        self.writer.transport.abort()


async def dial(address: str) -> Raw:
    """Connect to a web server."""
    url = urlsplit(address)
    return Raw(*await asyncio.open_connection(url.hostname, url.port))


@asynccontextmanager
async def many(address: str, count: int, first_words: bytes) -> AsyncIterator[list[Raw]]:
    """So many connections that have said this much."""
    opened = [await dial(address) for _ in range(count)]
    try:
        for one in opened:
            await one.say(first_words)
        yield opened
    finally:
        for one in opened:
            one.vanish()
