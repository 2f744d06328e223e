"""What one does with vehicles and fleets."""

from typing import Any
from uuid import UUID

from motorpool.features.accounts import api as accounts
from motorpool.features.vehicles import store
from motorpool.features.vehicles.events import FleetAdded, FleetRenamed, ViewerAdded, ViewerRemoved
from motorpool.features.vehicles.model import FleetNameTaken, FleetUnknown, PersonUnknown, Vehicle, VinTaken, folded
from motorpool.features.vehicles.schemas import NewFleet, NewVehicle, VehicleChange
from motorpool.kernel.errors import NotFound, PreconditionFailed
from motorpool.kernel.ids import new_id
from motorpool.runtime.db import Work


async def add_vehicle(work: Work, new: NewVehicle) -> Vehicle:
    """Add a vehicle. Raises VinTaken, FleetUnknown."""
    await _check(work, None, new.vin, new.fleet_id)
    vehicle = await store.insert_vehicle(work, {"id": new_id(), **new.model_dump()})
    work.record(vehicle.added())
    return vehicle


async def change_vehicle(work: Work, id: UUID, change: VehicleChange, version: int) -> Vehicle:
    """Change fields of a vehicle. Raises NotFound, PreconditionFailed, VehicleRetired, VinTaken, FleetUnknown."""
    vehicle = await store.load_vehicle(work, id)
    if vehicle.version != version:
        raise PreconditionFailed
    fields: dict[str, Any] = change.model_dump(include=change.model_fields_set)
    await _check(work, id, fields.get("vin"), fields.get("fleet_id"))
    new, event = vehicle.changed(fields)
    await store.save_vehicle(work, new)
    work.record(event)
    return new


async def _check(work: Work, id: UUID | None, vin: str | None, fleet_id: UUID | None) -> None:
    if vin is not None:
        holder = await work.one(store.VIN_HOLDER, {"vin": vin})
        if holder is not None and holder["id"] != id:
            raise VinTaken
    if fleet_id is not None and await work.one(store.FIND_FLEET, {"id": fleet_id}) is None:
        raise FleetUnknown


async def add_fleet(work: Work, new: NewFleet) -> UUID:
    """Make a fleet; its id. Raises FleetNameTaken."""
    if await work.one(store.FLEET_BY_KEY, {"sort_key": folded(new.name)}):
        raise FleetNameTaken
    fleet_id = new_id()
    await work.run(store.INSERT_FLEET, {"id": fleet_id, "name": new.name, "sort_key": folded(new.name)})
    work.record(FleetAdded(fleet_id=fleet_id, name=new.name))
    return fleet_id


async def rename_fleet(work: Work, id: UUID, new: NewFleet, version: int) -> None:
    """Give a fleet another name. Raises NotFound, PreconditionFailed, FleetNameTaken."""
    if await work.one(store.FIND_FLEET, {"id": id}) is None:
        raise NotFound
    holder = await work.one(store.FLEET_BY_KEY, {"sort_key": folded(new.name)})
    if holder is not None and holder["id"] != id:
        raise FleetNameTaken
    row = {"id": id, "name": new.name, "sort_key": folded(new.name), "version": version}
    if not await work.run(store.RENAME_FLEET, row):
        raise PreconditionFailed
    work.record(FleetRenamed(fleet_id=id, name=new.name))


async def add_viewer(work: Work, id: UUID, person_id: UUID) -> None:
    """Let a person who sees only own vehicles see this one. Raises NotFound, PersonUnknown."""
    vehicle = await store.load_vehicle(work, id)
    if not await accounts.is_member(work, person_id):
        raise PersonUnknown
    row = {"person_id": person_id, "vehicle_id": id, "vehicle_no": vehicle.no}
    if await work.run(store.INSERT_VIEWER, row):
        work.record(ViewerAdded(vehicle_id=id, person_id=person_id))


async def remove_viewer(work: Work, id: UUID, person_id: UUID) -> None:
    """Hide this vehicle from a person who sees only own vehicles. Raises NotFound."""
    await store.load_vehicle(work, id)
    if not await work.run(store.DELETE_VIEWER, {"person_id": person_id, "vehicle_id": id}):
        raise NotFound
    work.record(ViewerRemoved(vehicle_id=id, person_id=person_id))
