"""The last known of each vehicle: the picture people see, and the state the stages go on from. Owns: latest."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from motorpool.runtime.db import Connection
from motorpool.telemetry import copying
from motorpool.telemetry.rows import e7
from motorpool.telemetry.shard import NO_TRIP, Shard, VehicleKey
from motorpool.telemetry.state import fresh, pack_all, take, unpack

COLUMNS = (
    "tenant_no, vehicle_no, vehicle_id, at, lat_e7, lon_e7, speed_mps, heading_deg, altitude_m, accuracy_m, ignition, "
    "fuel_percent, rpm, coolant_c, battery_v, odometer_m, motion, trip_id, trip_started_at, "
    "trip_distance_m, trip_drive_s, trip_idle_s, trip_stops, trip_max_speed_mps, heard_at, extra, state"
)

READ_LATEST = """
select l.tenant_no, d.tenant_id, l.vehicle_no, l.vehicle_id, l.trip_id, l.state
from latest l join (select distinct tenant_no, tenant_id from telemetry_devices) d on d.tenant_no = l.tenant_no
order by l.vehicle_no
"""

MAKE_INCOMING = "create temporary table if not exists incoming_latest (like latest) on commit delete rows"

COPY_INCOMING = f"copy incoming_latest ({COLUMNS}) from stdin (format binary)"

# What a batch did not say of the sensors stays as it was. An update costs a quarter less than `on conflict do update`, and a batch
# seldom has a vehicle that is not there yet.
UPDATE = """
update latest l set
  at = i.at, lat_e7 = i.lat_e7, lon_e7 = i.lon_e7, speed_mps = i.speed_mps, heading_deg = i.heading_deg, altitude_m = i.altitude_m,
  accuracy_m = i.accuracy_m, ignition = i.ignition, fuel_percent = i.fuel_percent, rpm = i.rpm, coolant_c = i.coolant_c,
  battery_v = i.battery_v, odometer_m = i.odometer_m, motion = i.motion, trip_id = i.trip_id, trip_started_at = i.trip_started_at,
  trip_distance_m = i.trip_distance_m, trip_drive_s = i.trip_drive_s, trip_idle_s = i.trip_idle_s, trip_stops = i.trip_stops,
  trip_max_speed_mps = i.trip_max_speed_mps, heard_at = i.heard_at, extra = coalesce(i.extra, l.extra), state = i.state
from incoming_latest i where l.tenant_no = i.tenant_no and l.vehicle_no = i.vehicle_no
"""

INSERT = f"insert into latest ({COLUMNS}) select {COLUMNS} from incoming_latest on conflict do nothing"


@dataclass(frozen=True, slots=True)
class Latest:
    """New records of vehicles, one row each: slots int32 (n,) ascending, records (n,) of `STATE`, the last `extra` said in the batch."""

    slots: NDArray[np.int32]
    records: NDArray[np.void]
    extra: list[bytes | None]


async def load(db: Connection) -> Shard:
    """Everything known of every vehicle, as it was committed last."""
    rows = await (await db.execute(READ_LATEST)).fetchall()
    shard = Shard(state=fresh(max(1024, 2 * len(rows))))
    for row in rows:
        slot = shard.slot_of(VehicleKey(row["tenant_no"], row["tenant_id"], row["vehicle_no"], row["vehicle_id"]))
        shard.begin_trip(slot, row["trip_id"])
        shard.state[slot] = unpack(bytes(row["state"]))[0]
    return shard


async def put(db: Connection, shard: Shard, latest: Latest, open_ids: dict[int, UUID | None]) -> None:
    """Write new records; vehicles that never had a usable place have nothing to show and are left out."""
    shown = latest.records["fix_at_us"] != 0
    if not shown.any():
        return
    slots, records = latest.slots[shown], take(latest.records, np.flatnonzero(shown))
    extra = [value for value, keep in zip(latest.extra, shown.tolist(), strict=True) if keep]
    fixed = _columns(slots, records, shard, open_ids)
    await db.execute(MAKE_INCOMING)
    async with db.cursor().copy(COPY_INCOMING.encode()) as copy:
        await copy.write(copying.pack(fixed, [copying.jsonb(extra), pack_all(records)]))
    updated = await db.execute(UPDATE)
    if updated.rowcount < len(slots):
        await db.execute(INSERT.encode())


def _columns(
    slots: NDArray[np.int32], records: NDArray[Any], shard: Shard, open_ids: dict[int, UUID | None]
) -> list[copying.Column]:
    trip_id = copying.uuid(_trip_ids(slots, shard, open_ids))
    assert trip_id.missing is not None  # noqa: S101 - uuid columns say what is missing
    started_us = np.where(trip_id.missing, copying.EPOCH_2000_US, records["trip_started_us"])
    said = ("speed_mps", "heading_deg", "altitude_m", "accuracy_m")
    sensed = ("fuel_percent", "rpm", "coolant_c", "battery_v")
    return [
        copying.int4(shard.column(slots, "tenant_no")),
        copying.int4(shard.column(slots, "vehicle_no")),
        copying.uuid(shard.column(slots, "vehicle_id")),
        copying.timestamptz(records["fix_at_us"]),
        e7(records["lat_deg"]),
        e7(records["lon_deg"]),
        *(copying.float4(records[name]) for name in said),
        copying.tristate(records["ignition"]),
        *(copying.float4(records[name]) for name in sensed),
        copying.float8(records["odometer_m"]),
        copying.int2(records["motion"]),
        trip_id,
        copying.timestamptz(started_us, trip_id.missing),
        *_open_trip(records, trip_id.missing),
        copying.timestamptz(records["last_any_at_us"]),
    ]


def _open_trip(records: NDArray[Any], missing: NDArray[np.bool_]) -> list[copying.Column]:
    """The figures of the open trip so far: distance, driving and idling time, stops, greatest speed."""
    driven_us = records["fix_at_us"] - records["trip_started_us"] - records["trip_standing_us"]
    figures = [
        copying.float8(records["trip_distance_m"]),
        copying.float8(driven_us / 1e6),
        copying.float8(records["trip_idle_us"] / 1e6),
        copying.int4(records["trip_stops"]),
        copying.float4(records["trip_max_speed_mps"]),
    ]
    return [copying.Column(one.values, missing) for one in figures]


def _trip_ids(slots: NDArray[np.int32], shard: Shard, open_ids: dict[int, UUID | None]) -> NDArray[np.void]:
    """The open trip of each of ascending slots, after the changes of this batch: `V16`, all zero for none."""
    trip_ids = shard.column(slots, "trip_id")
    places = np.searchsorted(slots, np.array(list(open_ids), dtype=np.int32)).tolist()
    for place, (slot, trip_id) in zip(places, open_ids.items(), strict=True):
        if place < len(slots) and slots[place] == slot:
            trip_ids[place] = NO_TRIP if trip_id is None else trip_id.bytes
    return trip_ids
