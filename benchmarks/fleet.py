"""What the benchmarks of whole paths share: a Motorpool whose devices are known, and what those devices say.

Each vehicle drives for ten minutes and rests for ten, one fix in ten seconds, each at another time: one row in sixty opens or
closes a trip.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import psycopg

from motorpool.kernel.time import DAY_US, SECOND_US, to_us
from motorpool.telemetry.batch import Fixes
from tests.support.database import running as running_database
from tests.support.instances import Databases

FIRST_NO = 1_000_000
TICK_US = 10 * SECOND_US

ADD_DEVICES = """
insert into telemetry_devices (tenant_no, tenant_id, device_no, identifiers, on_ports)
select t.no, t.id, n, array[n::text], array[n::text] from tenants t, generate_series(%(first)s::int, %(last)s) n where slug = 'demo'
"""

ADD_ASSIGNMENTS = """
insert into telemetry_assignments (tenant_no, device_no, from_us, vehicle_no, vehicle_id, is_source)
select t.no, n, 0, n, gen_random_uuid(), true from tenants t, generate_series(%(first)s::int, %(last)s) n where slug = 'demo'
"""

TELL_INGEST = "insert into telemetry_versions (tenant_no, version) select no, 1 from tenants where slug = 'demo'"


@contextmanager
def database_with(vehicles: int) -> Iterator[tuple[str, Path]]:
    """A fresh embedded database with the product's own settings, in which a fleet's devices are known: address and folder."""
    with tempfile.TemporaryDirectory() as folder, running_database(Path(folder, "database")) as server:
        databases = Databases(server, Path(folder))
        databases.prepare()
        url = databases.new()
        fleet = {"first": FIRST_NO, "last": FIRST_NO + vehicles - 1}
        with psycopg.connect(url, options="-c search_path=motorpool") as db:
            db.execute(ADD_DEVICES, fleet)
            db.execute(ADD_ASSIGNMENTS, fleet)
            db.execute(TELL_INGEST)
        yield url, Path(folder)


def names(vehicles: int) -> tuple[str, ...]:
    """The identifiers of a fleet's devices."""
    return tuple(str(FIRST_NO + number) for number in range(vehicles))


def start_of_yesterday_us() -> int:
    """Yesterday's midnight, UTC: a day that is whole and accepted."""
    return to_us(datetime.now(UTC)) // DAY_US * DAY_US - DAY_US


class Fleet:
    """Drives on and on: every call of `say` is what comes next."""

    def __init__(self, vehicles: int, start_us: int, *, sensors: bool) -> None:
        self.vehicles, self._start_us, self._sensors = vehicles, start_us, sensors
        self._rng = np.random.default_rng(7)
        self._phase = self._rng.integers(0, 120, vehicles)
        self._lat_deg = self._rng.uniform(35, 55, vehicles)
        self._lon_deg = self._rng.uniform(-10, 20, vehicles)
        self._ticks = 0

    def say(self, ticks: int) -> Fixes:
        """The next fixes of every vehicle, `ticks` of each one after the other."""
        tick = self._ticks + np.arange(ticks)[None, :]
        driving = (tick + self._phase[:, None]) % 120 < 60
        speed = np.where(driving, self._rng.uniform(8, 25, driving.shape), 0.0)
        lat = self._lat_deg[:, None] + np.cumsum(speed * 10 / 111_195, axis=1)
        self._lat_deg, self._ticks = lat[:, -1], self._ticks + ticks
        ahead_us = np.arange(self.vehicles)[:, None] * 1_000
        extra = np.full(driving.size, b'{"sensors":{"satellites":11}}' if self._sensors else None, dtype=object)
        return Fixes.of(
            at_us=(self._start_us + tick * TICK_US + ahead_us).ravel(),
            lat_deg=lat.ravel(),
            lon_deg=np.repeat(self._lon_deg, ticks),
            speed_mps=speed.ravel().astype(np.float32),
            heading_deg=np.zeros(driving.size, dtype=np.float32),
            altitude_m=np.full(driving.size, 120, dtype=np.float32),
            ignition=driving.ravel().astype(np.int8),
            extra=extra,
        )
