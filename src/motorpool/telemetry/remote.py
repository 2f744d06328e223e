"""The inbox of another process: gateways and API processes hand submissions to the ingest over TCP, and hear when they are committed.

Frames are a length of four bytes and a MessagePack body. The first one proves that the caller knows the instance's key (HMAC over a
challenge), so that nobody else on the network can hand in positions. A lost connection answers every waiting submission with
Unavailable: whether it was committed is not known then, and the sender repeats it.
"""

import asyncio
import hmac
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
import structlog

from motorpool.kernel.errors import Unavailable
from motorpool.runtime.secrets import derive
from motorpool.telemetry.batch import COLUMNS, Fixes
from motorpool.telemetry.inbox import Inbox, Receipt, Submission

log = structlog.get_logger()

FRAME_LIMIT = 32 * 1024 * 1024
GREETING_LIMIT = 64
CONNECT_S = 5.0
CALL_S = 10.0
"""Longer than a silent holder keeps the shard: by then another one can be asked."""
SILENT = "The ingest process does not answer; try again in a moment."


class Ask(msgspec.Struct, array_like=True):
    """A question: `knows` (one identifier) or `submit` (columns as bytes)."""

    number: int
    knows: str | None = None
    tenant_id: UUID | None = None
    identifiers: tuple[str, ...] = ()
    device: bytes = b""
    columns: dict[str, bytes] = {}
    extra: list[bytes | None] = []


class Answer(msgspec.Struct, array_like=True):
    """An answer: yes or no, a receipt, or the sentence why not."""

    number: int
    known: bool | None = None
    receipt: Receipt | None = None
    unavailable: str | None = None


BROKEN = (OSError, asyncio.IncompleteReadError, ValueError, TypeError, KeyError, msgspec.MsgspecError)
"""What ends a connection: it broke, or what came over it is not what was agreed on."""

ASK, ANSWER = msgspec.msgpack.Decoder(Ask), msgspec.msgpack.Decoder(Answer)
PACK = msgspec.msgpack.Encoder()
Body = Callable[[int], bytes]
"""Makes the body of a question that has this number."""
FIXED = [name for name in COLUMNS if name != "extra"]


def pack_submission(number: int, submission: Submission) -> bytes:
    """A submission as a frame's body."""
    fixes = submission.fixes
    columns = {name: getattr(fixes, name).tobytes() for name in FIXED}
    device = submission.device.astype(np.int32).tobytes()
    extra = fixes.extra.tolist()
    return PACK.encode(Ask(number, None, submission.tenant_id, submission.identifiers, device, columns, extra))


def unpack_submission(ask: Ask) -> Submission:
    """The submission of a frame. Raises ValueError, TypeError, KeyError when it is none."""
    extra = np.empty(len(ask.extra), dtype=object)
    extra[:] = ask.extra
    columns: dict[str, Any] = {name: np.frombuffer(ask.columns[name], dtype=COLUMNS[name]) for name in FIXED}
    fixes = Fixes.of(**columns, extra=extra)
    return Submission(ask.identifiers, np.frombuffer(ask.device, dtype=np.int32), fixes, ask.tenant_id)


async def read_frame(reader: asyncio.StreamReader, limit: int = FRAME_LIMIT) -> bytes:
    """The next frame's body. Raises IncompleteReadError at the end, ValueError when it is too large."""
    length = int.from_bytes(await reader.readexactly(4), "big")
    if length > limit:
        raise ValueError("a frame is too large")
    return await reader.readexactly(length)


def write_frame(writer: asyncio.StreamWriter, body: bytes) -> None:
    """Put a frame into a connection's buffer."""
    writer.write(len(body).to_bytes(4, "big") + body)


def proof(key: bytes, challenge: bytes) -> bytes:
    """What shows that one knows the instance's key."""
    return hmac.digest(derive(key, "ingest"), challenge, "sha256")


@asynccontextmanager
async def serve_inbox(inbox: Inbox, host: str, port: int, key: bytes) -> AsyncIterator[int]:
    """Serve an inbox to other processes while open; the port."""
    connections: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - asyncio runs this in a task
        connections.add(task)
        try:
            await _converse(inbox, reader, writer, key)
        except BROKEN as error:
            log.info("ingest_connection_ended", reason=type(error).__name__)
        finally:
            connections.discard(task)
            writer.close()

    server = await asyncio.start_server(connected, host, port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in connections:
            task.cancel()


async def _converse(inbox: Inbox, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, key: bytes) -> None:
    challenge = secrets.token_bytes(32)
    write_frame(writer, challenge)
    async with asyncio.timeout(CONNECT_S):
        given = await read_frame(reader, GREETING_LIMIT)
    if not hmac.compare_digest(given, proof(key, challenge)):
        raise ValueError("a caller does not know the key")
    answering: set[asyncio.Task[None]] = set()
    try:
        while True:
            ask = ASK.decode(await read_frame(reader))
            task = asyncio.create_task(_answer(inbox, ask, writer))
            answering.add(task)
            task.add_done_callback(answering.discard)
    finally:
        for task in answering:
            task.cancel()


async def _answer(inbox: Inbox, ask: Ask, writer: asyncio.StreamWriter) -> None:
    try:
        if ask.knows is not None:
            answer = Answer(ask.number, known=await inbox.knows(ask.knows))
        else:
            answer = Answer(ask.number, receipt=await inbox.submit(unpack_submission(ask)))
    except Unavailable as error:
        answer = Answer(ask.number, unavailable=error.detail)
    except BROKEN as error:  # a caller of another version: what it says now cannot be trusted
        log.warning("ingest_caller_unreadable", error=repr(error))
        writer.close()
        return
    write_frame(writer, PACK.encode(answer))
    with suppress(ConnectionError):
        await writer.drain()


class RemoteInbox:
    """The `Inbox` behind one of some addresses (`host:port,host:port`): one of them holds the shard, the others stand by.

    Asks the one that answered last; where that cannot take something, the others, who may have taken over. A submission
    that was committed by the first and asked of the second is a duplicate there.
    """

    def __init__(self, addresses: str, key: bytes) -> None:
        self._lines = [Line(one.strip(), key) for one in addresses.split(",")]
        self._asked = 0

    async def knows(self, identifier: str) -> bool:
        """Whether a device with this identifier may speak. Raises Unavailable."""
        answer = await self._ask(lambda number: PACK.encode(Ask(number, knows=identifier)))
        return bool(answer.known)

    async def submit(self, submission: Submission) -> Receipt:
        """Hand a submission over; returns after its commit there. Raises Unavailable."""
        answer = await self._ask(lambda number: pack_submission(number, submission))
        if answer.receipt is None:
            raise Unavailable
        return answer.receipt

    async def _ask(self, body: Body) -> Answer:
        failure = Unavailable()
        first, count = self._asked, len(self._lines)
        for asked in [(first + turn) % count for turn in range(count)]:
            try:
                answer = await self._lines[asked].ask(body)
            except Unavailable as error:
                failure = error
            else:
                self._asked = asked
                return answer
        raise failure

    async def close(self) -> None:
        """Hang up."""
        for line in self._lines:
            await line.close()


class Line:
    """A connection to one ingest process; connects when first asked, and again after a loss."""

    def __init__(self, address: str, key: bytes) -> None:
        self._host, _, port = address.removeprefix("tcp://").rpartition(":")
        self._port = int(port) if port.isdigit() else 0
        self._key = key
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._connecting = asyncio.Lock()
        self._tries = 0
        self._asked: dict[int, asyncio.Future[Answer]] = {}
        self._number = 0

    async def ask(self, body: Body) -> Answer:
        """The answer to a question. Raises Unavailable; a line that is silent for too long is given up for all who wait on it."""
        writer = await self._connected()
        self._number += 1
        number = self._number
        asked: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._asked[number] = asked
        try:
            write_frame(writer, body(number))
            async with asyncio.timeout(CALL_S):
                await writer.drain()
                answer = await asked
        except (OSError, TimeoutError) as error:
            self._lose(writer)
            raise Unavailable from error
        finally:
            self._asked.pop(number, None)
        if answer.unavailable is not None:
            raise Unavailable(answer.unavailable)
        return answer

    async def _connected(self) -> asyncio.StreamWriter:
        tries = self._tries
        async with self._connecting:
            if self._writer is not None:
                return self._writer
            if self._tries != tries:  # somebody else tried while we waited, in vain
                raise Unavailable(SILENT)
            try:
                async with asyncio.timeout(CONNECT_S):
                    reader, writer = await asyncio.open_connection(self._host, self._port)
                    await self._introduce(reader, writer)
            except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError) as error:
                self._tries += 1
                raise Unavailable(SILENT) from error
            self._writer = writer
            self._reading = asyncio.create_task(self._read(reader, writer))
            return writer

    async def _introduce(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Prove that one knows the key."""
        try:
            write_frame(writer, proof(self._key, await read_frame(reader, GREETING_LIMIT)))
        except BaseException:
            writer.close()
            raise

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                answer = ANSWER.decode(await read_frame(reader))
                if (asked := self._asked.get(answer.number)) is not None and not asked.done():
                    asked.set_result(answer)
        except (OSError, asyncio.IncompleteReadError, ValueError, msgspec.MsgspecError):
            self._lose(writer)

    def _lose(self, writer: asyncio.StreamWriter) -> None:
        """Give up a connection, unless another took its place already."""
        if self._writer is not writer:
            return
        writer.close()
        self._writer = None
        for asked in self._asked.values():
            if not asked.done():
                asked.set_exception(Unavailable())

    async def close(self) -> None:
        """Hang up."""
        if self._reading is not None:
            self._reading.cancel()
            with suppress(asyncio.CancelledError):
                await self._reading
        if self._writer is not None:
            self._lose(self._writer)
