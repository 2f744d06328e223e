"""The server of all TCP protocols: reads, cuts, decodes, asks who speaks, submits, answers after the commit.

Frames of one connection are handled strictly in order, all that one read brought in one submission. While a
submission is under way the connection is read on until its buffer is full, then the kernel holds the rest
back: that is the device's brake.
"""

import asyncio
import time
from typing import Any

import structlog

from motorpool.connectors.devices.conversation import Conversation, Reply
from motorpool.connectors.devices.intake import Intake
from motorpool.connectors.devices.limits import Counters
from motorpool.connectors.devices.listener import Listener, Peer
from motorpool.connectors.devices.protocol import Context, Cut, Message, Protocol
from motorpool.kernel.errors import MotorpoolError

_log = structlog.get_logger(__name__)


class Connection(Peer):
    """One device's TCP connection."""

    def __init__(self, listener: Listener, protocol: Protocol, intake: Intake) -> None:
        super().__init__(listener)
        assert protocol.split is not None  # noqa: S101 - a wrongly declared protocol is a programming error
        assert protocol.decode is not None  # noqa: S101 - the same
        self._split = protocol.split
        self._decode = protocol.decode
        self._conversation = Conversation(intake)
        self._state: Any = None
        self.buffer = bytearray()
        self._opened = self._heard = 0.0

    def opened(self, now: float) -> None:
        """From here runs the time to say who it is."""
        self._opened = self._heard = now

    def get_buffer(self, sizehint: int) -> memoryview:
        """As much of the listener's scratch space as this connection's buffer has room for."""
        return self.listener.scratch[: max(1, self.listener.limits.buffer_bytes - len(self.buffer))]

    def buffer_updated(self, nbytes: int) -> None:
        """Bytes have come."""
        if self.ending:
            return
        self.listener.counters.received_bytes += nbytes
        self.buffer += self.listener.scratch[:nbytes]
        if self.work is None:
            self._begin()
        self._brake()

    def overdue(self, now: float) -> bool:
        """Not known in time, or without a sound frame for too long.

        Waiting for a commit is not the device's silence.
        """
        limits = self.listener.limits
        if self.work is not None and self.writable.is_set():
            return False
        unknown = not self._conversation.known and now - self._opened > limits.hello_s
        return unknown or now - self._heard > limits.idle_s

    def _brake(self) -> None:
        assert self.transport is not None  # noqa: S101 - bytes come only over a made connection
        if len(self.buffer) >= self.listener.limits.buffer_bytes:
            self.transport.pause_reading()

    def _begin(self) -> None:
        messages = self._read()
        if messages:
            self.work = asyncio.create_task(self._answer_all(messages))
            self.work.add_done_callback(self._finished)

    def _read(self) -> list[Message]:
        """Messages of all whole frames in the buffer."""
        if not self.buffer:
            return []
        cut = self._split(bytes(self.buffer))
        if not cut.consumed and len(self.buffer) >= self.listener.limits.buffer_bytes:
            # A framing that waits for more than fits would wait for ever.
            self.listener.counters.garbage_bytes += len(self.buffer)
            self.buffer.clear()
        del self.buffer[: cut.consumed]
        count(self.listener.counters, cut)
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
                self.listener.counters.unavailable += 1
                self.ending = True
                return
            self._write(reply)
            await self.writable.wait()
            messages = [] if self.ending else self._read()

    def _write(self, reply: Reply) -> None:
        if self.transport is None or self.transport.is_closing():
            return
        answer = b"".join(reply.answers)
        if answer:
            self.transport.write(answer)
        if reply.close:
            self.ending = True

    def _finished(self, work: asyncio.Task[None]) -> None:
        self.work = None
        if not work.cancelled() and work.exception() is not None:
            _log.error("device connection failed", exc_info=work.exception())
            self.ending = True
        if self.transport is None or self.transport.is_closing():
            return
        if not self.ending and self.buffer:
            # Bytes that came after the last look.
            self._begin()
        if self.ending or (self.draining and self.work is None):
            self.transport.close()
        elif self.work is None and not self.transport.is_reading():
            self.transport.resume_reading()


def count(counters: Counters, cut: Cut) -> None:
    """Add what a framing found."""
    counters.frames += len(cut.frames)
    for reject in cut.rejects:
        if reject.reason == "checksum":
            counters.bad_checksums += 1
        else:
            counters.garbage_bytes += reject.size
