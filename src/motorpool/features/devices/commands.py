"""What one does with devices."""

from datetime import datetime
from uuid import UUID

from motorpool.features.devices import store
from motorpool.features.devices.events import DeviceAdded, DeviceAssigned, DeviceChanged
from motorpool.features.devices.model import Assignment, VehicleUnknown, identifiers_of
from motorpool.features.devices.schemas import DeviceChange, NewAssignment, NewDevice
from motorpool.features.vehicles import api as vehicles
from motorpool.kernel.errors import NotFound, PreconditionFailed
from motorpool.kernel.ids import new_id
from motorpool.kernel.time import EPOCH
from motorpool.runtime.db import Work
from motorpool.telemetry.api import Assigned, put_device


async def add_device(work: Work, new: NewDevice, at: datetime) -> UUID:
    """Add a tracker and claim its identifiers for the device ports; its id.

    Raises IdentifiersMissing, IdentifierTaken, IdentifierClaimed, VehicleUnknown.
    """
    values = identifiers_of(list(new.identifiers))
    await work.one(store.TAKE_TURN)
    device_id = new_id()
    await _insert(work, device_id, new.name or values[0], new.model, values, registered_itself=False)
    for value in values:
        await store.claim_identity(work, device_id, value)
    if new.vehicle_id is not None:
        await _assign(work, device_id, Assignment(at, new.vehicle_id, is_source=True))
    await _push(work, device_id)
    return device_id


async def change_device(work: Work, id: UUID, change: DeviceChange, version: int) -> None:
    """Change name, model or identifiers. Raises NotFound, PreconditionFailed, IdentifierTaken, IdentifierClaimed."""
    await work.one(store.TAKE_TURN)
    device = await store.load_device(work, id)
    if device["version"] != version:
        raise PreconditionFailed
    given = change.model_dump(include=change.model_fields_set)
    if "identifiers" in given:
        await _replace_identifiers(work, id, identifiers_of(given["identifiers"]))
    row = {**device, **given}
    await work.run(store.SAVE_DEVICE, {**row, "sort_key": vehicles.folded(row["name"])})
    work.record(DeviceChanged(device_id=id, no=device["no"]))
    await _push(work, id)


async def _replace_identifiers(work: Work, id: UUID, values: list[str]) -> None:
    known = {row["value"] for row in await work.all(store.IDENTIFIERS_OF, {"device_id": id})}
    for value in sorted(known - set(values)):
        await work.run(store.DROP_IDENTITY, {"value": value, "device_id": id})
        await work.run(store.DROP_IDENTIFIER, {"value": value})
    for value in values:
        if value not in known:
            await store.add_identifier(work, id, value)
            await store.claim_identity(work, id, value)


async def assign_device(work: Work, id: UUID, new: NewAssignment, at: datetime) -> None:
    """Say from when on a device speaks for which vehicle. Raises NotFound, VehicleUnknown."""
    await work.one(store.TAKE_TURN)
    await store.load_device(work, id)
    await _assign(work, id, Assignment(new.from_at or at, new.vehicle_id, new.source))
    await _push(work, id)


async def register_unknown(work: Work, identifier: str, *, on_ports: bool) -> None:
    """Take in a device nobody knew, with a vehicle of its own, as the company wished.

    A known device is only let onto the device ports. Raises IdentifierClaimed, before anything is written, when it speaks for
    another company there.
    """
    await work.one(store.TAKE_TURN)
    known = await work.one(store.DEVICE_BY_IDENTIFIER, {"value": identifier})
    device_id = UUID(str(known["device_id"])) if known else new_id()
    if on_ports:
        await store.claim_identity(work, device_id, identifier)
    if known is None:
        await _insert(work, device_id, identifier, None, [identifier], registered_itself=True)
        vehicle = await vehicles.register_vehicle(work, identifier)
        await _assign(work, device_id, Assignment(EPOCH, vehicle.id, is_source=True))
    await _push(work, device_id)


async def _insert(
    work: Work, device_id: UUID, name: str, model: str | None, values: list[str], *, registered_itself: bool
) -> None:
    row = {"id": device_id, "name": name, "sort_key": vehicles.folded(name), "model": model}
    found = await work.one(store.INSERT_DEVICE, row)
    assert found is not None  # noqa: S101 - insert … returning has a row
    for value in values:
        await store.add_identifier(work, device_id, value)
    work.record(DeviceAdded(device_id=device_id, no=found["no"], registered_itself=registered_itself))


async def _assign(work: Work, device_id: UUID, new: Assignment) -> None:
    if new.vehicle_id is not None:
        try:
            await vehicles.vehicle_ref(work, new.vehicle_id)
        except NotFound as error:
            raise VehicleUnknown from error
    row = {"from_at": new.from_at, "vehicle_id": new.vehicle_id, "is_source": new.is_source}
    await work.run(store.PUT_ASSIGNMENT, {**row, "device_id": device_id})
    work.record(DeviceAssigned(device_id, new.vehicle_id, new.from_at, new.is_source))


async def _push(work: Work, device_id: UUID) -> None:
    """Tell telemetry what holds of this device now."""
    device = await store.load_device(work, device_id)
    names = await work.all(store.IDENTIFIERS_OF, {"device_id": device_id})
    assigned = []
    for one in await store.assignments(work, device_id):
        vehicle = await vehicles.vehicle_ref(work, one.vehicle_id) if one.vehicle_id else None
        assigned.append(Assigned(one.from_at, vehicle.no if vehicle else None, one.vehicle_id, one.is_source))
    on_ports = [row["value"] for row in names if row["on_ports"]]
    await put_device(work, device["no"], [row["value"] for row in names], on_ports, assigned)
