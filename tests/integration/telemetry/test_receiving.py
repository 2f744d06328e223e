"""Positions over HTTP: what is taken, what is refused, what comes of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from httpx2 import AsyncClient

NOW = datetime.now(UTC).replace(microsecond=0)


def at(seconds: float) -> str:
    """A time before now, as text."""
    return (NOW - timedelta(hours=6) + timedelta(seconds=seconds)).isoformat()


def drive(device: str, seconds: int, step: int = 10, **more: Any) -> list[dict[str, Any]]:
    """A drive north at 10 m/s with a fix every `step` seconds."""
    return [
        {"device": device, "at": at(s), "lat": 47.0 + s * 10 / 111_195, "lon": 9.0, "speed_mps": 10.0, **more}
        for s in range(0, seconds, step)
    ]


def parked(device: str, start: int, seconds: int, north_s: int) -> list[dict[str, Any]]:
    """Standing where a drive of `north_s` seconds ended."""
    return [
        {"device": device, "at": at(s), "lat": 47.0 + north_s * 10 / 111_195, "lon": 9.0, "speed_mps": 0.0}
        for s in range(start, start + seconds, 30)
    ]


async def vehicle_named(client: AsyncClient, name: str) -> dict[str, Any]:
    """The vehicle of a name."""
    found = (await client.get("/vehicles", params={"q": name})).json()["data"]
    assert [one["name"] for one in found] == [name]
    return dict(found[0])


async def send(client: AsyncClient, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Send a batch; its receipt."""
    answer = await client.post("/telemetry", json={"positions": rows})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_position_is_readable_as_soon_as_it_was_acknowledged(demo: AsyncClient) -> None:
    receipt = await send(demo, drive("first", 10))
    assert receipt == {"accepted": 1, "duplicates": 0, "rejected": []}
    vehicle = await vehicle_named(demo, "first")
    assert vehicle["latest"]["lat"] == pytest.approx(47.0)
    rows = (await demo.get(f"/vehicles/{vehicle['id']}/positions")).json()["data"]
    assert [row["speed_mps"] for row in rows] == [10.0]


async def test_a_drive_becomes_a_trip_with_its_distance(demo: AsyncClient) -> None:
    await send(demo, drive("tripper", 600) + parked("tripper", 600, 900, 600))
    vehicle = await vehicle_named(demo, "tripper")
    (trip,) = (await demo.get("/trips", params={"vehicle_id": vehicle["id"]})).json()["data"]
    assert trip["distance_m"] == pytest.approx(6_000, rel=0.02)
    assert trip["ended_at"] is not None
    assert vehicle["latest"]["motion"] == "stopped"
    assert vehicle["latest"]["odometer_m"] == pytest.approx(trip["odometer_end_m"])
    one = (await demo.get(f"/trips/{trip['id']}")).json()
    assert one == trip


async def test_a_trip_that_lasts_shows_its_figures_so_far(demo: AsyncClient) -> None:
    told = []
    for first, last in ((0, 300), (300, 600)):
        await send(demo, drive("under-way", last)[first // 10 :])
        vehicle = await vehicle_named(demo, "under-way")
        (trip,) = (await demo.get("/trips", params={"vehicle_id": vehicle["id"]})).json()["data"]
        assert trip["ended_at"] is None
        told.append((trip["distance_m"], trip["drive_s"]))
    assert told[0][0] == pytest.approx(2_900, rel=0.02)
    assert told[1] == (pytest.approx(5_900, rel=0.02), pytest.approx(590, abs=1))


async def test_the_order_of_arrival_and_repetition_do_not_change_the_trips(demo: AsyncClient) -> None:
    rows = drive("ordered", 900) + parked("ordered", 900, 600, 900)
    shuffled = [{**row, "device": "shuffled"} for row in rows]
    await send(demo, rows)
    for start in (2, 0, 1):
        await send(demo, shuffled[start::3] + shuffled[start::7])
    told = []
    for name in ("ordered", "shuffled"):
        vehicle = await vehicle_named(demo, name)
        trips = (await demo.get("/trips", params={"vehicle_id": vehicle["id"]})).json()["data"]
        kept = ("started_at", "ended_at", "distance_m", "drive_s", "idle_s", "stops", "odometer_end_m", "start", "end")
        told.append([{name: trip[name] for name in kept} for trip in trips] + [vehicle["latest"]["odometer_m"]])
    assert told[0] == told[1]
    assert len(told[0]) == 2


async def test_the_same_rows_again_are_duplicates_and_change_nothing(demo: AsyncClient) -> None:
    rows = drive("again", 300)
    assert (await send(demo, rows))["accepted"] == 30
    assert await send(demo, rows) == {"accepted": 0, "duplicates": 30, "rejected": []}
    assert await send(demo, rows[:3] + rows[:3]) == {"accepted": 0, "duplicates": 6, "rejected": []}
    vehicle = await vehicle_named(demo, "again")
    assert len((await demo.get(f"/vehicles/{vehicle['id']}/positions")).json()["data"]) == 30


BAD_ROWS = [
    ({"lat": 91.0}, "out_of_range"),
    ({"lon": -180.5}, "out_of_range"),
    ({"speed_mps": -1}, "out_of_range"),
    ({"speed_mps": 1e300}, "out_of_range"),
    ({"speed_mps": 100}, "implausible_speed"),
    ({"fuel_percent": 101}, "out_of_range"),
    ({"lat": 0, "lon": 0}, "no_position"),
    ({"at": "1980-01-06T00:00:00Z"}, "time_too_old"),
    ({"at": "2090-01-01T00:00:00Z"}, "time_in_future"),
    ({"at": "2026-01-01T00:00:00"}, "malformed"),
    ({"at": "yesterday"}, "malformed"),
    ({"lat": "NaN"}, "malformed"),
    ({"lat": None}, "malformed"),
    ({"device": ""}, "malformed"),
    ({"device": "a\0b"}, "malformed"),
    ({"device": "x" * 101}, "malformed"),
    ({"ignition": 3}, "malformed"),
    ({"sensors": {"a": "b\0c"}}, "malformed"),
    ({"sensors": {"a": "x" * 20_000}}, "malformed"),
    ({"speed": 3}, "malformed"),
    ({"dtcs": "P0300"}, "malformed"),
]


@pytest.mark.parametrize(("wrong", "code"), BAD_ROWS)
async def test_a_bad_row_is_told_and_the_good_ones_are_kept(
    demo: AsyncClient, wrong: dict[str, Any], code: str
) -> None:
    number = [case for case, _ in BAD_ROWS].index(wrong)
    good = {"device": f"mixed-{number}", "at": at(0), "lat": 47.0, "lon": 9.0}
    receipt = await send(demo, [good, {**good, **wrong}, {**good, "at": at(60)}])
    assert receipt["accepted"] == 2
    ((told),) = receipt["rejected"]
    assert (told["index"], told["code"]) == (1, code)
    assert told["detail"].endswith(".")


async def test_a_teleport_is_told_and_does_not_move_the_vehicle(demo: AsyncClient) -> None:
    rows = drive("jumper", 100)
    rows.insert(5, {"device": "jumper", "at": at(45), "lat": 52.0, "lon": 9.0})
    receipt = await send(demo, rows)
    assert [(one["index"], one["code"]) for one in receipt["rejected"]] == [(5, "teleport")]
    vehicle = await vehicle_named(demo, "jumper")
    assert vehicle["latest"]["lat"] < 48


async def test_lines_of_json_are_taken_too(demo: AsyncClient) -> None:
    lines = b"\n".join(msgspec.json.encode(row) for row in drive("liner", 50)) + b"\nnot json\n"
    answer = await demo.post("/telemetry", content=lines, headers={"content-type": "application/x-ndjson"})
    assert answer.status_code == 200
    assert answer.json()["accepted"] == 5
    assert [one["index"] for one in answer.json()["rejected"]] == [5]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"positions":[{"device":"x","at":"2026-01-01T00:00:00Z","lat":NaN,"lon":1}]}', 400),
        (b'{"positions": 5}', 400),
        (b"[]", 400),
        (b"", 400),
        (b"\xff\xfe", 400),
        (b'{"positions":' + b"[" * 100_000, 400),
        (b'{"positions":[{"device":"x","sensors":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"}]}", 400),
        (b'{"positions":[' + b",".join([b"{}"] * 5_001) + b"]}", 422),
        (b" " * 10_000_000, 413),
    ],
)
async def test_what_is_no_batch_is_refused_with_a_sentence(demo: AsyncClient, body: bytes, status: int) -> None:
    answer = await demo.post("/telemetry", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status, answer.text[:300]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].endswith(".")


async def test_unknown_devices_are_refused_once_registration_is_off(demo: AsyncClient, other: AsyncClient) -> None:
    tenant = await other.get("/tenant")
    changed = await other.patch(
        "/tenant", json={"registers_unknown_devices": False}, headers={"if-match": tenant.headers["etag"]}
    )
    assert changed.status_code == 200
    receipt = await send(other, drive("stranger", 10))
    assert [one["code"] for one in receipt["rejected"]] == ["unknown_device"]
    added = await other.post("/devices", json={"identifiers": ["stranger"]})
    assert added.status_code == 201
    receipt = await send(other, drive("stranger", 10))
    assert [one["code"] for one in receipt["rejected"]] == ["device_unassigned"]
    vehicle = (await other.post("/vehicles", json={"name": "Assigned"})).json()
    body = {"vehicle_id": vehicle["id"], "from": at(-60)}
    assert (await other.post(f"/devices/{added.json()['id']}/assignments", json=body)).status_code == 201
    assert (await send(other, drive("stranger", 10)))["accepted"] == 1


async def test_the_assignment_at_the_time_of_the_fix_says_which_vehicle(demo: AsyncClient) -> None:
    first, second = [(await demo.post("/vehicles", json={"name": name})).json() for name in ("Before", "After")]
    device = (await demo.post("/devices", json={"identifiers": ["mover"]})).json()
    for vehicle, since in ((first, -100), (second, 100)):
        body = {"vehicle_id": vehicle["id"], "from": at(since)}
        await demo.post(f"/devices/{device['id']}/assignments", json=body)
    assert (await send(demo, drive("mover", 200)))["accepted"] == 20
    counts = [
        len((await demo.get(f"/vehicles/{vehicle['id']}/positions")).json()["data"]) for vehicle in (first, second)
    ]
    assert counts == [10, 10]
