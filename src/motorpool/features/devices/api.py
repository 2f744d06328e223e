"""What others may ask of devices."""

from typing import Any

from motorpool.features.devices import commands
from motorpool.features.devices.model import IdentifierClaimed as IdentifierClaimed  # what registering may raise
from motorpool.runtime.db import Work

REGISTERS_UNKNOWN = "select registers_unknown_devices as wished from tenants_public where status = 'active'"


async def register_if_wished(work: Work, identifier: str, *, on_ports: bool) -> bool:
    """Register an unknown device where its company wished that; whether it did. Raises IdentifierClaimed."""
    tenant = await work.one(REGISTERS_UNKNOWN)
    if tenant is None or not tenant["wished"]:
        return False
    await commands.register_unknown(work, identifier, on_ports=on_ports)
    return True


async def export_devices(work: Work) -> dict[str, list[dict[str, Any]]]:
    """Everything devices keeps of a tenant, by table."""
    return {
        "devices": await work.all("select * from devices where tenant_id = tenant() order by id"),
        "device_identifiers": await work.all(
            "select * from device_identifiers where tenant_id = tenant() order by value"
        ),
        "device_assignments": await work.all(
            "select * from device_assignments where tenant_id = tenant() order by device_id, from_at"
        ),
    }
