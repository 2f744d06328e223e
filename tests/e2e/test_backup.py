"""A dump of one data folder, restored into another: everything goes on there."""

import asyncio
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from motorpool.apps.live_client import connect
from tests.support.live_server import Viewer
from tests.support.processes import Up
from tests.support.roles import drive

pytestmark = pytest.mark.timeout(600)
NOW = time.time() - 7200
KEY_FILE = "secret-key"


def command(up: Up, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command on a data folder, its key in the folder."""
    return subprocess.run(
        [sys.executable, "-m", "motorpool.apps.cli", *arguments],
        env={**up.surroundings(), "MOTORPOOL_SECRET_KEY": ""},
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass
class Moved:
    """The restored Motorpool, and what was known of the first one when it was dumped."""

    up: Up
    token: str
    trips: list[dict[str, object]]
    cursor: int
    vehicle_id: str
    dump: Path


def watched(up: Up, token: str, cursor: int | None = None) -> Viewer:
    """A viewer of the whole company after its first messages, closed again; with a cursor it resumes."""

    async def look() -> Viewer:
        headers = {"authorization": token}
        tenant = httpx2.get(f"{up.address}/api/v1/auth/me", headers=headers).json()["tenant"]["id"]
        url = f"{up.address.replace('http', 'ws', 1)}/api/v1/ws"
        async with connect(url, token.removeprefix("Bearer ")) as opened:
            viewer = Viewer(opened)
            if cursor is None:
                await viewer.watch(f"tenant:{tenant}")
            else:
                await viewer.subscribe(f"tenant:{tenant}", cursor=cursor)
                await viewer.until("event", name="telemetry.trip_started.v1")
            return viewer

    return asyncio.run(look())


def trips_of(client: httpx2.Client, name: str) -> list[dict[str, object]]:
    """Trips of the vehicle of a name, oldest first."""
    (vehicle,) = client.get("/vehicles", params={"q": name}).json()["data"]
    found = client.get("/trips", params={"vehicle_id": vehicle["id"]}).json()["data"]
    return sorted(found, key=lambda one: str(one["started_at"]))


def parked(name: str, start_s: float) -> list[dict[str, object]]:
    """Standing for a quarter of an hour where a drive of 60 fixes ended."""
    end = drive(name, start_s, 60)[-1]
    return [{**one, "lat": end["lat"], "speed_mps": 0.0} for one in drive(name, start_s + 600, 90)]


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moved]:
    """Data in, a dump, and the dump with the key in a new folder, running."""
    folder = tmp_path_factory.mktemp("backup")
    first, second = (Up(folder / name, environment={"MOTORPOOL_SECRET_KEY": ""}) for name in ("first", "second"))
    try:
        first.start()
        client = first.client()
        rows = drive("moved", NOW, 60) + parked("moved", NOW)
        late = rows.pop(20)
        sent = client.post("/telemetry", json={"positions": rows})
        assert sent.json()["accepted"] == len(rows), sent.text
        trips = trips_of(client, "moved")
        assert [trip["ended_at"] is not None for trip in trips] == [True]
        token = client.headers["authorization"]
        viewer = watched(first, token)
        (vehicle,) = client.get("/vehicles", params={"q": "moved"}).json()["data"]
        cursor = next(iter(viewer.pictures.values())).cursor
        assert cursor > 0
        first.stop()
        dump = folder / "motorpool.dump"
        dumped = command(first, "dump", str(dump))
        assert (dumped.returncode, dumped.stderr.count("Traceback")) == (0, 0), dumped.stderr
        second.data_dir.mkdir()
        shutil.copy(first.data_dir / KEY_FILE, second.data_dir / KEY_FILE)
        restored = command(second, "restore", str(dump))
        assert restored.returncode == 0, restored.stderr
        shutil.rmtree(first.data_dir)
        second.start()
        yield Moved(second, token, trips, cursor, vehicle["id"], dump)
        assert late["device"] == "moved"
    finally:
        first.end()
        second.end()


def test_people_sign_in_and_those_who_were_signed_in_still_are(moved: Moved) -> None:
    assert moved.up.client().get("/auth/me").status_code == 200
    same = httpx2.get(f"{moved.up.address}/api/v1/auth/me", headers={"authorization": moved.token})
    assert same.status_code == 200


def test_what_was_stored_is_there(moved: Moved) -> None:
    client = moved.up.client()
    assert trips_of(client, "moved") == moved.trips
    rows = client.get(f"/vehicles/{moved.vehicle_id}/positions", params={"limit": 5000}).json()["data"]
    assert len(rows) == 149
    again = client.post("/telemetry", json={"positions": drive("moved", NOW, 20)})
    assert again.json() == {"accepted": 0, "duplicates": 20, "rejected": []}


def test_a_viewer_who_comes_back_with_an_old_cursor_hears_what_happened_since(moved: Moved) -> None:
    """New positions are taken, begin a trip, and its event gets a position after all of before the dump."""
    client = moved.up.client()
    sent = client.post("/telemetry", json={"positions": drive("moved", NOW + 3600, 40)})
    assert sent.json()["accepted"] == 40
    (_, second) = trips_of(client, "moved")
    viewer = watched(moved.up, moved.token, moved.cursor)
    told = [one for one in viewer.messages if isinstance(one, dict) and one["type"] == "event"]
    started = [one for one in told if one["name"] == "telemetry.trip_started.v1"]
    assert [one["data"]["trip_id"] for one in started] == [second["id"]]
    assert all(one["cursor"] > moved.cursor for one in told)


def test_late_rows_revise_trips_of_before_the_dump(moved: Moved) -> None:
    client = moved.up.client()
    detour = [{**row, "lon": 9.002} for row in drive("moved", NOW, 60)[20:21]]
    sent = client.post("/telemetry", json={"positions": detour})
    assert sent.json()["accepted"] == 1, sent.text
    revised = trips_of(client, "moved")[0]
    assert revised["id"] == moved.trips[0]["id"]
    assert revised["revision"] == int(str(moved.trips[0]["revision"])) + 1
    assert float(str(revised["distance_m"])) > float(str(moved.trips[0]["distance_m"]))


def test_a_second_restore_into_the_same_folder_is_refused(moved: Moved) -> None:
    moved.up.stop()
    refused = command(moved.up, "restore", str(moved.dump))
    assert refused.returncode == 1
    assert refused.stderr.strip().splitlines()[-1].startswith("motorpool: There is a database already")
    moved.up.start()


def test_without_the_key_people_sign_in_with_their_passwords_but_tokens_of_before_are_void(
    moved: Moved, tmp_path: Path
) -> None:
    """Why the key must come along; also the negative control of the tests above."""
    other = Up(tmp_path / "other", environment={"MOTORPOOL_SECRET_KEY": ""})
    try:
        assert command(other, "restore", str(moved.dump)).returncode == 0
        other.start()
        refused = httpx2.get(f"{other.address}/api/v1/auth/me", headers={"authorization": moved.token})
        assert refused.status_code == 401
        assert trips_of(other.client(), "moved") == moved.trips
    finally:
        other.end()


def test_a_dump_that_cannot_be_read_leaves_no_half_of_a_database(tmp_path: Path, moved: Moved) -> None:
    broken = tmp_path / "broken.dump"
    whole = moved.dump.read_bytes()
    broken.write_bytes(whole[: len(whole) // 2])
    other = Up(tmp_path / "other", environment={"MOTORPOOL_SECRET_KEY": ""})
    refused = command(other, "restore", str(broken))
    assert refused.returncode == 1
    assert "pg_restore failed" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert command(other, "restore", str(moved.dump)).returncode == 0
