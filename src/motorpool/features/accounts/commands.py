"""What accounts does: sign in and out, keys, settings, a new tenant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from psycopg.types.json import Jsonb

from motorpool.features.accounts import store
from motorpool.features.accounts.events import ApiKeyCreated, ApiKeyRevoked, TenantChanged, TenantProvisioned
from motorpool.features.accounts.model import (
    DEFAULT_SETTINGS,
    ApiKeyRevokedAlready,
    SignInFailed,
    api_key_text,
    grantable,
    new_token,
)
from motorpool.features.accounts.schemas import NewApiKey, TenantChange
from motorpool.kernel.actor import system_actor
from motorpool.kernel.errors import NotFound, PreconditionFailed
from motorpool.kernel.ids import new_id
from motorpool.kernel.time import utc_now
from motorpool.runtime.db import Pool, Work, begin, open_transaction
from motorpool.runtime.feature import Provision
from motorpool.runtime.instance import Instance
from motorpool.runtime.secrets import token_hash

HASHER = PasswordHasher()
# Verified when there is no such person, so that the answer takes as long.
NOBODYS_HASH = "$argon2id$v=19$m=65536,t=3,p=4$xbXI3EFgVg/Qw8JfK9m63w$53x/ldtkAQKr/tNXsrPMU1F16xAYBlHmjcYpjBdPilk"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: its id for bearer tokens, its token for the cookie."""

    session_id: UUID
    token: str


@dataclass(frozen=True, slots=True)
class NewTenant:
    """A company to set up, with its first administrator."""

    slug: str
    name: str
    admin_email: str
    admin_name: str
    admin_password: str
    registers_unknown_devices: bool = False
    settings: dict[str, Any] | None = None


def hash_password(password: str) -> str:
    """The argon2id hash of a password; 50 ms of CPU, so it runs in the pool of processes."""
    return HASHER.hash(password)


def verify_password(stored: str, password: str) -> bool:
    """Whether a password fits its hash; runs in the pool of processes."""
    try:
        return HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


async def sign_in(instance: Instance, email: str, password: str, agent: str) -> SignedIn:
    """Begin a session. Raises SignInFailed, the same way whether the person exists or not."""
    async with open_transaction(instance.pools.identity) as db:
        person = await store.row(db, store.PERSON_BY_EMAIL, email=_text(email).lower().strip())
    stored = (person or {}).get("password_hash") or NOBODYS_HASH
    fits = await instance.cpu.run(verify_password, stored, _text(password))
    if person is None or not fits:
        raise SignInFailed
    async with open_transaction(instance.pools.identity) as db:
        places = await store.memberships(db, person["id"])
        if not places:
            raise SignInFailed
        signed_in = SignedIn(session_id=new_id(), token=new_token())
        session = {
            "id": signed_in.session_id,
            "person_id": person["id"],
            "tenant_id": places[0]["tenant_id"],
            "token_hash": token_hash(signed_in.token),
            "agent": _text(agent)[:300],
        }
        await store.insert_session(db, session, utc_now() + timedelta(days=instance.settings.session_days))
    return signed_in


def _text(given: str) -> str:
    """Text as PostgreSQL takes it; nobody's e-mail, password or browser holds a NUL."""
    return given.replace("\0", "\N{REPLACEMENT CHARACTER}")


async def sign_out(identity: Pool, session_id: UUID) -> None:
    """End a session: its cookie and every bearer token of it."""
    async with open_transaction(identity) as db:
        await db.execute(store.REVOKE_SESSION, {"id": session_id})


async def create_api_key(work: Work, wanted: NewApiKey) -> tuple[dict[str, Any], str]:
    """Make an API key; its row and its text, which is not kept. Raises PermissionUnknown, PermissionNotYours."""
    permissions = grantable(wanted.permissions, work.actor.permissions)
    key_id, secret = new_id(), new_token()
    row = await store.insert_api_key(
        work, {"id": key_id, "name": wanted.name, "secret_hash": token_hash(secret), "permissions": permissions}
    )
    work.record(ApiKeyCreated(api_key_id=key_id, permissions=permissions))
    return row, api_key_text(key_id, secret)


async def revoke_api_key(work: Work, id: UUID) -> None:
    """End an API key for good. Raises NotFound, ApiKeyRevokedAlready."""
    found = await work.one(store.FIND_API_KEY, {"id": id})
    if found is None:
        raise NotFound
    if found["revoked_at"] is not None:
        raise ApiKeyRevokedAlready
    await work.run(store.REVOKE_API_KEY, {"id": id})
    work.record(ApiKeyRevoked(api_key_id=id))


async def change_tenant(work: Work, change: TenantChange, version: int) -> None:
    """Change name, settings or registration of unknown devices. Raises PreconditionFailed."""
    row = await work.one(store.LOCK_TENANT)
    if row is None:
        raise NotFound
    if row["version"] != version:
        raise PreconditionFailed
    given = change.model_dump(exclude_none=True, exclude={"settings"})
    settings = change.settings.model_dump(exclude_none=True) if change.settings else {}
    new = {**row, **given, "settings": Jsonb({**row["settings"], **settings})}
    await work.run(store.SAVE_TENANT, new)
    work.record(TenantChanged(tenant_id=work.actor.tenant_id, fields=sorted([*given, *settings])))


async def provision_tenant(instance: Instance, new: NewTenant, provision: Sequence[Provision]) -> UUID:
    """Set up a company in one transaction: itself, its administrator, and what each feature needs. Its id.

    A company of that short name that exists already is left as it is.
    """
    hashed = await instance.cpu.run(hash_password, new.admin_password)
    async with open_transaction(instance.pools.control) as db:
        known = await store.row(db, store.TENANT_BY_SLUG, slug=new.slug)
    if known is not None:
        return UUID(str(known["id"]))
    tenant_id, person_id = new_id(), new_id()
    async with begin(instance.pools.control, system_actor(tenant_id, 0)) as work:
        settings = Jsonb({**DEFAULT_SETTINGS, **(new.settings or {})})
        tenant = {"id": tenant_id, "slug": new.slug, "name": new.name, "settings": settings}
        await work.run(store.INSERT_TENANT, {**tenant, "registers_unknown_devices": new.registers_unknown_devices})
        person = {"id": person_id, "email": new.admin_email.lower(), "name": new.admin_name, "password_hash": hashed}
        await work.run(store.INSERT_PERSON, person)
        found = await work.one(store.PERSON_BY_EMAIL, {"email": new.admin_email.lower()})
        admin_id = found["id"] if found else person_id
        await work.run(store.INSERT_MEMBERSHIP, {"tenant_id": tenant_id, "person_id": admin_id, "role": "admin"})
        for one in provision:
            await one(work)
        work.record(TenantProvisioned(tenant_id=tenant_id, admin_id=admin_id))
    return tenant_id
