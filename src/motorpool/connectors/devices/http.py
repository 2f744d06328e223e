"""The server of all HTTP device protocols: HTTP/1.1 with keep-alive, nothing more than a phone or a tracker
needs.

Answers: 200 after the commit; 400 with a sentence for what cannot be read; 404 for an unknown
device; 503 when it cannot be stored now. Requests of one connection are answered strictly in order.
"""

import asyncio
import time
from dataclasses import dataclass, field
from http import HTTPStatus

import httptools
import structlog

from motorpool.connectors.devices.conversation import is_refusal
from motorpool.connectors.devices.intake import Intake
from motorpool.connectors.devices.listener import Listener, Peer
from motorpool.connectors.devices.points import Point
from motorpool.connectors.devices.protocol import Context, Protocol, Records, Refused, Request
from motorpool.kernel.errors import MotorpoolError
from motorpool.telemetry.inbox import Rejection

_log = structlog.get_logger(__name__)
_HEAD_LIMIT = 16_384
_UNKNOWN_DEVICE = "No device with this identifier is registered here."


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and a plain sentence."""

    status: HTTPStatus
    text: str = ""


@dataclass(slots=True)
class _Draft:
    """A request while it is being read."""

    target: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)
    head_bytes: int = 0


_MISTAKES = frozenset({"out_of_range", "malformed"})


async def deliver(protocol: Protocol, intake: Intake, request: Request) -> Answer:
    """Decode a request, have it committed and say what became of it."""
    assert protocol.request is not None  # noqa: S101 - a wrongly declared protocol is a programming error
    intake.counters.frames += 1
    messages = protocol.request(Context(time.time_ns() // 1_000), request).messages
    for message in messages:
        if isinstance(message, Refused):
            intake.counters.malformed += 1
            return Answer(HTTPStatus.BAD_REQUEST, message.reason)
    spoken = [(m.identifier, m.points) for m in messages if isinstance(m, Records) and m.identifier]
    try:
        return await _submit(intake, spoken)
    except MotorpoolError as error:
        intake.counters.unavailable += 1
        return Answer(HTTPStatus.SERVICE_UNAVAILABLE, error.detail)


async def _submit(intake: Intake, spoken: list[tuple[str, tuple[Point, ...]]]) -> Answer:
    for identifier in dict.fromkeys(identifier for identifier, _ in spoken):
        if not await intake.knows(identifier):
            return Answer(HTTPStatus.NOT_FOUND, _UNKNOWN_DEVICE)
    rejected = await intake.submit(spoken)
    if any(map(is_refusal, rejected)):
        return Answer(HTTPStatus.NOT_FOUND, _UNKNOWN_DEVICE)
    if rejected and len(rejected) == sum(len(points) for _, points in spoken):
        return _refused(rejected[0])
    return Answer(HTTPStatus.OK)


def _refused(rejection: Rejection) -> Answer:
    """A phone sends what was not answered 200 again, before everything newer: only what a mistake in the request explains gets 400."""
    if rejection.code in _MISTAKES:
        return Answer(HTTPStatus.BAD_REQUEST, rejection.detail)
    return Answer(HTTPStatus.OK, rejection.detail)


class Exchange(Peer):
    """One HTTP connection."""

    def __init__(self, listener: Listener, protocol: Protocol, intake: Intake) -> None:
        super().__init__(listener)
        self._protocol = protocol
        self._intake = intake
        self._parser = httptools.HttpRequestParser(self)
        self._draft: _Draft | None = None
        self._waiting: list[tuple[Request, bool]] = []
        self._too_large = False
        self._since = 0.0

    def opened(self, now: float) -> None:
        """From here runs the time to ask something."""
        self._since = now

    def buffer_updated(self, nbytes: int) -> None:
        """Bytes have come."""
        if self.ending:
            return
        self.listener.counters.received_bytes += nbytes
        try:
            self._parser.feed_data(bytes(self.listener.scratch[:nbytes]))
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self.listener.counters.garbage_bytes += nbytes
            self._refuse(Answer(HTTPStatus.BAD_REQUEST, "This is not HTTP/1.1 as it is spoken here."))
        if self._too_large:
            self._refuse(Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request is larger than is accepted here."))
        if self._waiting and self.work is None and self.transport is not None:
            self.transport.pause_reading()
            self.work = asyncio.create_task(self._answer_all())
            self.work.add_done_callback(self._finished)

    def on_message_begin(self) -> None:
        """httptools: a request begins; its time runs from here."""
        self._draft = _Draft()
        self._since = asyncio.get_running_loop().time()

    def on_url(self, url: bytes) -> None:
        """httptools: a piece of the target."""
        if self._draft is not None:
            self._draft.target += url
            self._weigh(self._draft, len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """httptools: one header."""
        if self._draft is not None:
            self._weigh(self._draft, len(name) + len(value))
            self._draft.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        """httptools: a piece of the body; what is too large is not kept."""
        if self._draft is None or self._too_large:
            return
        self._draft.body += body
        self._too_large = len(self._draft.body) > self.listener.limits.buffer_bytes

    def on_message_complete(self) -> None:
        """httptools: the request is whole."""
        draft, self._draft = self._draft, None
        if draft is None or self._too_large:
            return
        method = self._parser.get_method().decode("latin-1")
        request = Request(method, draft.target.decode("latin-1"), draft.headers, bytes(draft.body))
        self._waiting.append((request, bool(self._parser.should_keep_alive())))

    def overdue(self, now: float) -> bool:
        """A request that is not whole in time, or nothing asked for too long."""
        if self.work is not None and self.writable.is_set():
            return False
        limits = self.listener.limits
        return now - self._since > (limits.request_s if self._draft is not None else limits.keep_alive_s)

    def expire(self) -> None:
        """Say that the time is up, then close."""
        if self._draft is not None:
            self._refuse(Answer(HTTPStatus.REQUEST_TIMEOUT, "The request took too long to arrive."))
        self.abort()

    def _weigh(self, draft: _Draft, size: int) -> None:
        draft.head_bytes += size
        self._too_large = self._too_large or draft.head_bytes > _HEAD_LIMIT

    async def _answer_all(self) -> None:
        while self._waiting:
            request, keep_alive = self._waiting.pop(0)
            if request.method in ("GET", "POST"):
                answer = await deliver(self._protocol, self._intake, request)
            else:
                answer = Answer(HTTPStatus.METHOD_NOT_ALLOWED, "Use GET or POST.")
            self._write(answer, keep_alive and not self.draining)
            await self.writable.wait()

    def _refuse(self, answer: Answer) -> None:
        if self.work is None:
            self._write(answer, False)
        self.ending = True

    def _write(self, answer: Answer, keep_alive: bool) -> None:
        if self.transport is None or self.transport.is_closing():
            return
        body = answer.text.encode()
        retry = "Retry-After: 5\r\n" if answer.status == HTTPStatus.SERVICE_UNAVAILABLE else ""
        head = (
            f"HTTP/1.1 {answer.status.value} {answer.status.phrase}\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\n"
            f"{retry}Connection: {'keep-alive' if keep_alive else 'close'}\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        if not keep_alive:
            self.ending = True
            self._waiting.clear()
            self.transport.close()

    def _finished(self, work: asyncio.Task[None]) -> None:
        self.work = None
        self._since = asyncio.get_running_loop().time()
        if not work.cancelled() and work.exception() is not None:
            _log.error("device request failed", exc_info=work.exception())
            self._write(Answer(HTTPStatus.SERVICE_UNAVAILABLE, "Motorpool cannot do this just now."), False)
        if self.transport is None or self.transport.is_closing():
            return
        if self.ending or self.draining:
            self.transport.close()
        else:
            self.transport.resume_reading()
