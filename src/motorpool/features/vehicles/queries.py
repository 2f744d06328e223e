"""What vehicles can be asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from motorpool.features.vehicles.model import folded, search_terms
from motorpool.features.vehicles.schemas import FleetOut, VehicleLatest, VehicleOut
from motorpool.kernel.errors import NotFound
from motorpool.runtime.db import Work
from motorpool.runtime.sql import Condition, Page, Sort, page

# Vehicles with their last position. Large: one page of it is read by index, never the whole.
LIST_VEHICLES = """
select v.id, v.no, v.name, v.sort_key, v.vin, v.plate, v.make, v.model, v.year, v.kind, v.fuel_type, v.fleet_id, v.status,
  v.created_at, v.version, l.at, l.lat, l.lon, l.speed_mps, l.heading_deg, l.motion, l.odometer_m, l.fuel_percent
from vehicles v left join latest_public l on l.tenant_no = tenant_no() and l.vehicle_no = v.no
"""

OF_TENANT = "v.tenant_id = tenant()"

LIST_FLEETS = """
select f.id, f.name, f.sort_key, f.version,
  (select count(*) from vehicles v where v.tenant_id = tenant() and v.fleet_id = f.id) as vehicles
from fleets f
"""

FOUND_BY_TERM = """
v.id in (select t.vehicle_id from vehicle_terms t where t.tenant_id = tenant() and t.term ^@ %(term_{index})s)
"""

SORTS = {
    one.name: one
    for one in (
        Sort("name", ("v.sort_key", "v.id"), ("sort_key", "id"), (str, UUID)),
        Sort("-name", ("v.sort_key", "v.id"), ("sort_key", "id"), (str, UUID), descending=True),
        Sort("created_at", ("v.created_at", "v.id"), ("created_at", "id"), (datetime, UUID)),
        Sort("-created_at", ("v.created_at", "v.id"), ("created_at", "id"), (datetime, UUID), descending=True),
    )
}
FLEETS_BY_NAME = Sort("name", ("f.sort_key", "f.id"), ("sort_key", "id"), (str, UUID))


@dataclass(frozen=True, slots=True)
class VehicleFilter:
    """What a list of vehicles is narrowed to."""

    q: str | None = None
    fleet_id: UUID | None = None
    status: str | None = None


async def vehicles(work: Work, wanted: VehicleFilter, sort: str, limit: int, cursor: str | None) -> Page:
    """A page of vehicles."""
    return await page(work, LIST_VEHICLES, conditions(wanted), SORTS[sort], limit, cursor)


async def vehicle(work: Work, id: UUID) -> VehicleOut:
    """One vehicle. Raises NotFound."""
    given = [Condition(OF_TENANT, {}), Condition("v.id = %(id)s", {"id": id})]
    found = (await page(work, LIST_VEHICLES, given, SORTS["name"], 1, None)).rows
    if not found:
        raise NotFound
    return vehicle_out(found[0])


def conditions(wanted: VehicleFilter) -> list[Condition]:
    """The conditions of a filter; every word of a search must be the beginning of a word of the vehicle."""
    given = [Condition(OF_TENANT, {})]
    if wanted.fleet_id is not None:
        given.append(Condition("v.fleet_id = %(fleet_id)s", {"fleet_id": wanted.fleet_id}))
    if wanted.status is not None:
        given.append(Condition("v.status = %(status)s", {"status": wanted.status}))
    for index, term in enumerate(_terms(wanted.q)):
        given.append(Condition(FOUND_BY_TERM.format(index=index), {f"term_{index}": term}))
    return given


def _terms(q: str | None) -> list[str]:
    if q is None or not q.strip():
        return []
    words = [term for word in folded(q).split() for term in search_terms(word)]
    return words[:8] or [q[:60]]


def vehicle_out(row: dict[str, Any]) -> VehicleOut:
    """A vehicle as it is answered."""
    out = VehicleOut.model_validate(row)
    if row["at"] is not None:
        out.latest = VehicleLatest.model_validate(row)
    return out


async def fleets(work: Work, limit: int, cursor: str | None) -> Page:
    """A page of fleets by name."""
    return await page(work, LIST_FLEETS, [Condition("f.tenant_id = tenant()", {})], FLEETS_BY_NAME, limit, cursor)


async def fleet(work: Work, id: UUID) -> FleetOut:
    """One fleet. Raises NotFound."""
    given = [Condition("f.tenant_id = tenant()", {}), Condition("f.id = %(id)s", {"id": id})]
    found = (await page(work, LIST_FLEETS, given, FLEETS_BY_NAME, 1, None)).rows
    if not found:
        raise NotFound
    return FleetOut.model_validate(found[0])
