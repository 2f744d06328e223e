"""The demo fleet made known: fleets, vehicles, trackers and who carries which, by the public API and only where missing."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from motorpool.demo.drive import Known, Row
from motorpool.demo.roster import Entry
from motorpool.kernel.time import from_us, to_us

AT_ONCE = 6
"""Requests in flight while registering."""


class Api(Protocol):
    """What the demo needs of a client of Motorpool's API (`apps.client.Client` is one)."""

    async def items(self, path: str) -> list[dict[str, Any]]:
        """All items of a list."""

    async def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Create something; the answer is what was created."""

    async def send(self, rows: Sequence[Row]) -> object:
        """Send positions; returns after they were committed."""


@dataclass(slots=True)
class Register:
    """What the server already has, by name, VIN and identifier, and what is added to it."""

    api: Api
    fleets: dict[str, str] = field(default_factory=dict)
    vehicles: dict[str, dict[str, Any]] = field(default_factory=dict)
    devices: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_id: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def load(self) -> None:
        """Ask for all fleets, vehicles and devices."""
        fleets, vehicles, devices = await asyncio.gather(
            self.api.items("/fleets"), self.api.items("/vehicles"), self.api.items("/devices")
        )
        self.fleets = {fleet["name"]: fleet["id"] for fleet in fleets}
        self.vehicles = {vehicle["vin"]: vehicle for vehicle in vehicles if vehicle["vin"]}
        self.by_id = {vehicle["id"]: vehicle for vehicle in vehicles}
        self.devices = {one["value"]: device for device in devices for one in device["identifiers"]}

    async def enrol(self, entries: Sequence[Entry], since_us: int) -> None:
        """Add what is missing of some vehicles; trackers speak for them from a time on (µs since 1970)."""
        for name in dict.fromkeys(entry.fleet for entry in entries):
            if name not in self.fleets:
                self.fleets[name] = (await self.api.post("/fleets", {"name": name}))["id"]
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(entry: Entry) -> None:
            async with gate:
                await self._enrol(entry, from_us(since_us))

        await asyncio.gather(*(one(entry) for entry in entries))

    def known(self, entry: Entry) -> Known | None:
        """What the server last heard of a vehicle, if anything."""
        device = self.devices.get(entry.device)
        vehicle = self.by_id.get(device["vehicle_id"]) if device else None
        latest = vehicle["latest"] if vehicle else None
        if not latest:
            return None
        return Known(to_us(datetime.fromisoformat(latest["at"])), latest["odometer_m"] or None)

    async def _enrol(self, entry: Entry, from_at: datetime) -> None:
        device = self.devices.get(entry.device)
        if device is None:
            tracker = {"name": f"Tracker {entry.name}", "model": "FMC130", "identifiers": [entry.device]}
            device = self.devices[entry.device] = await self.api.post("/devices", tracker)
        if device["vehicle_id"] is not None:
            return
        vehicle = self.vehicles.get(entry.vin) or await self.api.post("/vehicles", self._vehicle(entry))
        body = {"vehicle_id": vehicle["id"], "from": from_at.isoformat(), "source": True}
        await self.api.post(f"/devices/{device['id']}/assignments", body)
        device["vehicle_id"] = vehicle["id"]

    def _vehicle(self, entry: Entry) -> dict[str, Any]:
        return {
            "name": entry.name,
            "vin": entry.vin,
            "plate": entry.plate,
            "make": entry.make,
            "model": entry.model,
            "year": entry.year,
            "kind": entry.kind.name,
            "fuel_type": "diesel",
            "fleet_id": self.fleets[entry.fleet],
        }
