"""What other features may ask of vehicles."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from motorpool.features.vehicles import commands, queries
from motorpool.features.vehicles.model import folded as folded  # the one way to fold a name for sorting
from motorpool.features.vehicles.queries import VehicleFilter
from motorpool.features.vehicles.schemas import NewVehicle
from motorpool.kernel.errors import NotFound
from motorpool.runtime.db import Work
from motorpool.runtime.feature import Found

VEHICLE_NUMBER = "select id, no, name from vehicles where tenant_id = tenant() and id = %(id)s"

LIVE_VEHICLES = """
select v.id, v.no, v.name, v.plate, v.kind, v.fleet_id, v.status from vehicles v
where v.tenant_id = tenant() and (%(fleet_id)s::uuid is null or v.fleet_id = %(fleet_id)s)
  and (%(id)s::uuid is null or v.id = %(id)s)
order by v.no
"""

ERASE_VIEWER = "delete from vehicle_viewers where tenant_id = tenant() and person_id = %(person_id)s"

EXPORT_FLEETS = "select * from fleets where tenant_id = tenant() order by id"

EXPORT_VEHICLES = "select * from vehicles where tenant_id = tenant() order by id"

EXPORT_VIEWERS = "select * from vehicle_viewers where tenant_id = tenant() order by vehicle_id, person_id"

FLEET_EXISTS = "select id from fleets where tenant_id = tenant() and id = %(id)s"


@dataclass(frozen=True, slots=True)
class VehicleRef:
    """A vehicle in short: its id, its number in telemetry's keys, its name."""

    id: UUID
    no: int
    name: str


@dataclass(frozen=True, slots=True)
class LiveVehicle:
    """A vehicle as the live picture shows it."""

    id: UUID
    no: int
    name: str
    plate: str | None
    kind: str
    fleet_id: UUID | None
    status: str


async def vehicle_ref(work: Work, id: UUID) -> VehicleRef:
    """A vehicle the actor may see. Raises NotFound."""
    row = await work.one(VEHICLE_NUMBER, {"id": id})
    if row is None:
        raise NotFound
    return VehicleRef(**row)


async def register_vehicle(work: Work, name: str) -> VehicleRef:
    """Add a vehicle for a device nobody knew; only its name is known."""
    vehicle = await commands.add_vehicle(work, NewVehicle(name=name))
    return VehicleRef(id=vehicle.id, no=vehicle.no, name=vehicle.name)


async def live_vehicles(work: Work, fleet_id: UUID | None = None, id: UUID | None = None) -> list[LiveVehicle]:
    """Vehicles the actor may see: all, those of a fleet, or one. Raises NotFound for an unknown fleet or vehicle."""
    if fleet_id is not None and await work.one(FLEET_EXISTS, {"id": fleet_id}) is None:
        raise NotFound
    rows = await work.all(LIVE_VEHICLES, {"fleet_id": fleet_id, "id": id})
    if id is not None and not rows:
        raise NotFound
    return [LiveVehicle(**row) for row in rows]


async def search_vehicles(work: Work, text: str, limit: int) -> list[Found]:
    """Vehicles whose name, plate, VIN, make or model begin with the words of `text`."""
    found = await queries.vehicles(work, VehicleFilter(q=text), "name", limit, None)
    return [Found("vehicle", str(row["id"]), row["name"], row["plate"] or "") for row in found.rows]


async def export_vehicles(work: Work) -> dict[str, list[dict[str, Any]]]:
    """Everything vehicles keeps of a tenant, by table."""
    return {
        "fleets": await work.all(EXPORT_FLEETS),
        "vehicles": await work.all(EXPORT_VEHICLES),
        "vehicle_viewers": await work.all(EXPORT_VIEWERS),
    }


async def erase_viewer(work: Work, person_id: UUID) -> None:
    """Forget what a person was allowed to see."""
    await work.run(ERASE_VIEWER, {"person_id": person_id})
