"""The tables accounts owns: tenants, people, memberships, sessions, api_keys."""

from datetime import datetime
from typing import Any
from uuid import UUID

from motorpool.runtime.db import Connection, Work

PERSON_BY_EMAIL = "select id, name, email, password_hash from people where email = %(email)s"

PERSON_BY_ID = "select id, name, email from people where id = %(id)s"

MEMBERSHIPS_OF = """
select m.tenant_id, t.no as tenant_no, t.name as tenant_name, t.slug as tenant_slug, m.role
from memberships m join tenants t on t.id = m.tenant_id
where m.person_id = %(person_id)s order by m.created_at, m.tenant_id
"""

INSERT_SESSION = """
insert into sessions (id, person_id, tenant_id, token_hash, agent, expires_at)
values (%(id)s, %(person_id)s, %(tenant_id)s, %(token_hash)s, %(agent)s, %(expires_at)s)
"""

REVOKE_SESSION = "update sessions set revoked_at = now() where id = %(id)s and revoked_at is null"

# Who a session is, with the role the person has now.
SESSION_BY_TOKEN = """
select s.id as session_id, s.person_id, s.tenant_id, t.no as tenant_no, m.role
from sessions s join tenants t on t.id = s.tenant_id
join memberships m on m.tenant_id = s.tenant_id and m.person_id = s.person_id
where s.token_hash = %(token_hash)s and s.revoked_at is null and s.expires_at > now()
"""

SESSION_BY_ID = """
select s.id as session_id, s.person_id, s.tenant_id, t.no as tenant_no, m.role
from sessions s join tenants t on t.id = s.tenant_id
join memberships m on m.tenant_id = s.tenant_id and m.person_id = s.person_id
where s.id = %(id)s and s.revoked_at is null and s.expires_at > now()
"""

API_KEY_BY_ID = """
select k.id, k.tenant_id, t.no as tenant_no, k.secret_hash, k.permissions
from api_keys k join tenants t on t.id = k.tenant_id
where k.id = %(id)s and k.revoked_at is null
"""

INSERT_API_KEY = """
insert into api_keys (id, name, secret_hash, permissions, created_by)
values (%(id)s, %(name)s, %(secret_hash)s, %(permissions)s, actor())
returning id, name, permissions, created_at, revoked_at
"""

REVOKE_API_KEY = (
    "update api_keys set revoked_at = now() where tenant_id = tenant() and id = %(id)s and revoked_at is null"
)

FIND_API_KEY = "select id, revoked_at from api_keys where tenant_id = tenant() and id = %(id)s for update"

LOCK_TENANT = """
select id, no, slug, name, status, settings, registers_unknown_devices, version from tenants where id = tenant() for update
"""

SAVE_TENANT = """
update tenants set name = %(name)s, settings = %(settings)s, registers_unknown_devices = %(registers_unknown_devices)s,
  version = version + 1
where id = tenant() returning version
"""

TENANT_BY_SLUG = "select id, no from tenants where slug = %(slug)s"

TENANT_BY_ID = "select id, no from tenants where id = %(id)s"

INSERT_TENANT = """
insert into tenants (id, slug, name, settings, registers_unknown_devices)
values (%(id)s, %(slug)s, %(name)s, %(settings)s, %(registers_unknown_devices)s) returning no
"""

INSERT_PERSON = """
insert into people (id, email, name, password_hash) values (%(id)s, %(email)s, %(name)s, %(password_hash)s)
on conflict (email) do nothing
"""

INSERT_MEMBERSHIP = """
insert into memberships (tenant_id, person_id, role) values (%(tenant_id)s, %(person_id)s, %(role)s)
on conflict do nothing
"""


IS_MEMBER = "select from memberships where tenant_id = tenant() and person_id = %(person_id)s"

EXPORT_TENANT = (
    "select id, slug, name, status, settings, registers_unknown_devices, created_at from tenants where id = tenant()"
)

EXPORT_MEMBERSHIPS = "select person_id, role, created_at from memberships where tenant_id = tenant() order by person_id"

EXPORT_API_KEYS = """
select id, name, permissions, created_by, created_at, revoked_at from api_keys where tenant_id = tenant() order by id
"""


async def row(db: Connection, query: str, **params: Any) -> dict[str, Any] | None:
    """The first row of a query outside a tenant, or None."""
    return await (await db.execute(query.encode(), params)).fetchone()


async def memberships(db: Connection, person_id: UUID) -> list[dict[str, Any]]:
    """The tenants a person belongs to, oldest membership first."""
    return await (await db.execute(MEMBERSHIPS_OF, {"person_id": person_id})).fetchall()


async def insert_session(db: Connection, session: dict[str, Any], expires_at: datetime) -> None:
    """Keep a new session; only the hash of its token is stored."""
    await db.execute(INSERT_SESSION, {**session, "expires_at": expires_at})


async def insert_api_key(work: Work, key: dict[str, Any]) -> dict[str, Any]:
    """Keep a new API key; only the hash of its secret is stored."""
    found = await work.one(INSERT_API_KEY, key)
    assert found is not None  # noqa: S101 - insert … returning has a row
    return found
