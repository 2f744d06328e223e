"""What a running process holds: its settings, key, database pools and workers. Opened once, passed on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from motorpool.kernel.errors import Unavailable
from motorpool.runtime.db import AWAY, SERVING_ROLES, Pool, conninfo, make_pool, refuse_bypass
from motorpool.runtime.pool import CpuPool
from motorpool.runtime.secrets import role_password
from motorpool.runtime.settings import Settings


class DatabaseAway(Unavailable):
    """The database does not let Motorpool's roles in; `motorpool migrate` sets their passwords."""


@dataclass(frozen=True, slots=True)
class Pools:
    """One pool of connections a role: what a query may do is decided by the role it runs as."""

    app: Pool
    ingest: Pool
    identity: Pool
    relay: Pool
    control: Pool

    def each(self) -> tuple[Pool, ...]:
        """All of them."""
        return (self.app, self.ingest, self.identity, self.relay, self.control)

    async def renew(self) -> None:
        """Replace the connections that are broken, at once instead of when somebody meets them."""
        await asyncio.gather(*(pool.check() for pool in self.each()))


@dataclass(frozen=True, slots=True)
class Instance:
    """A running Motorpool."""

    settings: Settings
    key: bytes
    pools: Pools
    cpu: CpuPool


@asynccontextmanager
async def open_instance(settings: Settings, key: bytes, database_url: str) -> AsyncIterator[Instance]:
    """Open the pools (raising RoleCouldBypass when a role could see past its tenant) and close all on leaving."""
    count = settings.database_connections
    sizes = {"app": count, "identity": count, "ingest": 3, "relay": 4, "control": 1}
    made = {
        role: make_pool(conninfo(database_url, role, role_password(key, role)), sizes[role]) for role in SERVING_ROLES
    }
    pools = Pools(**made)
    cpu = CpuPool()
    try:
        for pool in pools.each():
            await _open(pool)
        yield Instance(settings=settings, key=key, pools=pools, cpu=cpu)
    finally:
        cpu.close()
        await asyncio.gather(*(pool.close(timeout=2) for pool in pools.each()))


async def _open(pool: Pool) -> None:
    try:
        await pool.open(wait=True, timeout=30)
        await refuse_bypass(pool)
    except AWAY as error:
        raise DatabaseAway from error
