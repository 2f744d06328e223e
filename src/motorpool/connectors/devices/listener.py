"""What all connection servers share: who may connect, who has been silent too long, and how to stop without
losing anything.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import cast

from motorpool.connectors.devices.limits import Counters, Gate, Limits


class Peer(asyncio.BufferedProtocol):
    """One connection: admitted by its listener, reading into the listener's scratch, its work done by one
    task at a time.
    """

    def __init__(self, listener: "Listener") -> None:
        self.listener = listener
        self.transport: asyncio.Transport | None = None
        self.work: asyncio.Task[None] | None = None
        # Ending: whatever comes is dropped. Draining: what is here is still answered.
        self.ending = self.draining = False
        # Cleared while the peer does not read its answers: then nothing more is done for it.
        self.writable = asyncio.Event()
        self.writable.set()
        self._address: str | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Admit the peer or hang up."""
        stream = cast(asyncio.Transport, transport)
        address = str((transport.get_extra_info("peername") or ("?",))[0])
        if not self.listener.gate.admit(address):
            self.ending = True
            stream.abort()
            return
        self._address, self.transport = address, stream
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        stream.set_write_buffer_limits(high=self.listener.limits.buffer_bytes)
        self.listener.peers.add(self)
        self.opened(asyncio.get_running_loop().time())

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone; what is being committed is committed all the same."""
        self.ending = True
        self.writable.set()
        if self._address is not None:
            self.listener.gate.leave(self._address)
            self.listener.peers.discard(self)
        self._address = None

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where the next bytes are read to; copied out before anybody else reads."""
        return self.listener.scratch

    def eof_received(self) -> bool:
        """The peer sends no more: answer what it has sent, then close."""
        self.drain()
        return True

    def pause_writing(self) -> None:
        """The peer does not read its answers."""
        self.writable.clear()

    def resume_writing(self) -> None:
        """It reads again."""
        self.writable.set()

    def drain(self) -> None:
        """Read no more; close when the whole requests that are here are answered."""
        self.draining = True
        if self.transport is None:
            return
        if self.work is None:
            self.transport.close()
        else:
            self.transport.pause_reading()

    def abort(self) -> None:
        """Cut off."""
        self.ending = True
        if self.transport is not None:
            self.transport.abort()

    def opened(self, now: float) -> None:
        """The peer was admitted at `now` (the loop's time, seconds)."""
        raise NotImplementedError

    def overdue(self, now: float) -> bool:
        """Whether it has used up its time without doing what it should."""
        raise NotImplementedError

    def expire(self) -> None:
        """Its time is up: close."""
        self.abort()


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
