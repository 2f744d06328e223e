"""Who is who: identifier → device → vehicle over time, as columns. Immutable; an edit makes a new one for its tenant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from motorpool.telemetry.shard import VehicleKey

NOBODY = -1
"""No device, no vehicle."""

READ_VERSIONS = "select tenant_no, version from telemetry_versions"

READ_DEVICES = """
select tenant_no, device_no, tenant_id, identifiers, on_ports from telemetry_devices where tenant_no = %(tenant_no)s
"""

READ_ASSIGNMENTS = """
select device_no, from_us, vehicle_no, vehicle_id, is_source from telemetry_assignments
where tenant_no = %(tenant_no)s order by device_no, from_us
"""


@dataclass(frozen=True, slots=True)
class Assignments:
    """A device's vehicles over time: from `from_us[i]` on it speaks for `vehicle_no[i]` (NOBODY: for none)."""

    from_us: NDArray[np.int64]
    vehicle_no: NDArray[np.int32]
    is_source: NDArray[np.bool_]

    def at(self, at_us: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """Vehicle number (NOBODY before the first beginning) and whether it is the source, per time (n,)."""
        index = np.searchsorted(self.from_us, at_us, side="right") - 1
        before = index < 0
        vehicle_no = np.where(before, np.int32(NOBODY), self.vehicle_no[index])
        return vehicle_no, self.is_source[index] & ~before


class Moved(NamedTuple):
    """A device that was assigned more than once: its vehicles over time, and their keys by number."""

    assigned: Assignments
    keys: Mapping[int, VehicleKey]


class Device(NamedTuple):
    """A device as rows ask for it. Nearly every one has one vehicle for ever: then `key` and `vehicle_no` say which, from when on.

    `vehicle_no` is NOBODY and `key` None without a vehicle, and where `moved` says more. A tuple, so that many make columns at once.
    """

    number: int
    vehicle_no: int
    from_us: int
    is_source: bool
    key: VehicleKey | None
    moved: Moved | None


UNKNOWN_DEVICE = Device(NOBODY, NOBODY, 0, False, None, None)


@dataclass(frozen=True, slots=True)
class TenantDirectory:
    """One tenant's devices, by the names it uses and by those it uses on the device ports, and their assignments."""

    tenant_no: int
    tenant_id: UUID
    device_of: Mapping[str, Device]
    port_device_of: Mapping[str, Device]
    assignments: Mapping[int, Assignments]


@dataclass(frozen=True, slots=True)
class Directory:
    """All tenants; `ports` are the devices by their identifiers on the device ports."""

    tenants: Mapping[UUID, TenantDirectory] = field(default_factory=dict)
    ports: Mapping[str, Device] = field(default_factory=dict)
    versions: Mapping[int, int] = field(default_factory=dict)

    def with_tenants(self, changed: Iterable[TenantDirectory], versions: Mapping[int, int]) -> "Directory":
        """A new directory in which some tenants are replaced."""
        new = {one.tenant_id: one for one in changed}
        forgotten = {name for id in new.keys() & self.tenants.keys() for name in self.tenants[id].port_device_of}
        ports = {name: device for name, device in self.ports.items() if name not in forgotten}
        for one in new.values():
            ports.update(one.port_device_of)
        return Directory({**self.tenants, **new}, ports, dict(versions))

    def names(self, tenant_id: UUID | None) -> Mapping[str, Device]:
        """Devices by the identifiers that count for a tenant; None: on the device ports."""
        if tenant_id is None:
            return self.ports
        tenant = self.tenants.get(tenant_id)
        return tenant.device_of if tenant else {}

    def tenant_no_of(self, tenant_id: UUID) -> int | None:
        """The number of a tenant that has devices."""
        found = self.tenants.get(tenant_id)
        return found.tenant_no if found else None


def tenant_directory(devices: list[dict[str, Any]], assignments: list[dict[str, Any]]) -> TenantDirectory:
    """A tenant's directory of its rows; at least one device."""
    by_device: dict[int, list[dict[str, Any]]] = {}
    for row in assignments:
        by_device.setdefault(row["device_no"], []).append(row)
    assigned = {device_no: _assignments(rows) for device_no, rows in by_device.items()}
    owner = (devices[0]["tenant_no"], devices[0]["tenant_id"])
    keys = {
        row["vehicle_no"]: VehicleKey(*owner, row["vehicle_no"], row["vehicle_id"])
        for row in assignments
        if row["vehicle_no"] is not None
    }
    known = {row["device_no"]: _device(row["device_no"], assigned.get(row["device_no"]), keys) for row in devices}
    return TenantDirectory(
        *owner,
        device_of={name: known[row["device_no"]] for row in devices for name in row["identifiers"]},
        port_device_of={name: known[row["device_no"]] for row in devices for name in row["on_ports"]},
        assignments=assigned,
    )


def _device(number: int, assigned: Assignments | None, keys: Mapping[int, VehicleKey]) -> Device:
    if assigned is None:
        return Device(number, NOBODY, 0, False, None, None)
    if len(assigned.from_us) > 1:
        return Device(number, NOBODY, 0, False, None, Moved(assigned, keys))
    vehicle_no, from_us = int(assigned.vehicle_no[0]), int(assigned.from_us[0])
    return Device(number, vehicle_no, from_us, bool(assigned.is_source[0]), keys.get(vehicle_no), None)


def _assignments(rows: list[dict[str, Any]]) -> Assignments:
    return Assignments(
        from_us=np.array([row["from_us"] for row in rows], dtype=np.int64),
        vehicle_no=np.array(
            [NOBODY if row["vehicle_no"] is None else row["vehicle_no"] for row in rows], dtype=np.int32
        ),
        is_source=np.array([row["is_source"] for row in rows], dtype=np.bool_),
    )
