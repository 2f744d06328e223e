"""The server of all UDP protocols.

A packet stands alone: it carries its identity, and a lost answer only means that it comes again.
"""

import asyncio
import time
from typing import Any

import structlog

from motorpool.connectors.devices.conversation import Conversation
from motorpool.connectors.devices.intake import Intake
from motorpool.connectors.devices.limits import Limits
from motorpool.connectors.devices.protocol import Context, Message, Protocol, Refused
from motorpool.kernel.errors import MotorpoolError

_log = structlog.get_logger(__name__)


class Datagrams(asyncio.DatagramProtocol):
    """One UDP socket.

    At most `limits.datagrams` packets are in flight; more are dropped unanswered, so their devices send
    again.
    """

    def __init__(self, protocol: Protocol, intake: Intake, limits: Limits) -> None:
        assert protocol.datagram is not None  # noqa: S101 - a wrongly declared protocol is a programming error
        self._decode = protocol.datagram
        self._intake = intake
        self._limits = limits
        self._counters = intake.counters
        self._work: set[asyncio.Task[None]] = set()
        self._transport: Any = None
        self._stopping = False
        self.port = 0

    async def start(self, host: str, port: int) -> None:
        """Listen; raises OSError when the address cannot be had."""
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(host, port))
        self.port = int(transport.get_extra_info("sockname")[1])

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is open."""
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        """One packet."""
        self._counters.received_bytes += len(data)
        if self._stopping or len(self._work) >= self._limits.datagrams:
            self._counters.dropped += 1
            return
        messages = self._decode(Context(time.time_ns() // 1_000), data).messages
        if all(isinstance(message, Refused) and not message.answer for message in messages):
            self._counters.garbage_bytes += len(data)
            return
        self._counters.frames += 1
        work = asyncio.create_task(self._answer(messages, addr))
        self._work.add(work)
        work.add_done_callback(self._finished)

    async def stop(self, grace_s: float) -> None:
        """Take nothing new, answer what is in flight within `grace_s` seconds, close."""
        self._stopping = True
        if self._work:
            await asyncio.wait(set(self._work), timeout=grace_s)
        self._transport.close()

    async def _answer(self, messages: tuple[Message, ...], addr: Any) -> None:
        try:
            reply = await Conversation(self._intake).hear(messages)
        except MotorpoolError:
            self._counters.unavailable += 1
            return
        for answer in filter(None, reply.answers):
            self._transport.sendto(answer, addr)

    def _finished(self, work: asyncio.Task[None]) -> None:
        self._work.discard(work)
        if not work.cancelled() and work.exception() is not None:
            _log.error("device datagram failed", exc_info=work.exception())
