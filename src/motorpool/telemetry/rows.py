"""Positions between columns and the table: COPY in, COPY out. Owns: positions.

A row is what the device said and nothing derived. Latitude and longitude are stored as integers of 1e-7 degrees (about a centimetre),
so what is folded later is exactly what was folded live.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motorpool.kernel.time import DAY_US, from_us
from motorpool.runtime.db import Connection
from motorpool.telemetry import copying
from motorpool.telemetry.batch import Batch, Fixes
from motorpool.telemetry.directory import Directory

COLUMNS = (
    "tenant_no, vehicle_no, at, content, device_no, lat_e7, lon_e7, speed_mps, heading_deg, altitude_m, accuracy_m, "
    "odometer_m, ignition, fuel_percent, rpm, coolant_c, battery_v, extra"
)

MAKE_INCOMING = """
create temporary table if not exists incoming (row integer, like positions) on commit delete rows
"""

COPY_INCOMING = f"copy incoming (row, {COLUMNS}) from stdin (format binary)"

# Store what is not stored yet; the rows that were new.
STORE_INCOMING = f"""
with new as (
  insert into positions ({COLUMNS}) select {COLUMNS} from incoming order by row
  on conflict do nothing returning tenant_no, vehicle_no, at, content
)
select i.row from incoming i join new n using (tenant_no, vehicle_no, at, content)
"""

# All fixed width and never null, so that the answer is one structured array.
COPY_OUT = """
copy (
  select at, content, device_no, lat_e7, lon_e7, coalesce(speed_mps, 'NaN') as speed_mps,
    coalesce(heading_deg, 'NaN') as heading_deg, coalesce(altitude_m, 'NaN') as altitude_m,
    coalesce(accuracy_m, 'NaN') as accuracy_m, coalesce(odometer_m, 'NaN') as odometer_m,
    coalesce(ignition::int, -1)::int2 as ignition, coalesce(fuel_percent, 'NaN') as fuel_percent,
    coalesce(rpm, 'NaN') as rpm, coalesce(coolant_c, 'NaN') as coolant_c, coalesce(battery_v, 'NaN') as battery_v
  from positions where tenant_no = {tenant_no} and vehicle_no = {vehicle_no} and at > '{after}'
) to stdout (format binary)
"""

OUT = (
    ("at", ">i8"), ("content", ">i8"), ("device_no", ">i4"), ("lat_e7", ">i4"), ("lon_e7", ">i4"), ("speed_mps", ">f4"),
    ("heading_deg", ">f4"), ("altitude_m", ">f4"), ("accuracy_m", ">f4"), ("odometer_m", ">f8"), ("ignition", ">i2"),
    ("fuel_percent", ">f4"), ("rpm", ">f4"), ("coolant_c", ">f4"), ("battery_v", ">f4"),
)  # fmt: skip
OUT_DTYPE = np.dtype(
    [("count", ">i2"), *(pair for name, kind in OUT for pair in ((f"{name}_length", ">i4"), (name, kind)))]
)


def quantized(fixes: Fixes) -> Fixes:
    """The fixes as they are stored: places rounded to 1e-7 degrees."""
    columns = {name: getattr(fixes, name) for name in Fixes.__dataclass_fields__}
    return Fixes(**{**columns, "lat_deg": _rounded(fixes.lat_deg), "lon_deg": _rounded(fixes.lon_deg)})


def _rounded(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.rint(degrees * 1e7) / 1e7


def e7(degrees: NDArray[np.float64]) -> copying.Column:
    """Degrees as a column of integers of 1e-7 degrees."""
    return copying.int4(np.rint(degrees * 1e7))


def _packed(batch: Batch, tenant_no: NDArray[Any], vehicle_no: NDArray[Any], row: NDArray[Any] | None) -> bytes:
    fixes = batch.fixes
    fixed = [
        *([] if row is None else [copying.int4(row)]),
        copying.int4(tenant_no),
        copying.int4(vehicle_no),
        copying.timestamptz(fixes.at_us),
        copying.int8(batch.content),
        copying.int4(batch.device_no),
        e7(fixes.lat_deg),
        e7(fixes.lon_deg),
        *(copying.float4(getattr(fixes, name)) for name in ("speed_mps", "heading_deg", "altitude_m", "accuracy_m")),
        copying.float8(fixes.odometer_m),
        copying.tristate(fixes.ignition),
        *(copying.float4(getattr(fixes, name)) for name in ("fuel_percent", "rpm", "coolant_c", "battery_v")),
    ]
    return copying.pack(fixed, [copying.jsonb(fixes.extra.tolist())])


async def copy_live(db: Connection, batch: Batch, tenant_no: NDArray[Any], vehicle_no: NDArray[Any]) -> None:
    """Store rows that are new by construction, straight into the partitions of their days.

    Raises psycopg's UniqueViolation when one is not new after all.
    """
    days = batch.fixes.at_us // DAY_US
    for day in np.unique(days).tolist():
        rows = np.flatnonzero(days == day)
        packed = _packed(batch.take(rows), tenant_no[rows], vehicle_no[rows], None)
        async with db.cursor().copy(f"copy {partition(day)} ({COLUMNS}) from stdin (format binary)".encode()) as copy:
            await copy.write(packed)


async def insert_others(
    db: Connection, batch: Batch, tenant_no: NDArray[Any], vehicle_no: NDArray[Any]
) -> NDArray[np.bool_]:
    """Store rows that may be stored already; which were new, bool (n,)."""
    fresh = np.zeros(len(batch), dtype=np.bool_)
    if not len(batch):
        return fresh
    await db.execute(MAKE_INCOMING)
    async with db.cursor().copy(COPY_INCOMING.encode()) as copy:
        await copy.write(_packed(batch, tenant_no, vehicle_no, np.arange(len(batch))))
    new = await (await db.execute(STORE_INCOMING.encode())).fetchall()
    fresh[[row["row"] for row in new]] = True
    return fresh


async def rows_after(db: Connection, tenant_no: int, vehicle_no: int, after_us: int, directory: Directory) -> Batch:
    """Every stored row of a vehicle newer than a time, as a batch of slot 0, without `extra` (no stage looks at it)."""
    query = COPY_OUT.format(tenant_no=int(tenant_no), vehicle_no=int(vehicle_no), after=from_us(after_us).isoformat())
    parts: list[bytes] = []
    async with db.cursor().copy(query.encode()) as copy:
        async for part in copy:
            parts.append(bytes(part))
    raw = b"".join(parts)[len(copying.HEADER) : -len(copying.TRAILER)]
    table = np.frombuffer(raw, dtype=OUT_DTYPE)
    at_us = table["at"].astype(np.int64) + copying.EPOCH_2000_US
    said = {name: table[name].astype(np.dtype(kind).newbyteorder("=")) for name, kind in OUT[5:]}
    fixes = Fixes.of(
        at_us=at_us,
        lat_deg=table["lat_e7"].astype(np.int64) / 1e7,
        lon_deg=table["lon_e7"].astype(np.int64) / 1e7,
        **{**said, "ignition": said["ignition"].astype(np.int8)},
    )
    device_no = table["device_no"].astype(np.int32)
    return Batch(
        fixes=fixes,
        slot=np.zeros(len(table), dtype=np.int32),
        device_no=device_no,
        is_source=sources(directory, tenant_no, device_no, at_us),
        content=table["content"].astype(np.int64),
    )


def sources(
    directory: Directory, tenant_no: int, device_no: NDArray[np.int32], at_us: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether each row's device was the vehicle's source of position at the time, bool (n,)."""
    found = np.ones(len(at_us), dtype=np.bool_)
    tenant = next((one for one in directory.tenants.values() if one.tenant_no == tenant_no), None)
    for number in np.unique(device_no).tolist():
        assigned = tenant.assignments.get(number) if tenant else None
        if assigned is not None:
            rows = device_no == number
            found[rows] = assigned.at(at_us[rows])[1]
    return found


def partition(day: int) -> str:
    """Name of the partition of a day, counted from 1970-01-01."""
    return f"positions_{from_us(day * DAY_US):%Y%m%d}"


def days_of(at_us: NDArray[np.int64]) -> Sequence[int]:
    """The days of times, counted from 1970-01-01, each once."""
    return [int(day) for day in np.unique(at_us // DAY_US)]
