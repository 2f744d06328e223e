"""A fleet in memory behind the ports of realtime: what the database would say."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from motorpool.kernel.actor import Actor
from motorpool.kernel.errors import NotFound
from motorpool.runtime.realtime.ports import Snapshot, StoredEvent
from tests.support.places import Row, of_rows

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
READ = "vehicles.read"


def vehicle_id(number: int) -> str:
    return str(UUID(int=number))


def fleet_id(number: int) -> str:
    return str(UUID(int=10_000 + number))


@dataclass
class Tenant:
    """One company: vehicles by number (each `{id, no, …}`), last places, events, and who sees what."""

    no: int
    vehicles: dict[int, dict[str, Any]] = field(default_factory=dict)
    places: dict[int, Row] = field(default_factory=dict)
    events: list[StoredEvent] = field(default_factory=list)
    viewers: dict[UUID, set[int]] = field(default_factory=dict)

    @property
    def id(self) -> UUID:
        return UUID(int=500_000 + self.no)

    @property
    def channel(self) -> str:
        return f"tenant:{self.id}"

    def add(self, number: int, fleet: int = 1) -> None:
        """A vehicle in a fleet."""
        told = {"no": number, "name": f"Bus {number}", "plate": None, "kind": "bus", "status": "active"}
        self.vehicles[number] = {"id": vehicle_id(number), **told, "fleet_id": fleet_id(fleet), "trip": None}

    def actor(self, scope: str = "all", id: UUID | None = None, permissions: frozenset[str] | None = None) -> Actor:
        """Somebody of this tenant."""
        allowed = frozenset({READ}) if permissions is None else permissions
        return Actor(self.id, self.no, id or UUID(int=77), permissions=allowed, scope=scope)


class Truth:
    """`Source` over tenants in memory. `gate` holds snapshots back; `ended` are actors who signed out."""

    def __init__(self, *tenants: Tenant) -> None:
        self.tenants = {tenant.id: tenant for tenant in tenants}
        self.position = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.asked: list[str] = []
        self.ended: set[UUID] = set()
        self.permissions: dict[UUID, frozenset[str]] = {}
        self.is_broken = False

    def record(
        self,
        tenant: Tenant,
        name: str,
        audience: str | None = READ,
        number: int | None = None,
        /,
        **data: Any,
    ) -> StoredEvent:
        """Something happens: it is stored and numbered."""
        self.position += 1
        vehicle = None if number is None else UUID(int=number)
        about = {} if number is None else {"vehicle_id": vehicle_id(number)}
        stored = StoredEvent(self.position, tenant.id, name, MOMENT, {**about, **data}, audience, vehicle)
        tenant.events.append(stored)
        return stored

    async def snapshot(self, actor: Actor, channel: str) -> Snapshot:
        self.asked.append(channel)
        if self.is_broken:
            raise ConnectionError
        tenant = self.tenants[actor.tenant_id]
        visible = self._visible(tenant, actor, channel)
        vehicles = [tenant.vehicles[number] for number in sorted(visible)]
        places = of_rows([tenant.places[number] for number in sorted(visible) if number in tenant.places])
        read = Snapshot(self.position, vehicles, places, sorted(visible))
        await self.gate.wait()
        return read

    def _visible(self, tenant: Tenant, actor: Actor, channel: str) -> set[int]:
        allowed = set(tenant.vehicles)
        if actor.scope != "all":
            allowed &= tenant.viewers.get(actor.id, set())
        kind, _, id = channel.partition(":")
        if kind == "tenant":
            return allowed
        wanted = "fleet_id" if kind == "fleet" else "id"
        found = {number for number in allowed if tenant.vehicles[number][wanted] == id}
        if not found:
            raise NotFound
        return found

    async def events_after(self, actor: Actor, cursor: int, limit: int) -> Sequence[StoredEvent]:
        events = self.tenants[actor.tenant_id].events
        return [stored for stored in events if stored.position > cursor][:limit]

    async def current(self, actor: Actor) -> Actor | None:
        if actor.id in self.ended:
            return None
        return replace(actor, permissions=self.permissions.get(actor.id, actor.permissions))
