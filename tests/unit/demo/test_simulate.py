"""The demo against a small server on a real socket: it registers once, tells the past, then drives."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from motorpool.apps.client import Client, Credentials, CredentialsRefused
from motorpool.apps.simulate import drive_demo
from motorpool.demo.simulate import Demo, now_us, simulate
from support.api_server import ApiServer, api_server

DEMO = Demo(vehicles=14, seed=1, history_hours=2.0)


async def until(enough: Callable[[], bool], driving: "asyncio.Future[Any]") -> None:
    while not enough() and not driving.done():
        await asyncio.sleep(0.05)
    driving.cancel()
    await asyncio.gather(driving, return_exceptions=True)
    assert enough()


async def driven(server: ApiServer, demo: Demo, enough: Callable[[], bool]) -> None:
    async with Client(server.url) as client:
        await until(enough, asyncio.ensure_future(simulate(client, demo)))


def live(server: ApiServer) -> list[dict[str, Any]]:
    """Rows of vehicles that moved within the last seconds."""
    now = datetime.now(UTC)
    return [r for r in server.arrived if (now - datetime.fromisoformat(r["at"])).total_seconds() < 4]


def everybody(server: ApiServer) -> bool:
    return len({row["device"] for row in server.arrived}) == DEMO.vehicles and bool(live(server))


async def test_it_registers_fleets_vehicles_and_trackers_and_gives_each_vehicle_its_tracker() -> None:
    async with api_server() as server:
        await driven(server, DEMO, lambda: everybody(server))
        assert {fleet["name"] for fleet in server.tables["fleets"]} == {"Delivery", "Haulage", "Buses", "Service"}
        assert len(server.tables["vehicles"]) == len(server.tables["devices"]) == DEMO.vehicles
        assert {d["vehicle_id"] for d in server.tables["devices"]} == {v["id"] for v in server.tables["vehicles"]}
        first = min(str(row["at"]) for row in server.arrived)
        assert all(a["from"] < first for a in server.tables["assignments"])


async def test_the_past_is_told_before_the_present_of_each_vehicle_and_oldest_first_but_for_bursts() -> None:
    async with api_server() as server:
        await driven(server, DEMO, lambda: everybody(server))
        for device in {row["device"] for row in server.arrived}:
            at = [str(row["at"]) for row in server.arrived if row["device"] == device]
            late = sum(later < max(at[: k + 1]) for k, later in enumerate(at[1:]))
            assert late < 0.5 * len(at)


async def test_started_again_it_adds_no_second_fleet_and_repeats_nothing() -> None:
    async with api_server() as server:
        await driven(server, DEMO, lambda: everybody(server))
        server.hear()
        tables = {name: len(rows) for name, rows in server.tables.items()}
        before, last = len(server.arrived), {v["id"]: v["latest"] for v in server.tables["vehicles"]}
        vehicle = {d["identifiers"][0]["value"]: d["vehicle_id"] for d in server.tables["devices"]}
        await driven(server, DEMO, lambda: len(server.arrived) > before + 5)
        assert {name: len(rows) for name, rows in server.tables.items()} == tables
        for row in server.arrived[before:]:
            assert row["at"] > last[vehicle[row["device"]]]["at"]
            assert row["odometer_m"] >= last[vehicle[row["device"]]]["odometer_m"] - 1


async def test_without_a_past_it_drives_from_now_on() -> None:
    async with api_server() as server:
        start = datetime.now(UTC).isoformat()
        await driven(server, Demo(vehicles=14, history_hours=0.0), lambda: len(server.arrived) > 10)
        assert min(str(row["at"]) for row in server.arrived) > start[:19]


async def test_at_a_higher_speed_the_past_is_driven_before_ones_eyes() -> None:
    async with api_server() as server:
        await driven(server, Demo(vehicles=4, history_hours=6.0, times_faster=120.0), lambda: len(server.arrived) > 200)
        newest = max(datetime.fromisoformat(row["at"]) for row in server.arrived)
        assert (datetime.now(UTC) - newest).total_seconds() > 3600


async def test_the_demo_drives_for_every_account_it_offers() -> None:
    async with api_server() as server:
        await until(lambda: len(server.arrived) > 10, asyncio.ensure_future(drive_demo(server.url, 4, 0.1)))
        assert len(server.tables["vehicles"]) == 4


async def test_when_the_server_refuses_the_simulation_ends_with_its_reason() -> None:
    async with api_server() as server, Client(server.url, Credentials(api_key="mpk_wrong")) as client:
        with pytest.raises(CredentialsRefused):
            await simulate(client, DEMO)


def test_the_present_is_in_microseconds() -> None:
    assert abs(now_us() / 1e6 - datetime.now(UTC).timestamp()) < 5
