"""Who is who: identifier → device → vehicle over time, as columns. Immutable; an edit makes a new one for its tenant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

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


@dataclass(frozen=True, slots=True)
class TenantDirectory:
    """One tenant's devices and vehicles."""

    tenant_no: int
    tenant_id: UUID
    device_of: Mapping[str, int]
    port_device_of: Mapping[str, int]
    assignments: Mapping[int, Assignments]
    vehicle_ids: Mapping[int, UUID]


@dataclass(frozen=True, slots=True)
class Directory:
    """All tenants; `ports` tells whose an identifier is on the device ports."""

    tenants: Mapping[UUID, TenantDirectory] = field(default_factory=dict)
    ports: Mapping[str, UUID] = field(default_factory=dict)
    versions: Mapping[int, int] = field(default_factory=dict)

    def with_tenants(self, changed: Iterable[TenantDirectory], versions: Mapping[int, int]) -> "Directory":
        """A new directory in which some tenants are replaced."""
        new = {one.tenant_id: one for one in changed}
        ports = {name: owner for name, owner in self.ports.items() if owner not in new}
        for one in new.values():
            ports.update(dict.fromkeys(one.port_device_of, one.tenant_id))
        return Directory({**self.tenants, **new}, ports, dict(versions))

    def tenant_no_of(self, tenant_id: UUID) -> int | None:
        """The number of a tenant that has devices."""
        found = self.tenants.get(tenant_id)
        return found.tenant_no if found else None


def tenant_directory(devices: list[dict[str, Any]], assignments: list[dict[str, Any]]) -> TenantDirectory:
    """A tenant's directory of its rows; at least one device."""
    by_device: dict[int, list[dict[str, Any]]] = {}
    for row in assignments:
        by_device.setdefault(row["device_no"], []).append(row)
    return TenantDirectory(
        tenant_no=devices[0]["tenant_no"],
        tenant_id=devices[0]["tenant_id"],
        device_of={name: row["device_no"] for row in devices for name in row["identifiers"]},
        port_device_of={name: row["device_no"] for row in devices for name in row["on_ports"]},
        assignments={device_no: _assignments(rows) for device_no, rows in by_device.items()},
        vehicle_ids={row["vehicle_no"]: row["vehicle_id"] for row in assignments if row["vehicle_no"] is not None},
    )


def _assignments(rows: list[dict[str, Any]]) -> Assignments:
    return Assignments(
        from_us=np.array([row["from_us"] for row in rows], dtype=np.int64),
        vehicle_no=np.array(
            [NOBODY if row["vehicle_no"] is None else row["vehicle_no"] for row in rows], dtype=np.int32
        ),
        is_source=np.array([row["is_source"] for row in rows], dtype=np.bool_),
    )
