"""People of each role for tests, made by SQL: inviting people belongs to a later feature."""

import itertools
from uuid import UUID

import httpx2
import psycopg

from motorpool.kernel.ids import new_id
from tests.support.instances import Motorpool

_NUMBERS = itertools.count(1)

INSERT = """
with person as (
  insert into motorpool.people (id, email, name, password_hash)
  select %(id)s, %(email)s, %(name)s, password_hash from motorpool.people where email = 'admin@demo.example' returning id
)
insert into motorpool.memberships (tenant_id, person_id, role)
select t.id, p.id, %(role)s from motorpool.tenants t, person p where t.slug = %(slug)s
"""


def add_person(url: str, slug: str, role: str) -> tuple[UUID, str]:
    """Make a person of a role in a company, with the demo's password; id and e-mail address. `url`: the superuser's."""
    id, email = new_id(), f"{role}-{next(_NUMBERS)}@{slug}.example"
    with psycopg.connect(url) as db:
        db.execute(INSERT, {"id": id, "email": email, "name": role.title(), "role": role, "slug": slug})
    return id, email


async def member(motorpool: Motorpool, role: str, slug: str = "demo") -> tuple[UUID, httpx2.AsyncClient]:
    """A new person of a role, and a client signed in as them."""
    id, email = add_person(motorpool.url, slug, role)
    return id, await motorpool.client(email)
