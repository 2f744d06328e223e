"""Ingest: batches of 5 000 rows committed, evaluated and acknowledged, against a plain binary COPY of the same rows.

Both sides write into the same partition of the same table with the same durability; ours has to read the batch, find devices and
vehicles, run the stages, and keep `latest`, trips and events besides. Sides take turns; what they stored is compared first.

    python -m benchmarks.ingest [batches a turn] [turns]
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from statistics import median

import httpx2
import msgspec
import numpy as np
import psycopg
import uvloop

from benchmarks.fleet import FIRST_NO, Fleet, database_with, names, start_of_yesterday_us
from benchmarks.table import print_table
from motorpool.kernel.time import from_us
from motorpool.runtime.db import conninfo
from motorpool.runtime.secrets import role_password
from motorpool.telemetry import rows
from motorpool.telemetry.batch import Batch, Fixes
from motorpool.telemetry.content import content_hash
from motorpool.telemetry.inbox import Submission
from motorpool.telemetry.rows import COLUMNS, partition, quantized
from motorpool.telemetry.stages import sanitize
from tests.support.instances import Motorpool, running, settings_for

ROWS = 5_000
IN_FLIGHT = 3
PLAIN_TENANT = 2_000_000

WHAT_IS_STORED = """
select count(*), coalesce(sum(hashtextextended(
  row(vehicle_no, at, content, device_no, lat_e7, lon_e7, speed_mps, heading_deg, altitude_m, ignition, extra)::text, 0)), 0)
from positions where tenant_no = %(tenant_no)s
"""

Take = Callable[[Fixes], Awaitable[int]]


@dataclass(slots=True)
class Case:
    """One line of the table: how many vehicles share a batch, by which way it comes, and the ratio that is the goal."""

    name: str
    vehicles: int
    by_http: bool
    goal: float
    ours: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)


CASES = (
    Case("inbox, 1 record a vehicle", 5_000, False, 0.4),
    Case("inbox, 25 records a vehicle", 200, False, 0.7),
    Case("API (JSON), 1 record a vehicle", 5_000, True, 0.4),
    Case("API (JSON), 25 records a vehicle", 200, True, 0.7),
)


def json_of(fixes: Fixes, identifiers: tuple[str, ...], device: np.ndarray) -> bytes:
    """A batch as a program sends it."""
    said = zip(
        device.tolist(),
        fixes.at_us.tolist(),
        *(getattr(fixes, name).tolist() for name in ("lat_deg", "lon_deg", "speed_mps", "heading_deg", "altitude_m")),
        (fixes.ignition == 1).tolist(),
        strict=True,
    )
    fields = ("lat", "lon", "speed_mps", "heading_deg", "altitude_m", "ignition")
    positions = [
        {"device": identifiers[who], "at": from_us(at), **dict(zip(fields, one, strict=True))} for who, at, *one in said
    ]
    return msgspec.json.encode({"positions": positions})


class Ours:
    """Motorpool, several batches under way at once as from several senders."""

    def __init__(self, motorpool: Motorpool, client: httpx2.AsyncClient) -> None:
        self._inbox, self._client = motorpool.process.inbox, client

    async def run(self, case: Case, batches: list[Fixes]) -> float:
        """Rows a second, from handing in the first batch to the last answer."""
        identifiers = names(case.vehicles)
        device = np.repeat(np.arange(case.vehicles, dtype=np.int32), ROWS // case.vehicles)
        bodies = [json_of(one, identifiers, device) if case.by_http else b"" for one in batches]
        free = asyncio.Semaphore(IN_FLIGHT)

        async def hand_in(fixes: Fixes, body: bytes) -> int:
            try:
                if case.by_http:
                    return await self._post(body)
                return (await self._inbox.submit(Submission(identifiers, device, fixes))).accepted
            finally:
                free.release()

        began = time.perf_counter()
        tasks = []
        for fixes, body in zip(batches, bodies, strict=True):
            await free.acquire()
            tasks.append(asyncio.create_task(hand_in(fixes, body)))
        accepted = sum(await asyncio.gather(*tasks))
        taken = time.perf_counter() - began
        assert accepted == ROWS * len(batches), accepted
        return accepted / taken

    async def _post(self, body: bytes) -> int:
        answer = await self._client.post("/telemetry", content=body, headers={"content-type": "application/json"})
        assert answer.status_code == 200, answer.text
        return int(answer.json()["accepted"])


class Plain:
    """The floor: the rows of a batch, packed beforehand, by one COPY and one commit into the partition, as the same role."""

    def __init__(self, motorpool: Motorpool) -> None:
        instance = motorpool.instance
        dsn = conninfo(motorpool.url, "ingest", role_password(instance.key, "ingest"))
        self._db = psycopg.connect(dsn, autocommit=True)

    def run(self, case: Case, batches: list[Fixes], day: int) -> float:
        """Rows a second."""
        statement = f"copy {partition(day)} ({COLUMNS}) from stdin (format binary)".encode()
        packed = [packed_rows(case, fixes) for fixes in batches]
        began = time.perf_counter()
        for one in packed:
            with self._db.cursor().copy(statement) as copy:
                copy.write(one)
        return ROWS * len(batches) / (time.perf_counter() - began)


def packed_rows(case: Case, fixes: Fixes) -> bytes:
    """What Motorpool stores of a batch, for the tenant of the plain side."""
    device = np.repeat(np.arange(case.vehicles, dtype=np.int32) + FIRST_NO, ROWS // case.vehicles)
    kept = quantized(sanitize.canonical(fixes))
    batch = Batch(kept, device, device, np.ones(ROWS, np.bool_), content_hash(device, kept))
    return rows._packed(batch, np.full(ROWS, PLAIN_TENANT), device, None)


class Course:
    """All cases on one Motorpool, each on a day of its own so that neither meets the other's rows."""

    def __init__(self, motorpool: Motorpool, client: httpx2.AsyncClient, batches: int) -> None:
        self.ours, self.plain, self.batches = Ours(motorpool, client), Plain(motorpool), batches
        self.motorpool = motorpool

    async def run(self, case: Case, day_us: int, turns: int) -> None:
        """Warm up, then take turns."""
        fleet = Fleet(case.vehicles, day_us, sensors=not case.by_http)
        each = ROWS // case.vehicles
        for turn in range(turns + 1):
            batches = [fleet.say(each) for _ in range(self.batches)]
            ours = await self.ours.run(case, batches)
            plain = self.plain.run(case, batches, day_us // 86_400_000_000)
            if turn:  # the first one compiles, opens trips and makes the day
                case.ours.append(ours)
                case.plain.append(plain)
        self.compare()

    def compare(self) -> None:
        """Both sides stored the same."""
        with psycopg.connect(self.motorpool.url, options="-c search_path=motorpool") as db:
            (ours_no,) = db.execute("select no from tenants where slug = 'demo'").fetchone() or (0,)
            found = [db.execute(WHAT_IS_STORED, {"tenant_no": no}).fetchone() for no in (ours_no, PLAIN_TENANT)]
        assert found[0] == found[1], found


async def measure(url: str, folder: object, batches: int, turns: int) -> None:
    """Run every case."""
    async with running(url, settings_for(folder)) as motorpool:  # type: ignore[arg-type]
        course = Course(motorpool, await motorpool.client(), batches)
        day_us = start_of_yesterday_us() - 10 * 86_400_000_000
        for number, case in enumerate(CASES):
            await course.run(case, day_us + number * 86_400_000_000, turns)


def main() -> None:
    """Measure and print the table."""
    batches, turns = (int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 2 else (15, 3)
    with database_with(max(case.vehicles for case in CASES)) as (url, folder):
        uvloop.run(measure(url, folder, batches, turns))
    head = ("batches of 5 000 rows", "rows/s", "plain COPY rows/s", "ratio", "goal")
    lines = []
    for case in CASES:
        ratio = median(ours / plain for ours, plain in zip(case.ours, case.plain, strict=True))
        lines.append((case.name, median(case.ours), median(case.plain), ratio, case.goal))
    print_table(head, lines)


if __name__ == "__main__":
    main()
