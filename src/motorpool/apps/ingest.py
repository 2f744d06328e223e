"""The ingest of a process: a shard, who may register devices, and where new places are told."""

from collections.abc import Sequence
from uuid import UUID

import psycopg

from motorpool.features.accounts.api import tenant_by_id, tenant_by_slug
from motorpool.features.devices.api import IdentifierTaken, register_if_wished
from motorpool.kernel.actor import Actor, system_actor
from motorpool.runtime.db import begin
from motorpool.runtime.instance import Instance
from motorpool.runtime.live import Live
from motorpool.telemetry.ingest import Ingest, Register
from motorpool.telemetry.publish import publish
from motorpool.telemetry.shard import Shard
from motorpool.telemetry.store import Store, Written
from motorpool.telemetry.warm import warm_up

AT_ONCE = 100


def make_ingest(instance: Instance, live: Live) -> Ingest:
    """The ingest of this process, not yet running."""
    warm_up()

    async def tell(shard: Shard, written: Written) -> None:
        await publish(live, shard, written.latest)

    store = Store(instance.pools.ingest)
    return Ingest(store, registrar(instance), tell, retention_days=instance.settings.retention_days)


def registrar(instance: Instance) -> Register:
    """Registers unknown devices for the company that sent them, or, from the device ports, for the one that adopts them."""

    async def register(tenant_id: UUID | None, identifiers: Sequence[str]) -> None:
        identity = instance.pools.identity
        slug = instance.settings.adopting_tenant or ("demo" if instance.settings.demo else "")
        owner = await tenant_by_id(identity, tenant_id) if tenant_id else await tenant_by_slug(identity, slug)
        if owner is None:
            return
        actor = system_actor(owner.id, owner.no)
        for start in range(0, len(identifiers), AT_ONCE):
            part = identifiers[start : start + AT_ONCE]
            try:
                await _register(instance, actor, part, on_ports=tenant_id is None)
            except (psycopg.errors.UniqueViolation, psycopg.errors.DeadlockDetected, IdentifierTaken):
                # Another batch registered one of them at the same moment: those are known now.
                await _register(instance, actor, part, on_ports=tenant_id is None)

    return register


async def _register(instance: Instance, actor: Actor, identifiers: Sequence[str], *, on_ports: bool) -> None:
    async with begin(instance.pools.app, actor) as work:
        await register_if_wished(work, identifiers, on_ports=on_ports)
