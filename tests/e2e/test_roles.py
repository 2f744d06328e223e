"""Each role a process of its own: bytes in at one, a database, Redis, and a browser's stream out of another."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import psycopg
import pytest

from motorpool.apps.live_client import connect
from motorpool.kernel.errors import Unavailable
from motorpool.telemetry.remote import RemoteInbox
from tests.support.instances import KEY, Databases
from tests.support.live_server import Viewer
from tests.support.load import load, stored
from tests.support.roles import Apart, drive, frames

pytestmark = pytest.mark.timeout(600)

IMEI = "352093086403655"
NOW = time.time() - 3600


@pytest.fixture(scope="module")
async def apart(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Apart]:
    """All processes, running."""
    folder: Path = tmp_path_factory.mktemp("roles")
    made = Apart(folder, databases.new())
    try:
        await made.start()
        yield made
    finally:
        await made.end()


@pytest.fixture
async def client(apart: Apart) -> httpx2.Client:
    """The demo's administrator, signed in at the API's process."""
    return await asyncio.to_thread(apart.roles["api"].client)


@asynccontextmanager
async def viewing(apart: Apart, client: httpx2.Client) -> AsyncIterator[Viewer]:
    """A browser at the stream's process that shows the whole company."""
    token = client.headers["authorization"].removeprefix("Bearer ")
    url = apart.roles["stream"].address.replace("http", "ws", 1) + "/api/v1/ws"
    async with connect(url, token) as opened:
        viewer = Viewer(opened)
        await viewer.watch(channel(client))
        yield viewer


def channel(client: httpx2.Client) -> str:
    """The channel of the client's company."""
    return f"tenant:{client.get('/auth/me').json()['tenant']['id']}"


def vehicle(client: httpx2.Client, name: str) -> dict[str, object]:
    """The vehicle of a name."""
    (found,) = client.get("/vehicles", params={"q": name}).json()["data"]
    return dict(found)


async def until_at(viewer: Viewer, number: object, at_s: float) -> None:
    """Read on until the picture shows a vehicle's place of this time."""
    async with asyncio.timeout(30):
        while not any(int(p.places.get(number, (0,))[0]) == round(at_s * 1000) for p in viewer.pictures.values()):
            await viewer.step()


@pytest.mark.parametrize("role", ["api", "gateway", "ingest", "stream", "worker"])
def test_each_role_tells_of_its_health(apart: Apart, role: str) -> None:
    address = apart.roles[role].address
    assert httpx2.get(f"{address}/health/live").json() == {"status": "alive"}
    ready = httpx2.get(f"{address}/health/ready")
    assert (ready.status_code, ready.json()["parts"]["database"]) == (200, True)
    assert "motorpool_loop_lag_seconds_count" in httpx2.get(f"{address}/metrics").text
    status = httpx2.get(f"{address}/api/v1/vehicles").status_code
    assert status == (401 if role == "api" else 404), "only the API's process serves the API"


async def test_positions_of_the_api_and_of_a_tracker_reach_the_database_and_the_stream(
    apart: Apart, client: httpx2.Client
) -> None:
    async with viewing(apart, client) as viewer:
        sent = client.post("/telemetry", json={"positions": drive("apart", NOW, 40)})
        assert sent.json() == {"accepted": 40, "duplicates": 0, "rejected": []}
        tracker = await apart.tracker(IMEI)
        await tracker.send(frames(NOW, 40))
        assert await tracker.hear(4) == (40).to_bytes(4, "big")
        for name in ("apart", IMEI):
            number = vehicle(client, name)["no"]
            await until_at(viewer, number, round(NOW * 1000) / 1000 + 390 if name == IMEI else NOW + 390)
        started = await until_trips(viewer, 2)
    trips = client.get("/trips").json()["data"]
    assert {trip["id"] for trip in trips} >= started
    tracker.writer.close()


async def until_trips(viewer: Viewer, count: int) -> set[object]:
    """Ids of trips the stream told of as begun."""
    async with asyncio.timeout(30):
        while True:
            told = [m for m in viewer.messages if isinstance(m, dict) and m.get("name") == "telemetry.trip_started.v1"]
            if len(told) >= count:
                return {one["data"]["trip_id"] for one in told}
            await viewer.step()


async def test_a_killed_ingest_is_replaced_and_nothing_acknowledged_is_lost(
    apart: Apart, client: httpx2.Client
) -> None:
    killed = await asyncio.to_thread(apart.holder)
    with load(client) as sending:
        await asyncio.to_thread(sending.wait_for_more)
        apart.roles[killed].kill()
        await asyncio.to_thread(sending.wait_for_more)
        assert await asyncio.to_thread(apart.holder) != killed
    assert sending.strange == []
    assert sending.statuses[503] > 0, "nobody noticed: the kill was none"
    found = await asyncio.to_thread(stored, client)
    assert sending.acknowledged - set(found) == set()
    assert len(found) == len(set(found)), "a row was stored twice"
    apart.roles[killed].begin()
    await asyncio.to_thread(apart.wait, killed, 503)


def epoch(databases_url: str) -> int:
    """How often the shard has changed hands."""
    with psycopg.connect(databases_url, options="-c search_path=motorpool") as db:
        row = db.execute("select epoch from shards").fetchone()
    assert row is not None
    return int(row[0])


async def test_a_paused_ingest_is_replaced_and_cannot_write_when_it_goes_on(
    apart: Apart, client: httpx2.Client
) -> None:
    paused = await asyncio.to_thread(apart.holder)
    url = apart.roles[paused].environment["MOTORPOOL_DATABASE_URL"]
    before = epoch(url)
    with load(client) as sending:
        await asyncio.to_thread(sending.wait_for_more)
        apart.roles[paused].signal(signal.SIGSTOP)
        await asyncio.to_thread(sending.wait_for_more)
        apart.roles[paused].signal(signal.SIGCONT)
        await asyncio.to_thread(sending.wait_for_more)
    assert epoch(url) == before + 1
    assert await asyncio.to_thread(apart.holder) != paused
    inbox = RemoteInbox(f"127.0.0.1:{apart.ingest_ports[paused]}", KEY)
    with pytest.raises(Unavailable, match="not taken just now"):
        await inbox.knows(IMEI)
    await inbox.close()
    assert sending.strange == []
    found = await asyncio.to_thread(stored, client)
    assert sending.acknowledged - set(found) == set()
    assert len(found) == len(set(found)), "a row was stored twice"


async def test_without_any_ingest_nobody_is_told_yes(apart: Apart, client: httpx2.Client) -> None:
    tracker = await apart.tracker(IMEI)
    for name in apart.ingest_ports:
        apart.roles[name].kill()
    answer = client.post("/telemetry", json={"positions": drive("refused", NOW, 3)})
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert client.get("/vehicles").status_code == 200, "who sends nothing is answered"
    await tracker.send(frames(NOW + 600, 3))
    assert await tracker.rest() == b""
    apart.roles["ingest"].begin()
    await asyncio.to_thread(apart.wait, "ingest")
    again = client.post("/telemetry", json={"positions": drive("refused", NOW, 3)})
    assert again.json() == {"accepted": 3, "duplicates": 0, "rejected": []}
    tracker = await apart.tracker(IMEI)
    await tracker.send(frames(NOW + 600, 3))
    assert await tracker.hear(4) == (3).to_bytes(4, "big")
    tracker.writer.close()


async def test_a_dead_redis_costs_no_position_and_the_browser_starts_anew(apart: Apart, client: httpx2.Client) -> None:
    async with viewing(apart, client) as viewer:
        number = vehicle(client, "apart")["no"]
        await apart.redis.kill()
        at = NOW + 1000
        sent = client.post("/telemetry", json={"positions": drive("apart", at, 1)})
        assert sent.json()["accepted"] == 1, "Redis stood between a device and its commit"
        await apart.redis.start()
        await viewer.until("resync", reason="gap")
        await until_at(viewer, number, at)
        client.post("/telemetry", json={"positions": drive("apart", at + 10, 1)})
        await until_at(viewer, number, at + 10)


@pytest.mark.parametrize("role", ["gateway", "stream", "worker", "api", "ingest"])
def test_each_role_stops_when_asked(apart: Apart, role: str) -> None:
    assert apart.roles[role].stop() < 10
    process = apart.roles[role].process
    assert process is not None
    assert process.returncode == 0, apart.roles[role].log.read_text()[-2000:]
    assert "Traceback" not in apart.roles[role].log.read_text()
