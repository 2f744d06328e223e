"""The rule of the live picture on a real server: old snapshot + events and positions = new snapshot.

What was told is also written down, with ids and times made plain, as `web/src/realtime/recorded-triples.json`; the browser's own rules
replay it. With MOTORPOOL_RECORD=1 the file is written anew, otherwise it must be what the server tells today.
"""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from httpx2 import AsyncClient

from motorpool.apps.live_client import LiveClient, Picture, apply, connect
from motorpool.runtime.outbox import newest_position
from motorpool.runtime.realtime.positions import Positions
from tests.support.instances import Motorpool

FILE = Path(__file__).parents[3] / "web" / "src" / "realtime" / "recorded-triples.json"
START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=8)
PLAIN_START = datetime(2026, 1, 5, 8, tzinfo=UTC)

Act = Callable[[AsyncClient], Awaitable[None]]


def fixes(
    device: str, first_s: int, last_s: int, *, speed_mps: float = 10.0, hold: int | None = None
) -> list[dict[str, Any]]:
    """Fixes every 20 s going north; `hold`: standing where a drive was after so many seconds."""
    return [
        {
            "device": device,
            "at": (START + timedelta(seconds=s)).isoformat(),
            "lat": 47.0 + (s if hold is None else hold) * 10 / 111_195,
            "lon": 9.0,
            "speed_mps": speed_mps if hold is None else 0.0,
            "heading_deg": 0.0,
        }
        for s in range(first_s, last_s, 20)
    ]


async def send(client: AsyncClient, rows: list[dict[str, Any]]) -> None:
    """Send positions that must be taken."""
    answer = await client.post("/telemetry", json={"positions": rows})
    assert answer.json()["accepted"] == len(rows), answer.text


async def sets_out(client: AsyncClient) -> None:
    """A vehicle nobody knew sets out."""
    await send(client, fixes("alpha", 0, 300))


async def arrives(client: AsyncClient) -> None:
    """It arrives and stands, another one sets out."""
    await send(client, fixes("alpha", 300, 1200, hold=300) + fixes("beta", 0, 200))


async def sets_out_again(client: AsyncClient) -> None:
    """The first one drives again."""
    await send(client, fixes("alpha", 3000, 3300))


async def late_rows(client: AsyncClient) -> None:
    """Rows come late that close what was open and change what was told."""
    await send(client, fixes("alpha", 310, 330, speed_mps=8.0) + fixes("beta", 10, 190))


async def renamed(client: AsyncClient) -> None:
    """A vehicle gets another name, plate and a fleet."""
    fleet = (await client.post("/fleets", json={"name": "Night"})).json()
    found = (await client.get("/vehicles", params={"q": "alpha"})).json()["data"][0]
    answer = await client.patch(
        f"/vehicles/{found['id']}",
        json={"name": "Alpha One", "plate": "TB 1", "fleet_id": fleet["id"]},
        headers={"if-match": f'"{found["version"]}"'},
    )
    assert answer.status_code == 200


ACTS: list[Act] = [sets_out, arrives, sets_out_again, late_rows, renamed]


async def fresh_picture(motorpool: Motorpool, channel: str) -> Picture:
    """What somebody sees who looks now for the first time."""
    async with connect(live_address(motorpool), await motorpool.token()) as client:
        await client.subscribe(channel)
        return await until(client, Picture(channel), lambda picture, said: isinstance(said, Positions))


def live_address(motorpool: Motorpool) -> str:
    """Address of the live stream."""
    return motorpool.address.replace("http", "ws", 1) + "/api/v1/ws"


async def until(
    client: LiveClient,
    picture: Picture,
    enough: Callable[[Picture, Any], bool],
    heard: list[Any] | None = None,
) -> Picture:
    """Apply messages until it is enough."""
    async with asyncio.timeout(20):
        while True:
            said = await client.receive()
            if heard is not None:
                heard.append(said)
            picture = apply(picture, said)
            if enough(picture, said):
                return picture


async def numbered(motorpool: Motorpool) -> int:
    """Wait until every event has its position; the newest."""
    before = -1
    while True:
        now = await newest_position(motorpool.instance.pools.relay)
        if now == before:
            return now
        before = now
        await asyncio.sleep(0.4)


async def test_the_picture_somebody_followed_is_the_one_somebody_else_loads(
    motorpool: Motorpool, demo: AsyncClient
) -> None:
    tenant = (await demo.get("/auth/me")).json()["tenant"]["id"]
    channel = f"tenant:{tenant}"
    recorded: list[dict[str, Any]] = []
    async with connect(live_address(motorpool), await motorpool.token()) as client:
        await client.subscribe(channel)
        followed = await until(client, Picture(channel), lambda picture, said: isinstance(said, Positions))
        for act in ACTS:
            before, heard = followed, []
            await act(demo)
            await numbered(motorpool)
            loaded = await fresh_picture(motorpool, channel)
            followed = await until(client, followed, caught_up(loaded), heard)
            assert followed.vehicles == loaded.vehicles
            assert followed.places == loaded.places
            recorded.append(triple(act, before, heard, loaded))
    told = plain(recorded)
    if os.environ.get("MOTORPOOL_RECORD"):
        FILE.write_text(json.dumps(told, indent=2) + "\n")
    assert told == json.loads(FILE.read_text())


def caught_up(loaded: Picture) -> Callable[[Picture, Any], bool]:
    """Tells whether a followed picture has come to one that was loaded."""
    return lambda seen, said: seen.cursor >= loaded.cursor and seen.places == loaded.places


def triple(act: Act, before: Picture, heard: list[Any], after: Picture) -> dict[str, Any]:
    """What was told of one act."""
    events = [said for said in heard if not isinstance(said, Positions) and said["type"] == "event"]
    return {
        "says": (act.__doc__ or "").strip().rstrip("."),
        "before": snapshot(before),
        "events": [{name: event[name] for name in ("cursor", "name", "at", "data")} for event in events],
        "positions": [row for said in heard if isinstance(said, Positions) for row in rows_of(said)],
        "after": snapshot(after),
    }


NAMES = ("at_ms", "lat_e7", "lon_e7", "speed_cmps", "heading_cdeg", "motion")


def snapshot(picture: Picture) -> dict[str, Any]:
    """A picture as a snapshot with its positions."""
    places = [{"no": no, **dict(zip(NAMES, place, strict=True))} for no, place in sorted(picture.places.items())]
    vehicles = sorted(picture.vehicles.values(), key=lambda one: one["no"])
    return {"channel": picture.channel, "cursor": picture.cursor, "vehicles": vehicles, "positions": places}


def rows_of(said: Positions) -> list[dict[str, Any]]:
    """The rows of a frame."""
    columns = [column.tolist() for column in said.columns()]
    return [
        {"no": no, **dict(zip(NAMES, (at_ms, *place), strict=True))} for at_ms, no, *place in zip(*columns, strict=True)
    ]


def plain(recorded: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same with ids counted in the order they appear, times moved to one fixed day, and cursors from 0."""
    ids: dict[str, str] = {}
    first = recorded[0]["before"]["cursor"]

    def mend(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: mend(one, key) for key, one in value.items()}
        if isinstance(value, list):
            return [mend(one) for one in value]
        if name == "cursor":
            return value - first
        if isinstance(value, str) and (name in ("id", "channel") or name.endswith("_id")):
            return ids.setdefault(value, f"tenant:{len(ids)}" if name == "channel" else f"id-{len(ids)}")
        return moved(value, name)

    found: list[dict[str, Any]] = mend(recorded)
    return found


def moved(value: Any, name: str) -> Any:
    """A time moved to the fixed day; the beginning of time, and what is no time, stays."""
    if name == "at":
        return PLAIN_START.isoformat()
    if name == "at_ms":
        return value - START.timestamp() * 1000 + PLAIN_START.timestamp() * 1000
    if name.endswith("_at") and value is not None:
        since = datetime.fromisoformat(value) - START
        return value if since < timedelta(days=-1) else (PLAIN_START + since).isoformat()
    return value
