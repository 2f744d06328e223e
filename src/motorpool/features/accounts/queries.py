"""What accounts can be asked."""

from typing import Any
from uuid import UUID

from motorpool.features.accounts import store
from motorpool.runtime.db import Pool, Work, open_transaction

LIST_API_KEYS = """
select id, name, permissions, created_at, revoked_at from api_keys
where tenant_id = tenant() and revoked_at is null order by created_at desc, id limit 200
"""

TENANT = """
select id, no, slug, name, status, settings, registers_unknown_devices, version from tenants where id = tenant()
"""


async def tenant(work: Work) -> dict[str, Any]:
    """The actor's tenant with its settings."""
    found = await work.one(TENANT)
    assert found is not None  # noqa: S101 - the actor's tenant exists
    return found


async def api_keys(work: Work) -> list[dict[str, Any]]:
    """The keys that are valid, newest first."""
    return await work.all(LIST_API_KEYS)


async def person_with_memberships(
    identity: Pool, person_id: UUID
) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """A person and the tenants they belong to."""
    async with open_transaction(identity) as db:
        person = await store.row(db, store.PERSON_BY_ID, id=person_id)
        return person, await store.memberships(db, person_id)
