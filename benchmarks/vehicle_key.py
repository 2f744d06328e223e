"""Positions keyed by two UUIDs against two integers, for docs/adr/0004: rows a second by COPY, bytes a row, one vehicle's day.

Two tables, alike but for the key, get the same 1 000 vehicles' rows in commits of 5 000, in turns; UUIDs are version 7, as ids are.

    python -m benchmarks.vehicle_key [rows]
"""

import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
import psycopg

from benchmarks.table import print_table
from motorpool.kernel.ids import new_id
from motorpool.telemetry import copying
from tests.support.database import running

VEHICLES, ROWS = 1_000, 5_000
START_US = 1_790_000_000_000_000
KEYS = {"two UUIDs": "uuid", "two integers": "integer"}
REST = """
at timestamptz not null, content bigint not null, device_no integer not null, lat_e7 integer not null, lon_e7 integer not null,
speed_mps real, heading_deg real, altitude_m real, ignition boolean
"""


class Side:
    """One table."""

    def __init__(self, db: psycopg.Connection, kind: str) -> None:
        self.db, self.kind, self.table = db, kind, f"positions_{kind}"
        self.tenant, self.vehicles = new_id().bytes, [new_id().bytes for _ in range(VEHICLES)]
        self.seconds: list[float] = []
        db.execute(f"create table {self.table} (tenant {kind} not null, vehicle {kind} not null, {REST})")
        db.execute(f"alter table {self.table} add primary key (tenant, vehicle, at, content)")

    def key(self, vehicle: np.ndarray) -> list[copying.Column]:
        """Tenant and vehicle of rows."""
        if self.kind == "integer":
            return [copying.int4(np.full(len(vehicle), 7)), copying.int4(vehicle)]
        ids = np.frombuffer(b"".join(self.vehicles), dtype="V16")[vehicle]
        return [copying.uuid(np.frombuffer(self.tenant * len(vehicle), dtype="V16")), copying.uuid(ids)]

    def copy(self, batch: int) -> None:
        """One commit of 5 000 rows: every vehicle's next five."""
        vehicle = np.repeat(np.arange(VEHICLES), ROWS // VEHICLES)
        tick = batch * (ROWS // VEHICLES) + np.tile(np.arange(ROWS // VEHICLES), VEHICLES)
        numbers = np.random.default_rng(batch).integers(0, 2**31 - 1, (3, ROWS))
        fixed = [
            *self.key(vehicle),
            copying.timestamptz(START_US + tick * 10_000_000 + vehicle),
            copying.int8(numbers[0] * 4_294_967_296 + numbers[1]),
            copying.int4(vehicle),
            copying.int4(400_000_000 + numbers[0] // 16),
            copying.int4(-numbers[1] // 4),
            copying.float4(numbers[2] / 1e8),
            copying.float4(numbers[2] / 1e7),
            copying.float4(numbers[2] / 1e7),
            copying.tristate(numbers[2] % 2),
        ]
        packed = copying.pack(fixed)
        began = time.perf_counter()
        with self.db.cursor().copy(f"copy {self.table} from stdin (format binary)") as copy:
            copy.write(packed)
        self.seconds.append(time.perf_counter() - began)

    def bytes_a_row(self, count: int, kind: str) -> float:
        """Bytes of the heap (`table`) or of the key's index (`indexes`)."""
        found = self.db.execute(f"select pg_{kind}_size('{self.table}')").fetchone()
        assert found
        return float(found[0]) / count

    def day(self, vehicle: int) -> tuple[float, list[tuple[object, ...]]]:
        """Milliseconds to read a vehicle's day, and what was read."""
        key = ("7", str(vehicle)) if self.kind == "integer" else (self.tenant.hex(), self.vehicles[vehicle].hex())
        query = f"""select at, content, lat_e7, lon_e7, speed_mps from {self.table}
        where tenant = '{key[0]}' and vehicle = '{key[1]}' and at >= to_timestamp(%s) and at < to_timestamp(%s) order by at, content"""
        began = time.perf_counter()
        rows = self.db.execute(query, (START_US // 1_000_000, START_US // 1_000_000 + 86_400)).fetchall()
        return (time.perf_counter() - began) * 1e3, rows


def days(sides: dict[str, Side]) -> dict[str, float]:
    """Median milliseconds of one vehicle's day, both sides in turns, the same rows asserted."""
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for vehicle in range(0, VEHICLES, VEHICLES // 50):
        read = {name: side.day(vehicle) for name, side in sides.items()}
        found = [rows for _, rows in read.values()]
        assert found[0] == found[1]
        assert found[0]
        for name, (milliseconds, _) in read.items():
            taken[name].append(milliseconds)
    return {name: median(values) for name, values in taken.items()}


def measure(db: psycopg.Connection, count: int) -> list[tuple[str | float, ...]]:
    """Fill both tables in turns, read from both; the lines of the table."""
    sides = {name: Side(db, kind) for name, kind in KEYS.items()}
    for batch in range(count // ROWS):
        for side in sides.values():
            side.copy(batch)
    db.execute("vacuum analyze")
    read = days(sides)
    lines: list[tuple[str | float, ...]] = []
    for name, side in sides.items():
        heap, index = side.bytes_a_row(count, "table"), side.bytes_a_row(count, "indexes")
        lines.append((name, ROWS / median(side.seconds), heap, index, heap + index, read[name]))
    return lines


def main() -> None:
    """Measure and print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500_000
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder, "database")) as server,
        psycopg.connect(server.superuser_dsn, autocommit=True) as db,
    ):
        lines = measure(db, count)
    head = ("key", "rows/s by COPY", "heap bytes a row", "index bytes a row", "together", "a vehicle's day [ms]")
    print(f"{count:,} rows of {VEHICLES:,} vehicles".replace(",", " "))
    print_table(head, lines)


if __name__ == "__main__":
    main()
