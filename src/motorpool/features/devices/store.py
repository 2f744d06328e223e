"""The tables devices owns: devices, device_identifiers, device_identities, device_assignments."""

from typing import Any
from uuid import UUID

from motorpool.features.devices.model import Assignment, IdentifierClaimed, IdentifierTaken
from motorpool.kernel.errors import NotFound
from motorpool.runtime.db import Work

# Devices of a company change one after the other: each change ends with the company's version in telemetry, and two that had
# met at an identifier before would wait for each other for ever.
TAKE_TURN = "select pg_advisory_xact_lock(7305119, tenant_no())"

INSERT_DEVICE = """
insert into devices (id, name, sort_key, model) values (%(id)s, %(name)s, %(sort_key)s, %(model)s) returning no
"""

LOCK_DEVICE = "select id, no, name, model, version from devices where tenant_id = tenant() and id = %(id)s for update"

SAVE_DEVICE = """
update devices set name = %(name)s, sort_key = %(sort_key)s, model = %(model)s, version = version + 1
where tenant_id = tenant() and id = %(id)s
"""

DEVICE_BY_IDENTIFIER = "select device_id from device_identifiers where tenant_id = tenant() and value = %(value)s"

INSERT_IDENTIFIER = """
insert into device_identifiers (value, device_id) values (%(value)s, %(device_id)s) on conflict do nothing
"""

DROP_IDENTIFIER = "delete from device_identifiers where tenant_id = tenant() and value = %(value)s"

IDENTIFIERS_OF = """
select i.value, exists (
  select from device_identities p where p.value = i.value and p.tenant_id = tenant() and p.device_id = i.device_id
) as on_ports
from device_identifiers i where i.tenant_id = tenant() and i.device_id = %(device_id)s order by i.value
"""

# On the device ports an identifier belongs to one company: whoever claims it first.
CLAIM_IDENTITY = """
insert into device_identities (value, device_id) values (%(value)s, %(device_id)s) on conflict do nothing
"""

OWN_IDENTITY = "select device_id from device_identities where tenant_id = tenant() and value = %(value)s"

DROP_IDENTITY = (
    "delete from device_identities where tenant_id = tenant() and value = %(value)s and device_id = %(device_id)s"
)

PUT_ASSIGNMENT = """
insert into device_assignments (device_id, from_at, vehicle_id, is_source)
values (%(device_id)s, %(from_at)s, %(vehicle_id)s, %(is_source)s)
on conflict (tenant_id, device_id, from_at) do update set vehicle_id = excluded.vehicle_id, is_source = excluded.is_source
"""

ASSIGNMENTS_OF = """
select a.from_at, a.vehicle_id, a.is_source
from device_assignments a where a.tenant_id = tenant() and a.device_id = %(device_id)s order by a.from_at
"""


async def load_device(work: Work, id: UUID) -> dict[str, Any]:
    """A device, locked for this transaction. Raises NotFound."""
    row = await work.one(LOCK_DEVICE, {"id": id})
    if row is None:
        raise NotFound
    return row


async def add_identifier(work: Work, device_id: UUID, value: str) -> None:
    """Give a device a name it sends. Raises IdentifierTaken."""
    if not await work.run(INSERT_IDENTIFIER, {"value": value, "device_id": device_id}):
        raise IdentifierTaken(f"Another of your devices has the identifier {value}.")


async def claim_identity(work: Work, device_id: UUID, value: str) -> None:
    """Let a device use a name on the device ports. Raises IdentifierClaimed."""
    if await work.run(CLAIM_IDENTITY, {"value": value, "device_id": device_id}):
        return
    own = await work.one(OWN_IDENTITY, {"value": value})
    if own is None or own["device_id"] != device_id:
        raise IdentifierClaimed


async def assignments(work: Work, device_id: UUID) -> list[Assignment]:
    """All assignments of a device, oldest first."""
    return [Assignment(**row) for row in await work.all(ASSIGNMENTS_OF, {"device_id": device_id})]
