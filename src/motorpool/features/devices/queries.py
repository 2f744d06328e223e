"""What devices can be asked."""

from typing import Any
from uuid import UUID

from motorpool.features.devices import store
from motorpool.features.devices.schemas import AssignmentOut, DeviceOut
from motorpool.kernel.errors import NotFound
from motorpool.runtime.db import Work
from motorpool.runtime.sql import Condition, Page, Sort, page

LIST_DEVICES = """
select d.id, d.no, d.name, d.sort_key, d.model, d.created_at, d.version,
  (select a.vehicle_id from device_assignments a where a.tenant_id = tenant() and a.device_id = d.id and a.from_at <= now()
    order by a.from_at desc limit 1) as vehicle_id,
  (select coalesce(jsonb_agg(jsonb_build_object('value', i.value, 'on_ports', exists (
      select from device_identities p where p.value = i.value and p.tenant_id = tenant() and p.device_id = d.id)) order by i.value), '[]')
    from device_identifiers i where i.tenant_id = tenant() and i.device_id = d.id) as identifiers
from devices d
"""

BY_NAME = Sort("name", ("d.sort_key", "d.id"), ("sort_key", "id"), (str, UUID))

SPEAKS_FOR = """
d.id in (select a.device_id from device_assignments a where a.tenant_id = tenant() and a.vehicle_id = %(vehicle_id)s)
"""


async def devices(work: Work, vehicle_id: UUID | None, limit: int, cursor: str | None) -> Page:
    """A page of devices by name, or those that speak or spoke for one vehicle."""
    given = [Condition("d.tenant_id = tenant()", {})]
    if vehicle_id is not None:
        given.append(Condition(SPEAKS_FOR, {"vehicle_id": vehicle_id}))
    return await page(work, LIST_DEVICES, given, BY_NAME, limit, cursor)


async def device(work: Work, id: UUID) -> DeviceOut:
    """One device. Raises NotFound."""
    given = [Condition("d.tenant_id = tenant()", {}), Condition("d.id = %(id)s", {"id": id})]
    found = (await page(work, LIST_DEVICES, given, BY_NAME, 1, None)).rows
    if not found:
        raise NotFound
    return DeviceOut.model_validate(found[0])


async def assignments(work: Work, id: UUID) -> list[AssignmentOut]:
    """All assignments of a device, oldest first. Raises NotFound."""
    await device(work, id)
    rows = await work.all(store.ASSIGNMENTS_OF, {"device_id": id})
    return [assignment_out(row) for row in rows]


def assignment_out(row: dict[str, Any]) -> AssignmentOut:
    """An assignment as it is answered."""
    return AssignmentOut(from_at=row["from_at"], vehicle_id=row["vehicle_id"], source=row["is_source"])
