"""What a batch moved, to whoever watches: one message a tenant."""

import numpy as np
from numpy.typing import NDArray

from motorpool.runtime.live import Live
from motorpool.runtime.realtime.positions import Positions, Tick, tick_channel
from motorpool.telemetry.latest import Latest
from motorpool.telemetry.shard import Shard


async def publish(live: Live, shard: Shard, latest: Latest) -> None:
    """Tell the new places of vehicles that have one, after their commit."""
    shown = latest.records["fix_at_us"] != 0
    if not shown.any():
        return
    slots, records = latest.slots[shown], latest.records[shown]
    positions = positions_of(shard.column(slots, "vehicle_no"), records)
    tenants = shard.column(slots, "tenant_no")
    for tenant_no in np.unique(tenants).tolist():
        await live.publish(tick_channel(tenant_no), Tick(tenant_no, positions.take(tenants == tenant_no)).pack())


def positions_of(vehicle_no: NDArray[np.int32], records: NDArray[np.void]) -> Positions:
    """State records as they travel to browsers."""
    return Positions.from_si(
        at_us=records["fix_at_us"],
        vehicle_no=vehicle_no,
        lat_deg=records["lat_deg"],
        lon_deg=records["lon_deg"],
        speed_mps=records["speed_mps"],
        heading_deg=records["heading_deg"],
        motion=records["motion"],
    )
