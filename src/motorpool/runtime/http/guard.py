"""What every request passes before a feature sees it: size, readable JSON, a deadline, headers for the browser, a measure.

One ASGI callable each, innermost last; none of them buffers an answer.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec
from prometheus_client import Counter, Gauge, Histogram

from motorpool.runtime.http.problems import problem

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MIB = 1024 * 1024
BODY_LIMIT = MIB
TELEMETRY_LIMIT = 8 * MIB
THROWN_AWAY = 32 * MIB
TELEMETRY_PATH = "/api/v1/telemetry"

SECONDS = Histogram("motorpool_request_seconds", "Time to answer a request", ["method", "route", "status"])
IN_FLIGHT = Gauge("motorpool_requests_in_flight", "Requests being answered")
REFUSED = Counter("motorpool_requests_refused_total", "Requests refused before a feature saw them", ["reason"])

SECURITY_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (
        b"content-security-policy",
        b"default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; "
        b"connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'",
    ),
]


CUT_OFF = {
    "too_slow": "This took too long and was given up; whether it was done is not known. Repeat it, or ask for less.",
    "stopping": "Motorpool is stopping; whether this was done is not known. Repeat it in a moment.",
}


class Refusal(Exception):
    """Ends a request before it reached a feature."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        self.status, self.code, self.detail = status, code, detail
        super().__init__(code)


def guarded(app: App, request_seconds: float) -> App:
    """The application behind all guards."""
    return measured(with_headers(with_deadline(with_input_checked(app), request_seconds)))


def with_input_checked(app: App) -> App:
    """Read the body up to its limit; refuse what is too large, not JSON where JSON is said, or no text."""

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        try:
            if b"%00" in scope["query_string"] or b"\0" in scope["query_string"]:
                raise Refusal(400, "malformed", "The address holds a NUL character.")
            if scope["method"] in ("GET", "HEAD", "OPTIONS"):
                return await app(scope, receive, send)
            body = await _read(scope, receive)
            if _says_json(scope) and scope["path"] != TELEMETRY_PATH:
                _check_json(body)
        except Refusal as refusal:
            REFUSED.labels(refusal.code).inc()
            answer = problem(refusal.status, refusal.code, refusal.detail, headers={"connection": "close"})
            return await answer(scope, receive, send)
        return await app(scope, _replay(body, receive), send)

    return checked


async def _read(scope: Scope, receive: Receive) -> bytes:
    """The body. What is too large is read on and thrown away for a while, so that the client hears why instead of a broken connection."""
    limit = TELEMETRY_LIMIT if scope["path"] == TELEMETRY_PATH else BODY_LIMIT
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refusal(400, "malformed", "The request ended before its body was complete.")
        part = message.get("body", b"")
        size += len(part)
        if size <= limit:
            parts.append(part)
        else:
            parts.clear()
        more = message.get("more_body", False)
        if size > limit and (not more or size > THROWN_AWAY):
            raise Refusal(413, "too_large", f"The body is larger than the {limit // MIB} MiB accepted here.")
        if not more:
            return b"".join(parts)


def _says_json(scope: Scope) -> bool:
    """Whether any content type of the request is JSON: whoever reads the body may look at another than the last."""
    kinds = [value.split(b";")[0].strip().lower() for name, value in scope["headers"] if name == b"content-type"]
    return any(kind == b"application/json" or kind.endswith(b"+json") for kind in kinds)


def _check_json(body: bytes) -> None:
    """NaN, infinities, lone surrogates and JSON nested without end are not JSON here."""
    if not body:
        return
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError, ValueError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error).rstrip(".")
        raise Refusal(400, "malformed", f"The body is not JSON: {reason}.") from error
    if b"\\u0000" in body and _holds_nul(found):
        raise Refusal(400, "malformed", "The body holds a NUL character.")


def _holds_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_holds_nul(key) or _holds_nul(one) for key, one in value.items())
    return isinstance(value, list) and any(_holds_nul(one) for one in value)


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def with_deadline(app: App, seconds: float) -> App:
    """End a request that takes too long, or longer than a stopping process waits, with 503; a stream that has begun is left to its reader."""

    async def timed(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        begun = asyncio.Event()
        try:
            async with asyncio.timeout(seconds) as deadline:
                await app(scope, receive, _noting_the_start(send, begun, deadline))
        except (TimeoutError, asyncio.CancelledError) as cut:  # cancelled by the server alone, when it stops
            code = "too_slow" if isinstance(cut, TimeoutError) else "stopping"
            REFUSED.labels(code).inc()
            if not begun.is_set():
                await problem(503, code, CUT_OFF[code], headers={"retry-after": "1"})(scope, receive, send)

    return timed


def _noting_the_start(send: Send, begun: asyncio.Event, deadline: asyncio.Timeout) -> Send:
    async def noting(message: Message) -> None:
        if message["type"] == "http.response.start":
            begun.set()
            deadline.reschedule(None)
        await send(message)

    return noting


def with_headers(app: App) -> App:
    """Add the browser's safety headers to every answer."""

    async def headed(scope: Scope, receive: Receive, send: Send) -> None:
        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *SECURITY_HEADERS]
            await send(message)

        await app(scope, receive, adding if scope["type"] == "http" else send)

    return headed


def measured(app: App) -> App:
    """Count and time every request by its route, never by its path."""

    async def timed(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        status, began = 500, time.perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        IN_FLIGHT.inc()
        try:
            await app(scope, receive, noting)
        finally:
            IN_FLIGHT.dec()
            route = getattr(scope.get("route"), "path", "-")
            SECONDS.labels(scope["method"], route, str(status)).observe(time.perf_counter() - began)

    return timed
