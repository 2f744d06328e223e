"""The first journey, whole: recorded buses are replayed through the public API, and a signed-in person sees them move."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from playwright.async_api import Browser, Page

from motorpool.demo.companies import PASSWORD
from tests.support.instances import Databases, Motorpool, running, settings_for
from tests.support.shared_data import shared
from tools.browser import chromium, context, sign_in

BUSES = 12


@pytest.fixture(scope="module")
async def austin(databases: Databases) -> AsyncIterator[Motorpool]:
    """A Motorpool of its own for the recorded buses."""
    async with running(databases.new(), settings_for(databases.data_dir)) as started:
        yield started


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    async with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two morning hours of a dozen moving buses of the Austin recording."""
    table = pq.read_table(shared("traces", "capmetro_bus_positions.parquet"))
    day = table.filter(pc.starts_with(table["timestamp"], "2017-03-21"))
    assert len(day), "the recording has no such day"
    hours = day.filter(pc.is_in(pc.utf8_slice_codeunits(day["timestamp"], 11, 13), value_set=pa.array(["08", "09"])))
    moving = hours.filter(pc.greater(hours["speed_mps"], 3.0))
    counts = sorted(moving["vehicle_id"].value_counts().to_pylist(), key=lambda one: -one["counts"])
    chosen = [one["values"] for one in counts[:BUSES]]
    path = tmp_path_factory.mktemp("recording") / "austin.parquet"
    pq.write_table(hours.filter(pc.is_in(hours["vehicle_id"], value_set=pa.array(chosen))), path)
    return path


def replay(austin: Motorpool, recording: Path, *more: str) -> "subprocess.Popen[bytes]":
    """`motorpool replay` as a process."""
    command = [sys.executable, "-m", "motorpool.apps.cli", "replay", str(recording), "--url", austin.address, "--again"]
    signed_in = ["--email", "admin@demo.example", "--password", PASSWORD]
    return subprocess.Popen([*command, *signed_in, *more], stderr=subprocess.PIPE)


async def finished(process: "subprocess.Popen[bytes]") -> None:
    """Wait for a replay that must succeed."""
    _, told = await asyncio.to_thread(process.communicate)
    assert process.returncode == 0, told.decode()


async def map_picture(page: Page) -> bytes:
    """What the map shows."""
    return await page.locator("canvas.maplibregl-canvas").first.screenshot()


async def moves(page: Page) -> bool:
    """Whether the map shows four different pictures before long; software draws few a second, and the land is drawn once."""
    seen: set[bytes] = set()
    for _ in range(25):
        seen.add(await map_picture(page))
        if len(seen) >= 4:
            return True
        await page.wait_for_timeout(2_000)
    return False


async def comes_to_rest(page: Page) -> bool:
    """Whether the map shows the same for two seconds, some time after the last position."""
    for _ in range(30):
        before = await map_picture(page)
        await page.wait_for_timeout(2_000)
        if await map_picture(page) == before:
            return True
    return False


async def test_a_person_signs_in_sees_recorded_buses_move_and_opens_a_trip(
    austin: Motorpool, browser: Browser, recording: Path
) -> None:
    person = await context(browser)
    page = await person.new_page()
    faults: list[str] = []
    frames: list[bytes] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("websocket", lambda socket: socket.on("framereceived", lambda got: frames.append(got)))
    driving = replay(austin, recording, "--speed", "120")
    await sign_in(page, austin.address, "admin@demo.example", PASSWORD)
    await page.get_by_text(f"{BUSES} vehicles").wait_for(timeout=60_000)
    heard = len([one for one in frames if isinstance(one, bytes)])
    assert await moves(page), "nothing moved on the map"
    assert len([one for one in frames if isinstance(one, bytes)]) > heard, "no positions came to the browser"
    await finished(driving)
    assert await comes_to_rest(page), "the map never stands still: that it changed above shows nothing"
    await _opens_a_trip(page, austin)
    assert not faults
    await person.close()


async def _opens_a_trip(page: Page, austin: Motorpool) -> None:
    client = await austin.client()
    trip = (await client.get("/trips")).json()["data"][0]
    vehicle = (await client.get(f"/vehicles/{trip['vehicle_id']}")).json()
    await page.goto(f"{austin.address}/vehicles")
    await page.get_by_text(vehicle["name"], exact=True).first.click()
    await page.get_by_role("heading", name=vehicle["name"]).wait_for()
    await page.get_by_text("max").first.click()
    await page.wait_for_url("**trip=**")


async def test_another_company_sees_nothing_of_it(austin: Motorpool, browser: Browser, recording: Path) -> None:
    await finished(replay(austin, recording))
    person = await context(browser)
    page = await person.new_page()
    texts: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda got: texts.append(str(got))))
    await sign_in(page, austin.address, "admin@other.example", PASSWORD)
    await page.wait_for_timeout(3_000)
    vehicles = (await (await austin.client()).get("/vehicles")).json()["data"]
    assert len(vehicles) == BUSES
    shown = await page.content() + "".join(texts)
    for vehicle in vehicles:
        assert vehicle["id"] not in shown
    assert (await (await austin.client("admin@other.example")).get("/vehicles")).json()["data"] == []
    await person.close()
