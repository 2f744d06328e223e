"""What one ingest process knows in memory of its vehicles: their numbers, their state, their open trip."""

from dataclasses import dataclass, field
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


@dataclass(slots=True)
class Shard:
    """Vehicles by slot. `state` is (capacity,) of `STATE`; rows beyond `len(keys)` are fresh."""

    keys: list[VehicleKey] = field(default_factory=list)
    trip_ids: list[UUID | None] = field(default_factory=list)
    state: NDArray[np.void] = field(default_factory=lambda: states.fresh(1024))
    slots: dict[int, int] = field(default_factory=dict)

    def slot_of(self, key: VehicleKey) -> int:
        """The slot of a vehicle; a vehicle not seen before gets the next one, with a fresh state."""
        found = self.slots.get(key.vehicle_no)
        if found is not None:
            return found
        slot = len(self.keys)
        self.keys.append(key)
        self.trip_ids.append(None)
        self.slots[key.vehicle_no] = slot
        if slot >= len(self.state):
            self.state = np.concatenate([self.state, states.fresh(len(self.state))])
        return slot

    def put(self, slots: NDArray[np.int32], records: NDArray[np.void]) -> None:
        """Take over new records after they were committed."""
        states.put(self.state, slots, records)

    def column(self, slots: NDArray[np.int32], name: str) -> NDArray[np.int32]:
        """`tenant_no` or `vehicle_no` of slots, int32 (n,)."""
        distinct, back = np.unique(slots, return_inverse=True)
        values = np.array([getattr(self.keys[slot], name) for slot in distinct.tolist()], dtype=np.int32)
        return values[back]
