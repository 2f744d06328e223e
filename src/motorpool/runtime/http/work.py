"""The unit of work of a request: who asks, may they, one transaction, and the same answer to a repeated key."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from psycopg.types.json import Jsonb
from pydantic import BaseModel
from starlette.responses import Response

from motorpool.kernel.actor import Actor
from motorpool.kernel.errors import Forbidden, Invalid, Malformed, PreconditionFailed, PreconditionRequired
from motorpool.runtime.auth import authenticate
from motorpool.runtime.db import Work, begin
from motorpool.runtime.http.problems import Replayed
from motorpool.runtime.instance import Instance

CLAIM_KEY = """
insert into idempotency_keys (actor_id, key, fingerprint) values (actor(), %(key)s, %(fingerprint)s)
on conflict do nothing
"""

FIND_KEY = "select fingerprint, status, headers, body from idempotency_keys where tenant_id = tenant() and actor_id = actor() and key = %(key)s"

KEEP_ANSWER = """
update idempotency_keys set status = %(status)s, headers = %(headers)s, body = %(body)s
where tenant_id = tenant() and actor_id = actor() and key = %(key)s
"""


class IdempotencyKeyReused(Invalid):
    """This Idempotency-Key was used for another request; take a new key for a new request."""


class PermissionMissing(Forbidden):
    """You do not have the permission this needs."""


@dataclass(slots=True)
class RequestWork(Work):
    """A unit of work that knows the answer its request will get."""

    answer: Response | None = None

    def reply(self, body: BaseModel | None, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
        """Say what the request will be answered; it leaves after the commit."""
        content = b"" if body is None else body.model_dump_json().encode()
        media = None if body is None else "application/json"
        self.answer = Response(content, status, headers=dict(headers or {}), media_type=media)
        return self.answer


def instance_of(request: Request) -> Instance:
    """The running Motorpool that answers this request."""
    found = request.app.state.instance
    assert isinstance(found, Instance)  # noqa: S101 - set by the app that serves the request
    return found


async def actor_of(request: Request, permission: str | None = None) -> Actor:
    """Who asks. Raises Unauthenticated, PermissionMissing."""
    actor = await authenticate(request, request.app.state.authenticator)
    if permission is not None and not actor.may(permission):
        raise PermissionMissing(f"This needs the permission {permission}, which your role does not have.")
    return actor


@asynccontextmanager
async def work(request: Request, permission: str | None) -> AsyncIterator[RequestWork]:
    """Open the transaction of a request in its actor's tenant.

    With an `Idempotency-Key` on a POST the answer is stored in the same transaction; a repeated key gets it again.
    Raises Unauthenticated, PermissionMissing, IdempotencyKeyReused, Replayed.
    """
    actor = await actor_of(request, permission)
    key = request.headers.get("idempotency-key") if request.method == "POST" else None
    async with begin(instance_of(request).pools.app, actor) as plain:
        doing = RequestWork(db=plain.db, actor=actor, facts=plain.facts)
        if key is not None:
            await _claim(doing, key, await _fingerprint(request))
        yield doing
        if key is not None and doing.answer is not None:
            await _keep(doing, key, doing.answer)


async def _fingerprint(request: Request) -> bytes:
    return hashlib.sha256(f"{request.method} {request.url.path}\n".encode() + await request.body()).digest()


async def _claim(doing: RequestWork, key: str, fingerprint: bytes) -> None:
    if not 1 <= len(key) <= 255 or "\0" in key:
        raise Malformed("An Idempotency-Key has 1 to 255 characters.")
    if await doing.run(CLAIM_KEY, {"key": key, "fingerprint": fingerprint}):
        return
    found = await doing.one(FIND_KEY, {"key": key})
    assert found is not None  # noqa: S101 - the insert just met it, and keys are only ever removed after a day
    if found["fingerprint"] != fingerprint:
        raise IdempotencyKeyReused
    raise Replayed(Response(found["body"], found["status"], headers={**found["headers"], "idempotent-replay": "true"}))


async def _keep(doing: RequestWork, key: str, answer: Response) -> None:
    headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
    kept: dict[str, Any] = {
        "key": key,
        "status": answer.status_code,
        "headers": Jsonb(headers),
        "body": answer.body,
    }
    await doing.run(KEEP_ANSWER, kept)


def expected_version(request: Request) -> int:
    """The version named by If-Match. Raises PreconditionRequired, PreconditionFailed when it is not one of ours."""
    given = request.headers.get("if-match")
    if given is None:
        raise PreconditionRequired
    text = given.strip().removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise PreconditionFailed
    return int(text)


def etag(version: int) -> dict[str, str]:
    """The ETag header of a version."""
    return {"etag": f'"{version}"'}
