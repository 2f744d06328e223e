"""The tables vehicles owns: fleets, vehicles, vehicle_terms, vehicle_viewers."""

from typing import Any
from uuid import UUID

from motorpool.features.vehicles.model import Vehicle, folded, search_terms
from motorpool.kernel.errors import NotFound
from motorpool.runtime.db import Work

COLUMNS = "id, no, name, vin, plate, make, model, year, kind, fuel_type, fleet_id, status, version"

INSERT_VEHICLE = """
insert into vehicles (id, name, sort_key, vin, plate, make, model, year, kind, fuel_type, fleet_id, status)
values (%(id)s, %(name)s, %(sort_key)s, %(vin)s, %(plate)s, %(make)s, %(model)s, %(year)s, %(kind)s, %(fuel_type)s,
  %(fleet_id)s, %(status)s)
returning no
"""

LOCK_VEHICLE = f"select {COLUMNS} from vehicles where tenant_id = tenant() and id = %(id)s for update"

SAVE_VEHICLE = """
update vehicles set name = %(name)s, sort_key = %(sort_key)s, vin = %(vin)s, plate = %(plate)s, make = %(make)s,
  model = %(model)s, year = %(year)s, kind = %(kind)s, fuel_type = %(fuel_type)s, fleet_id = %(fleet_id)s,
  status = %(status)s, version = %(version)s
where tenant_id = tenant() and id = %(id)s
"""

FORGET_TERMS = "delete from vehicle_terms where tenant_id = tenant() and vehicle_id = %(vehicle_id)s"

INSERT_TERM = "insert into vehicle_terms (term, vehicle_id) values (%(term)s, %(vehicle_id)s)"

VIN_HOLDER = "select id from vehicles where tenant_id = tenant() and vin = %(vin)s"

FIND_FLEET = "select id, name, version from fleets where tenant_id = tenant() and id = %(id)s"

FLEET_BY_KEY = "select id from fleets where tenant_id = tenant() and sort_key = %(sort_key)s"

INSERT_FLEET = "insert into fleets (id, name, sort_key) values (%(id)s, %(name)s, %(sort_key)s)"

RENAME_FLEET = """
update fleets set name = %(name)s, sort_key = %(sort_key)s, version = version + 1
where tenant_id = tenant() and id = %(id)s and version = %(version)s
"""

INSERT_VIEWER = """
insert into vehicle_viewers (person_id, vehicle_id, vehicle_no) values (%(person_id)s, %(vehicle_id)s, %(vehicle_no)s)
on conflict do nothing
"""

DELETE_VIEWER = """
delete from vehicle_viewers where tenant_id = tenant() and person_id = %(person_id)s and vehicle_id = %(vehicle_id)s
"""


async def insert_vehicle(work: Work, row: dict[str, Any]) -> Vehicle:
    """Keep a new vehicle; its number is given here."""
    found = await work.one(INSERT_VEHICLE, {**row, "sort_key": folded(row["name"])})
    assert found is not None  # noqa: S101 - insert … returning has a row
    vehicle = Vehicle(**row, no=found["no"], version=1)
    await _index(work, vehicle)
    return vehicle


async def load_vehicle(work: Work, id: UUID) -> Vehicle:
    """A vehicle, locked for this transaction. Raises NotFound."""
    row = await work.one(LOCK_VEHICLE, {"id": id})
    if row is None:
        raise NotFound
    return Vehicle(**row)


async def save_vehicle(work: Work, vehicle: Vehicle) -> None:
    """Write a changed vehicle and what a search finds it by."""
    row = {name: getattr(vehicle, name) for name in Vehicle.__dataclass_fields__}
    await work.run(SAVE_VEHICLE, {**row, "sort_key": folded(vehicle.name)})
    await work.run(FORGET_TERMS, {"vehicle_id": vehicle.id})
    await _index(work, vehicle)


async def _index(work: Work, vehicle: Vehicle) -> None:
    terms = search_terms(vehicle.name, vehicle.plate, vehicle.vin, vehicle.make, vehicle.model)
    await work.many(INSERT_TERM, [{"term": term, "vehicle_id": vehicle.id} for term in terms])
