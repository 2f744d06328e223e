"""From identifiers to devices, vehicles and slots. Pure: the directory is an argument."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from motorpool.telemetry import receipts
from motorpool.telemetry.directory import NOBODY, Assignments, Directory, TenantDirectory
from motorpool.telemetry.inbox import Submission
from motorpool.telemetry.shard import Shard, VehicleKey


@dataclass(frozen=True, slots=True)
class Resolved:
    """Per row of the submissions, one after the other: device, slot, whether it moves the vehicle, and a code (0: good)."""

    device_no: NDArray[np.int32]
    slot: NDArray[np.int32]
    is_source: NDArray[np.bool_]
    codes: NDArray[np.int8]


def owner_of(directory: Directory, tenant_id: UUID | None, identifier: str) -> tuple[TenantDirectory, int] | None:
    """Whose device this is and its number; without a tenant by its identity on the device ports."""
    owner = tenant_id or directory.ports.get(identifier)
    tenant = directory.tenants.get(owner) if owner else None
    if tenant is None:
        return None
    names = tenant.device_of if tenant_id else tenant.port_device_of
    number = names.get(identifier)
    return None if number is None else (tenant, number)


def resolve(
    submissions: Sequence[Submission], at_us: NDArray[np.int64], directory: Directory, shard: Shard
) -> Resolved:
    """Find every row's device and, by the assignment at its time, its vehicle's slot."""
    owners = [owner_of(directory, one.tenant_id, identifier) for one in submissions for identifier in one.identifiers]
    offsets = np.cumsum([0, *(len(one.identifiers) for one in submissions)])[:-1]
    owner = np.concatenate([one.device + offset for one, offset in zip(submissions, offsets, strict=True)])
    places = Places(len(owners))
    for index, found in enumerate(owners):
        if found is not None:
            places.add(index, *found, shard)
    slot, is_source = places.of_rows(owner, at_us, shard)
    codes = np.full(len(owner), receipts.GOOD, dtype=np.int8)
    codes[slot == NOBODY] = receipts.DEVICE_UNASSIGNED
    codes[places.device_no[owner] == NOBODY] = receipts.UNKNOWN_DEVICE
    return Resolved(places.device_no[owner], slot, is_source, codes)


class Places:
    """Where the rows of each of n devices belong. Nearly every device has one vehicle for ever: those are looked up in columns."""

    def __init__(self, count: int) -> None:
        self.device_no = np.full(count, NOBODY, dtype=np.int32)
        self._slot = np.full(count, NOBODY, dtype=np.int32)
        self._from_us = np.zeros(count, dtype=np.int64)
        self._is_source = np.zeros(count, dtype=np.bool_)
        self._moved: dict[int, tuple[TenantDirectory, Assignments]] = {}

    def add(self, index: int, tenant: TenantDirectory, number: int, shard: Shard) -> None:
        """Note a device of a tenant."""
        self.device_no[index] = number
        assigned = tenant.assignments.get(number)
        if assigned is None:
            return
        if len(assigned.from_us) > 1:
            self._moved[index] = (tenant, assigned)
            return
        self._slot[index] = _slot(tenant, int(assigned.vehicle_no[0]), shard)
        self._from_us[index] = assigned.from_us[0]
        self._is_source[index] = assigned.is_source[0]

    def of_rows(
        self, owner: NDArray[np.int64], at_us: NDArray[np.int64], shard: Shard
    ) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """Slot (NOBODY: none) and whether it is the source, per row; `owner` is the device's index."""
        slot = np.where(at_us >= self._from_us[owner], self._slot[owner], np.int32(NOBODY))
        is_source = self._is_source[owner]
        for index, (tenant, assigned) in self._moved.items():
            rows = np.flatnonzero(owner == index)
            vehicle_no, is_source[rows] = assigned.at(at_us[rows])
            slot[rows] = [_slot(tenant, number, shard) for number in vehicle_no.tolist()]
        return slot.astype(np.int32), is_source


def _slot(tenant: TenantDirectory, vehicle_no: int, shard: Shard) -> int:
    if vehicle_no == NOBODY:
        return NOBODY
    return shard.slot_of(VehicleKey(tenant.tenant_no, tenant.tenant_id, vehicle_no, tenant.vehicle_ids[vehicle_no]))
