"""Every role in a process of its own over one database and one Redis, with a second ingest that stands by."""

import asyncio
import time
from pathlib import Path
from typing import Any

from tests.support import teltonika as device
from tests.support.device_ports import Line
from tests.support.instances import free_port
from tests.support.processes import Up
from tests.support.redis_server import RedisServer

INGESTS = ("ingest", "standby")


class Apart:
    """The processes by name; `ingest` and `standby` are two of the same role."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.redis = RedisServer(folder)
        self.ingest_ports = {name: free_port() for name in INGESTS}
        addresses = ",".join(f"127.0.0.1:{port}" for port in self.ingest_ports.values())
        environment = {
            "MOTORPOOL_DATABASE_URL": database_url,
            "MOTORPOOL_REDIS_URL": self.redis.url,
            "MOTORPOOL_INGEST_URL": addresses,
        }
        self.roles = {
            name: Up(folder / name, ("ingest" if name in INGESTS else name,), dict(environment))
            for name in ("ingest", "api", "gateway", "stream", "worker", "standby")
        }
        for name, port in self.ingest_ports.items():
            self.roles[name].environment["MOTORPOOL_INGEST_PORT"] = str(port)

    async def start(self) -> None:
        """Start everything; the standby last, so that the other one holds the shard."""
        await self.redis.start()
        for name, role in self.roles.items():
            if name != "standby":
                role.begin()
        for name in self.roles:
            if name != "standby":
                await asyncio.to_thread(self.wait, name)
        self.roles["standby"].begin()
        await asyncio.to_thread(self.wait, "standby", 503)

    def wait(self, name: str, ready: int = 200, limit_s: float = 120.0) -> None:
        """Wait until a role answers /health/ready with this; the limit says "never"."""
        role, deadline = self.roles[name], time.monotonic() + limit_s
        while role.says("/health/ready") != ready:
            assert role.process is not None
            assert role.process.poll() is None, role.log.read_text()[-3000:]
            assert time.monotonic() < deadline, role.log.read_text()[-3000:]
            time.sleep(0.05)

    def holder(self) -> str:
        """Which ingest is ready."""
        ready = [name for name in INGESTS if self.roles[name].says("/health/ready") == 200]
        assert len(ready) == 1, ready
        return ready[0]

    async def end(self) -> None:
        """Make sure nothing is left."""
        for role in self.roles.values():
            role.end()
        await self.redis.kill()

    async def tracker(self, imei: str) -> Line:
        """A Teltonika device that was let in at the gateway. Raises IncompleteReadError when it is not."""
        opened = Line(*await asyncio.open_connection("127.0.0.1", self.roles["gateway"].teltonika_port))
        await opened.send(device.imei_frame(imei))
        assert await opened.hear(1) == b"\1"
        return opened


def drive(device_id: str, start_s: float, count: int) -> list[dict[str, Any]]:
    """A drive north at 10 m/s, a fix every ten seconds, from `start_s` (Unix) on."""
    from datetime import UTC, datetime

    return [
        {
            "device": device_id,
            "at": datetime.fromtimestamp(start_s + 10 * step, UTC).isoformat(),
            "lat": 47.0 + step * 100 / 111_195,
            "lon": 9.0,
            "speed_mps": 10.0,
        }
        for step in range(count)
    ]


def frames(start_s: float, count: int) -> bytes:
    """The same drive elsewhere, as a Teltonika packet."""
    records = [
        device.gps(round((start_s + 10 * step) * 1000), 52.5 + step * 100 / 111_195, 13.4, speed_kmh=36)
        + device.NO_ELEMENTS
        for step in range(count)
    ]
    return device.codec8(records)
