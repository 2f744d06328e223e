"""The server of all TCP protocols: reads, cuts, decodes, asks who speaks, submits, answers after the commit.

Frames of one connection are handled strictly in order, all that one read brought in one submission. While a
submission is under way the connection is read on until its buffer is full, then the kernel holds the rest
back: that is the device's brake.
"""

import asyncio
import socket
import time
from typing import Any, cast

import structlog

from motorpool.connectors.devices.conversation import Conversation, Reply
from motorpool.connectors.devices.limits import Counters
from motorpool.connectors.devices.listener import Listener
from motorpool.connectors.devices.protocol import Context, Cut, Message, Protocol
from motorpool.kernel.errors import MotorpoolError
from motorpool.telemetry.inbox import Inbox

_log = structlog.get_logger(__name__)


class Connection(asyncio.BufferedProtocol):
    """One device's TCP connection."""

    def __init__(self, listener: Listener, protocol: Protocol, inbox: Inbox) -> None:
        assert protocol.split is not None  # noqa: S101 - a wrongly declared protocol is a programming error
        assert protocol.decode is not None  # noqa: S101 - the same
        self._listener = listener
        self._split = protocol.split
        self._decode = protocol.decode
        self._conversation = Conversation(inbox, listener.counters)
        self._state: Any = None
        self._buffer = bytearray()
        self._address: str | None = None
        self._transport: asyncio.Transport | None = None
        self._opened = self._heard = 0.0
        self._ending = self._draining = False
        self._writable = asyncio.Event()
        self._writable.set()
        self.work: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Admit the peer or hang up."""
        stream = cast(asyncio.Transport, transport)
        address = str((transport.get_extra_info("peername") or ("?",))[0])
        if not self._listener.gate.admit(address):
            self._ending = True
            stream.abort()
            return
        self._address, self._transport = address, stream
        self._opened = self._heard = asyncio.get_running_loop().time()
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        stream.set_write_buffer_limits(high=self._listener.limits.buffer_bytes)
        self._listener.peers.add(self)

    def get_buffer(self, sizehint: int) -> memoryview:
        """As much of the listener's scratch space as this connection's buffer has room for."""
        return self._listener.scratch[: max(1, self._listener.limits.buffer_bytes - len(self._buffer))]

    def buffer_updated(self, nbytes: int) -> None:
        """Bytes have come."""
        if self._ending:
            return
        self._listener.counters.received_bytes += nbytes
        self._buffer += self._listener.scratch[:nbytes]
        if self.work is None:
            self._begin()
        self._brake()

    def eof_received(self) -> bool:
        """The device sends no more: answer what it has sent, then close."""
        self.drain()
        return True

    def pause_writing(self) -> None:
        """The device does not read its answers: stop working for it."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """It reads again."""
        self._writable.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone; what is being committed is committed all the same."""
        self._ending = True
        self._writable.set()
        self._buffer.clear()
        if self._address is not None:
            self._listener.gate.leave(self._address)
            self._listener.peers.discard(self)
        self._address = None

    def overdue(self, now: float) -> bool:
        """Not known in time, or without a sound frame for too long.

        Waiting for a commit is not the device's silence.
        """
        limits = self._listener.limits
        if self.work is not None and self._writable.is_set():
            return False
        unknown = not self._conversation.known and now - self._opened > limits.hello_s
        return unknown or now - self._heard > limits.idle_s

    def drain(self) -> None:
        """Read no more; close when the whole frames that are here are answered."""
        self._draining = True
        if self._transport is None:
            return
        if self.work is None:
            self._transport.close()
        else:
            self._transport.pause_reading()

    def expire(self) -> None:
        """Close without waiting for a peer that does not read."""
        self.abort()

    def abort(self) -> None:
        """Cut off."""
        self._ending = True
        if self._transport is not None:
            self._transport.abort()

    def _brake(self) -> None:
        assert self._transport is not None  # noqa: S101 - bytes come only over a made connection
        if len(self._buffer) >= self._listener.limits.buffer_bytes:
            self._transport.pause_reading()

    def _begin(self) -> None:
        messages = self._read()
        if messages:
            self.work = asyncio.create_task(self._answer_all(messages))
            self.work.add_done_callback(self._finished)

    def _read(self) -> list[Message]:
        """Messages of all whole frames in the buffer."""
        cut = self._split(bytes(self._buffer))
        if not cut.consumed and len(self._buffer) >= self._listener.limits.buffer_bytes:
            # A framing that waits for more than fits would wait for ever.
            self._listener.counters.garbage_bytes += len(self._buffer)
            self._buffer.clear()
        del self._buffer[: cut.consumed]
        count(self._listener.counters, cut)
        if cut.frames or (cut.consumed and not cut.rejects):
            self._heard = asyncio.get_running_loop().time()
        messages: list[Message] = []
        for frame in cut.frames:
            decoded = self._decode(Context(time.time_ns() // 1_000, self._state), frame)
            self._state = decoded.state
            messages += decoded.messages
        return messages

    async def _answer_all(self, messages: list[Message]) -> None:
        while messages:
            try:
                reply = await self._conversation.hear(messages)
            except MotorpoolError:
                # Closed without an answer: the device keeps what it sent and sends it again.
                self._listener.counters.unavailable += 1
                self._ending = True
                return
            self._write(reply)
            await self._writable.wait()
            messages = [] if self._ending else self._read()

    def _write(self, reply: Reply) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        answer = b"".join(reply.answers)
        if answer:
            self._transport.write(answer)
        if reply.close:
            self._ending = True

    def _finished(self, work: asyncio.Task[None]) -> None:
        self.work = None
        if not work.cancelled() and work.exception() is not None:
            _log.error("device connection failed", exc_info=work.exception())
            self._ending = True
        if self._transport is None or self._transport.is_closing():
            return
        if not self._ending and self._buffer:
            # Bytes that came after the last look.
            self._begin()
        if self._ending or (self._draining and self.work is None):
            self._transport.close()
        elif self.work is None and not self._transport.is_reading():
            self._transport.resume_reading()


def count(counters: Counters, cut: Cut) -> None:
    """Add what a framing found."""
    counters.frames += len(cut.frames)
    for reject in cut.rejects:
        if reject.reason == "checksum":
            counters.bad_checksums += 1
        else:
            counters.garbage_bytes += reject.size
