"""What one ingest process knows in memory of its vehicles: their numbers, their state, their open trip."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from motorpool.telemetry import state as states


@dataclass(frozen=True, slots=True)
class VehicleKey:
    """Who a slot is: a vehicle's number and id, and its tenant's."""

    tenant_no: int
    tenant_id: UUID
    vehicle_no: int
    vehicle_id: UUID


NO_TRIP = b"\0" * 16

WHO = np.dtype([("tenant_no", np.int32), ("vehicle_no", np.int32), ("vehicle_id", "V16"), ("trip_id", "V16")])
"""What columns of a vehicle's rows need of its key, and its open trip (all zero: none)."""


@dataclass(slots=True)
class Shard:
    """Vehicles by slot. `state` is (capacity,) of `STATE`; rows beyond `len(keys)` are fresh."""

    keys: list[VehicleKey] = field(default_factory=list)
    trip_ids: list[UUID | None] = field(default_factory=list)
    state: NDArray[np.void] = field(default_factory=lambda: states.fresh(1024))
    who: NDArray[np.void] = field(default_factory=lambda: np.zeros(1024, dtype=WHO))
    slots: dict[int, int] = field(default_factory=dict)

    def slot_of(self, key: VehicleKey) -> int:
        """The slot of a vehicle; a vehicle not seen before gets the next one, with a fresh state."""
        found = self.slots.get(key.vehicle_no)
        if found is not None:
            return found
        slot = len(self.keys)
        self.keys.append(key)
        self.trip_ids.append(None)
        if slot >= len(self.who):
            self.who = np.concatenate([self.who, np.zeros(len(self.who), dtype=WHO)])
        self.who[slot] = (key.tenant_no, key.vehicle_no, key.vehicle_id.bytes, NO_TRIP)
        self.slots[key.vehicle_no] = slot
        if slot >= len(self.state):
            self.state = np.concatenate([self.state, states.fresh(len(self.state))])
        return slot

    def put(self, slots: NDArray[np.int32], records: NDArray[np.void]) -> None:
        """Take over new records after they were committed."""
        states.put(self.state, slots, records)

    def begin_trip(self, slot: int, trip_id: UUID | None) -> None:
        """Note the open trip of a vehicle; None: it has none."""
        self.trip_ids[slot] = trip_id
        self.who["trip_id"][slot] = NO_TRIP if trip_id is None else trip_id.bytes

    def column(self, slots: NDArray[np.int32], name: str) -> NDArray[Any]:
        """A field of `WHO` of slots, (n,)."""
        return self.who[name][slots]
