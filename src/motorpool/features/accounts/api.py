"""What others may ask of accounts: who is this, and the tenants there are."""

import hmac
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from motorpool.features.accounts import store
from motorpool.features.accounts.commands import NewTenant as NewTenant
from motorpool.features.accounts.commands import provision_tenant as provision_tenant
from motorpool.features.accounts.model import parse_api_key, permissions_of, scope_of
from motorpool.kernel.actor import Actor
from motorpool.runtime.db import Pool, Work, open_transaction
from motorpool.runtime.secrets import derive, token_hash

ISSUER = "motorpool"
ALGORITHM = "HS256"
REMEMBERED_S = 5.0
REMEMBERED_MOST = 10_000


Finder = Callable[[], Awaitable[Actor | None]]


class AccountsAuthenticator:
    """Finds the actor of a token. What was found is remembered for five seconds; a revoked session ends within them."""

    def __init__(self, identity: Pool, key: bytes) -> None:
        self._identity = identity
        self._jwt_key = OctKey.import_key(derive(key, "access-token"))
        self._remembered: dict[tuple[str, bytes], tuple[float, Actor | None]] = {}

    def issue(self, session_id: UUID, seconds: int) -> str:
        """A bearer token for a session: signed, short-lived, worthless once the session ends."""
        now = int(time.time())
        claims = {"iss": ISSUER, "sid": str(session_id), "iat": now, "exp": now + seconds}
        return jwt.encode({"alg": ALGORITHM}, claims, self._jwt_key, algorithms=[ALGORITHM])

    async def by_bearer(self, token: str) -> Actor | None:
        """The actor of a bearer token or an API key."""
        if (parsed := parse_api_key(token)) is not None:
            return await self._remember("key", token_hash(token), lambda: self._of_api_key(*parsed))
        session_id = self._session_of(token)
        if session_id is None:
            return None
        return await self._remember(
            "sid", session_id.bytes, lambda: self._of_session(store.SESSION_BY_ID, id=session_id)
        )

    async def by_session(self, token: str) -> Actor | None:
        """The actor of a session cookie."""
        hashed = token_hash(token)
        return await self._remember(
            "cookie", hashed, lambda: self._of_session(store.SESSION_BY_TOKEN, token_hash=hashed)
        )

    async def current(self, actor: Actor) -> Actor | None:
        """The actor with today's permissions; None when the session, the key or the membership has ended."""
        if actor.session_id is not None:
            return await self._of_session(store.SESSION_BY_ID, id=actor.session_id)
        async with open_transaction(self._identity) as db:
            row = await store.row(db, store.API_KEY_BY_ID, id=actor.id)
        return actor if row is not None else None

    def forget(self) -> None:
        """Ask the database again from now on: somebody signed out or lost a right."""
        self._remembered.clear()

    def _session_of(self, token: str) -> UUID | None:
        try:
            claims = jwt.decode(token, self._jwt_key, algorithms=[ALGORITHM]).claims
            jwt.JWTClaimsRegistry(iss={"essential": True, "value": ISSUER}, exp={"essential": True}).validate(claims)
            return UUID(str(claims["sid"]))
        except (JoseError, ValueError, KeyError, TypeError):
            return None

    async def _remember(self, kind: str, key: bytes, find: Finder) -> Actor | None:
        now = time.monotonic()
        known = self._remembered.get((kind, key))
        if known is not None and known[0] > now:
            return known[1]
        if len(self._remembered) >= REMEMBERED_MOST:
            self._remembered.clear()
        found = await find()
        self._remembered[kind, key] = (now + REMEMBERED_S, found)
        return found

    async def _of_session(self, query: str, **params: object) -> Actor | None:
        async with open_transaction(self._identity) as db:
            row = await store.row(db, query, **params)
        if row is None:
            return None
        return Actor(
            tenant_id=row["tenant_id"],
            tenant_no=row["tenant_no"],
            id=row["person_id"],
            permissions=permissions_of(row["role"]),
            scope=scope_of(row["role"]),
            session_id=row["session_id"],
        )

    async def _of_api_key(self, key_id: UUID, secret: str) -> Actor | None:
        async with open_transaction(self._identity) as db:
            row = await store.row(db, store.API_KEY_BY_ID, id=key_id)
        if row is None or not hmac.compare_digest(row["secret_hash"], token_hash(secret)):
            return None
        return Actor(
            tenant_id=row["tenant_id"],
            tenant_no=row["tenant_no"],
            id=key_id,
            kind="api_key",
            permissions=frozenset(row["permissions"]),
        )


@dataclass(frozen=True, slots=True)
class TenantRef:
    """A company in short: its id and its number in telemetry's keys."""

    id: UUID
    no: int


async def is_member(work: Work, person_id: UUID) -> bool:
    """Whether a person belongs to the company."""
    return await work.one(store.IS_MEMBER, {"person_id": person_id}) is not None


async def export_accounts(work: Work) -> dict[str, list[dict[str, Any]]]:
    """The company, who belongs to it in which role, and its API keys without their secrets, by table."""
    return {
        "tenants": await work.all(store.EXPORT_TENANT),
        "memberships": await work.all(store.EXPORT_MEMBERSHIPS),
        "api_keys": await work.all(store.EXPORT_API_KEYS),
    }


async def tenant_by_slug(identity: Pool, slug: str) -> TenantRef | None:
    """The company of a short name."""
    async with open_transaction(identity) as db:
        row = await store.row(db, store.TENANT_BY_SLUG, slug=slug)
    return TenantRef(row["id"], row["no"]) if row else None


async def tenant_by_id(identity: Pool, id: UUID) -> TenantRef | None:
    """The company of an id."""
    async with open_transaction(identity) as db:
        row = await store.row(db, store.TENANT_BY_ID, id=id)
    return TenantRef(row["id"], row["no"]) if row else None
