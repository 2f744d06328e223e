"""What others may ask of devices."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from motorpool.features.devices import commands
from motorpool.features.devices.model import IdentifierClaimed, is_name
from motorpool.features.devices.model import (
    IdentifierTaken as IdentifierTaken,  # somebody registered it at the same moment
)
from motorpool.runtime.db import Work

REGISTERS_UNKNOWN = "select registers_unknown_devices as wished from tenants_public where status = 'active'"

EXPORT_DEVICES = "select * from devices where tenant_id = tenant() order by id"

EXPORT_IDENTIFIERS = "select * from device_identifiers where tenant_id = tenant() order by value"

EXPORT_IDENTITIES = "select * from device_identities where tenant_id = tenant() order by value"

EXPORT_ASSIGNMENTS = "select * from device_assignments where tenant_id = tenant() order by device_id, from_at"


async def register_if_wished(work: Work, identifiers: Sequence[str], *, on_ports: bool) -> None:
    """Register unknown devices where their company wished that.

    What is no name is left out, and what speaks for another company on the device ports: neither may cost the others.
    """
    tenant = await work.one(REGISTERS_UNKNOWN)
    if tenant is None or not tenant["wished"]:
        return
    for identifier in sorted(filter(is_name, identifiers)):
        with suppress(IdentifierClaimed):
            await commands.register_unknown(work, identifier, on_ports=on_ports)


async def export_devices(work: Work) -> dict[str, list[dict[str, Any]]]:
    """Everything devices keeps of a tenant, by table."""
    return {
        "devices": await work.all(EXPORT_DEVICES),
        "device_identifiers": await work.all(EXPORT_IDENTIFIERS),
        "device_identities": await work.all(EXPORT_IDENTITIES),
        "device_assignments": await work.all(EXPORT_ASSIGNMENTS),
    }
