"""What features push down to telemetry, in their own transaction: which device speaks for which vehicle since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from motorpool.kernel.time import to_us
from motorpool.runtime.db import Work

# One row a tenant: ingest compares the versions before each batch and reads what changed.
BUMP_VERSION = """
insert into telemetry_versions (version) values (1)
on conflict (tenant_no) do update set version = telemetry_versions.version + 1
"""

PUT_DEVICE = """
insert into telemetry_devices (device_no, identifiers, on_ports) values (%(device_no)s, %(identifiers)s, %(on_ports)s)
on conflict (tenant_no, device_no) do update set identifiers = excluded.identifiers, on_ports = excluded.on_ports
"""

FORGET_ASSIGNMENTS = "delete from telemetry_assignments where tenant_no = tenant_no() and device_no = %(device_no)s"

PUT_ASSIGNMENT = """
insert into telemetry_assignments (device_no, from_us, vehicle_no, vehicle_id, is_source)
values (%(device_no)s, %(from_us)s, %(vehicle_no)s, %(vehicle_id)s, %(is_source)s)
"""


@dataclass(frozen=True, slots=True)
class Assigned:
    """From `from_at` on a device speaks for a vehicle, or for none; `is_source`: its place moves the vehicle."""

    from_at: datetime
    vehicle_no: int | None
    vehicle_id: UUID | None
    is_source: bool


async def put_device(
    work: Work, device_no: int, identifiers: Sequence[str], on_ports: Sequence[str], assigned: Sequence[Assigned]
) -> None:
    """Tell telemetry all of a device: the names it uses, those it may use on the device ports, and its vehicles over time."""
    row = {"device_no": device_no, "identifiers": list(identifiers), "on_ports": list(on_ports)}
    await work.run(PUT_DEVICE, row)
    await work.run(FORGET_ASSIGNMENTS, {"device_no": device_no})
    await work.many(
        PUT_ASSIGNMENT,
        [
            {
                "device_no": device_no,
                "from_us": to_us(one.from_at),
                "vehicle_no": one.vehicle_no,
                "vehicle_id": one.vehicle_id,
                "is_source": one.is_source,
            }
            for one in assigned
        ],
    )
    await work.run(BUMP_VERSION)
