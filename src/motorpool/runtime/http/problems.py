"""Errors on the wire: `application/problem+json` [RFC 9457] with a stable code and a sentence."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import psycopg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from psycopg_pool import PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response

from motorpool.kernel.errors import Conflict, MotorpoolError, TooMany, Unavailable
from motorpool.runtime.db import AWAY

MEDIA_TYPE = "application/problem+json"
log = structlog.get_logger()


class Replayed(Exception):
    """Carries the answer that was given to an idempotency key before; not an error."""

    def __init__(self, response: Response) -> None:
        self.response = response
        super().__init__()


class RowTaken(Conflict):
    """Something with this name or number exists already."""


class StorageFull(Unavailable):
    """The disk is full; nothing was changed. Repeat the request once there is room again."""

    status = 507


class ChangedMeanwhile(Conflict):
    """Somebody changed the same thing at the same moment: try again."""


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    errors: Sequence[Any] = (),
) -> Response:
    """A problem document; `errors` lists fields with what is wrong with each."""
    content: dict[str, Any] = {
        "type": f"https://motorpool.example/problems/{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "code": code,
        "detail": detail,
    }
    if errors:
        content["errors"] = list(errors)
    return Response(msgspec.json.encode(content), status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def problem_of(error: MotorpoolError) -> Response:
    """The problem document of one of our errors."""
    headers = {"retry-after": "1"} if isinstance(error, Unavailable | TooMany) else {}
    if error.status == 401:
        headers["www-authenticate"] = "Bearer"
    return problem(error.status, error.code, error.detail, headers=headers, errors=error.fields.get("errors", ()))


async def on_motorpool_error(request: Request, error: Exception) -> Response:
    """Answer one of our own errors."""
    assert isinstance(error, MotorpoolError)  # noqa: S101 - registered for this class alone
    return problem_of(error)


async def on_replay(request: Request, error: Exception) -> Response:
    """Answer a repeated request with the first answer."""
    assert isinstance(error, Replayed)  # noqa: S101 - registered for this class alone
    return error.response


async def on_invalid(request: Request, error: Exception) -> Response:
    """Answer input that does not have the documented shape: 422 with every field that is wrong."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class alone
    errors = [
        {
            "field": ".".join(str(part) for part in one["loc"][1:]) or str(one["loc"][0]),
            "code": one["type"],
            "detail": one["msg"],
        }
        for one in error.errors()[:50]
    ]
    listed = "; ".join(f"{one['field']}: {one['detail']}" for one in errors[:3])
    return problem(422, "invalid", f"The request is not valid: {listed}", errors=errors)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer what the router refuses: unknown paths and methods, unreadable bodies."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
    sentences = {
        400: ("malformed", "The request could not be read."),
        404: ("not_found", "There is nothing at this address."),
        405: ("method_not_allowed", "This address does not take that method."),
    }
    code, detail = sentences.get(error.status_code, ("refused", str(error.detail)))
    return problem(error.status_code, code, detail, headers=error.headers)


async def on_database_error(request: Request, error: Exception) -> Response:
    """Answer what the database refuses or cannot do; none of it is the client's business in detail."""
    if isinstance(error, psycopg.errors.UniqueViolation):
        known = error.diag.constraint_name or ""
        return problem_of(ChangedMeanwhile() if known.startswith("events_") else RowTaken())
    if isinstance(error, psycopg.errors.SerializationFailure | psycopg.errors.DeadlockDetected):
        return problem_of(ChangedMeanwhile())
    if isinstance(error, psycopg.errors.DiskFull):
        log.error("disk_full", error=str(error).split("\n")[0])
        return problem_of(StorageFull())
    if isinstance(error, AWAY):
        log.warning("database_unavailable", error=str(error).split("\n")[0])
        return problem_of(Unavailable("The database does not answer just now; repeat the request in a moment."))
    return await on_unexpected(request, error)


async def on_unexpected(request: Request, error: Exception) -> Response:
    """Answer a fault of ours: logged whole here, told in one sentence there."""
    log.error("request_failed", path=request.url.path, method=request.method, exc_info=error)
    return problem(500, "internal_error", "Something went wrong on our side; it was written down.")


def install(app: FastAPI) -> None:
    """Register the answers of every kind of error."""
    app.add_exception_handler(MotorpoolError, on_motorpool_error)
    app.add_exception_handler(Replayed, on_replay)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(psycopg.Error, on_database_error)
    app.add_exception_handler(PoolTimeout, on_database_error)
    app.add_exception_handler(Exception, on_unexpected)
