"""What all connection servers share: who may connect, who has been silent too long, and how to stop without
losing anything.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol as Port

from motorpool.connectors.devices.limits import Counters, Gate, Limits


class Peer(Port):
    """A connection as its listener sees it."""

    work: asyncio.Task[None] | None

    def overdue(self, now: float) -> bool:
        """Whether it has used up its time without doing what it should."""
        ...

    def drain(self) -> None:
        """Take nothing new; close when what is being answered is answered."""
        ...

    def expire(self) -> None:
        """Close: its time is up."""
        ...

    def abort(self) -> None:
        """Cut off at once."""
        ...


class Listener:
    """One listening TCP socket: admits peers, closes overdue ones, drains on stop."""

    def __init__(self, limits: Limits, counters: Counters) -> None:
        self.limits = limits
        self.counters = counters
        self.gate = Gate(limits, counters)
        self.peers: set[Peer] = set()
        # One for all connections: a read is copied out before the next one starts.
        self.scratch = memoryview(bytearray(limits.buffer_bytes))
        self.port = 0
        self._server: asyncio.Server | None = None
        self._sweeper: asyncio.Task[None] | None = None

    async def start(self, connection: Callable[[], asyncio.BufferedProtocol], host: str, port: int) -> None:
        """Listen; raises OSError when the address cannot be had. Port 0 takes any free one."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(connection, host, port, backlog=1_024)
        self.port = int(self._server.sockets[0].getsockname()[1])
        self._sweeper = asyncio.create_task(self._sweep())

    async def stop(self, grace_s: float) -> None:
        """Stop accepting, let what is in flight be committed and answered within `grace_s` seconds, close."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        if self._server is not None:
            self._server.close()
        working = [peer.work for peer in self.peers if peer.work is not None]
        for peer in list(self.peers):
            peer.drain()
        if working:
            await asyncio.wait(working, timeout=grace_s)
        # One turn of the loop sends what was just written.
        await asyncio.sleep(0)
        for peer in list(self.peers):
            peer.abort()

    async def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self.limits.sweep_s)
            now = loop.time()
            for peer in [peer for peer in self.peers if peer.overdue(now)]:
                self.counters.timed_out += 1
                peer.expire()
