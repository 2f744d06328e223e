"""Devices: identifiers, whose they are on the device ports, assignment over time, devices nobody knew."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from httpx2 import AsyncClient

from motorpool.apps.ingest import registrar
from motorpool.features.devices.api import export_devices
from motorpool.features.trips.api import export_trips
from motorpool.kernel.actor import Actor, system_actor
from motorpool.runtime.db import begin
from tests.support.instances import Motorpool
from tests.support.routes import build_world

NOW = datetime.now(UTC).replace(microsecond=0)


async def add(client: AsyncClient, *identifiers: str, **fields: Any) -> dict[str, Any]:
    """Add a device."""
    answer = await client.post("/devices", json={"identifiers": identifiers or [str(uuid4())], **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def change(client: AsyncClient, id: str, **fields: Any) -> Any:
    """Change a device as it is now."""
    etag = (await client.get(f"/devices/{id}")).headers["etag"]
    return await client.patch(f"/devices/{id}", json=fields, headers={"if-match": etag})


async def owner(client: AsyncClient) -> Actor:
    """Motorpool at work in the company of a client."""
    tenant = (await client.get("/auth/me")).json()["tenant"]
    return system_actor(tenant["id"], tenant["no"])


async def test_a_device_is_named_after_its_first_identifier_and_keeps_them_in_order(demo: AsyncClient) -> None:
    made = await add(demo, " imei-2 ", "imei-1", "imei-2", model="FMB920")
    assert (made["name"], made["model"], made["vehicle_id"]) == ("imei-2", "FMB920", None)
    assert made["identifiers"] == [{"value": "imei-1", "on_ports": True}, {"value": "imei-2", "on_ports": True}]


async def test_an_identifier_is_once_in_a_company(demo: AsyncClient) -> None:
    await add(demo, "taken")
    answer = await demo.post("/devices", json={"identifiers": ["free", "taken"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "identifier_taken")
    assert (await add(demo, "free"))["name"] == "free"  # nothing was kept of the refused one


async def test_two_companies_cannot_both_speak_under_one_identifier_on_the_ports(
    demo: AsyncClient, other: AsyncClient
) -> None:
    made = await add(demo, "claimed")
    refused = await other.post("/devices", json={"identifiers": ["claimed"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "identifier_claimed")
    mine = await add(other, "mine")
    assert (await change(other, mine["id"], identifiers=["mine", "claimed"])).status_code == 409
    assert (await change(demo, made["id"], identifiers=["renamed"])).status_code == 200
    assert (await change(other, mine["id"], identifiers=["mine", "claimed"])).status_code == 200


async def test_one_of_two_that_claim_at_the_same_moment_gets_it(demo: AsyncClient, other: AsyncClient) -> None:
    for number in range(5):
        body = {"identifiers": [f"race-{number}"]}
        answers = await asyncio.gather(*(one.post("/devices", json=body) for one in (demo, other, demo, other)))
        assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]


@pytest.mark.parametrize(
    "identifiers", [[], [""], ["  "], ["x" * 101], ["a\u0001"], [str(n) for n in range(11)], [5], None, "x"]
)
async def test_identifiers_that_are_none_are_refused(demo: AsyncClient, identifiers: Any) -> None:
    assert (await demo.post("/devices", json={"identifiers": identifiers})).status_code == 422


async def test_assignments_are_a_list_of_beginnings(demo: AsyncClient) -> None:
    first, second = [(await demo.post("/vehicles", json={"name": name})).json()["id"] for name in ("A", "B")]
    device = await add(demo, "assigned")
    for vehicle, days in ((second, 1), (first, 3), (None, 2)):
        body = {"vehicle_id": vehicle, "from": (NOW - timedelta(days=days)).isoformat()}
        assert (await demo.post(f"/devices/{device['id']}/assignments", json=body)).status_code == 201
    rows = (await demo.get(f"/devices/{device['id']}/assignments")).json()["data"]
    assert [one["vehicle_id"] for one in rows] == [first, None, second]
    assert (await demo.get(f"/devices/{device['id']}")).json()["vehicle_id"] == second
    again = {"vehicle_id": first, "from": (NOW - timedelta(days=1)).isoformat(), "source": False}
    await demo.post(f"/devices/{device['id']}/assignments", json=again)
    rows = (await demo.get(f"/devices/{device['id']}/assignments")).json()["data"]
    assert [(one["vehicle_id"], one["source"]) for one in rows] == [(first, True), (None, True), (first, False)]


async def test_an_assignment_of_tomorrow_does_not_hold_today(demo: AsyncClient) -> None:
    vehicle = (await demo.post("/vehicles", json={"name": "Tomorrow"})).json()["id"]
    device = await add(demo, vehicle_id=vehicle)
    body = {"vehicle_id": None, "from": (NOW + timedelta(days=1)).isoformat()}
    assert (await demo.post(f"/devices/{device['id']}/assignments", json=body)).json()["vehicle_id"] == vehicle
    found = (await demo.get("/devices", params={"vehicle_id": vehicle})).json()["data"]
    assert [one["id"] for one in found] == [device["id"]]


async def names_registered(motorpool: Motorpool, client: AsyncClient) -> set[str]:
    """Identifiers of a company's devices."""
    async with begin(motorpool.instance.pools.app, await owner(client)) as work:
        return {row["value"] for row in (await export_devices(work))["device_identifiers"]}


@pytest.mark.parametrize("name", ["\u0001", " ", " blank", "blank ", "a\u001fb", "\u200b", "\u2028", "tab\t"])
async def test_a_device_that_says_no_name_is_unknown_and_costs_the_others_nothing(
    motorpool: Motorpool, demo: AsyncClient, name: str
) -> None:
    good = f"good-{uuid4()}"
    rows = [{"device": one, "at": NOW.isoformat(), "lat": 47.0, "lon": 9.0} for one in (name, good)]
    answer = await demo.post("/telemetry", json={"positions": rows})
    assert answer.status_code == 200, answer.text
    assert answer.json()["accepted"] == 1
    assert [(one["index"], one["code"]) for one in answer.json()["rejected"]] == [(0, "unknown_device")]
    assert good in await names_registered(motorpool, demo)


async def test_an_identifier_of_another_company_costs_the_others_of_the_ports_nothing(
    motorpool: Motorpool, demo: AsyncClient, other: AsyncClient
) -> None:
    await add(other, "theirs-on-ports")
    before = (await demo.get("/vehicles", params={"q": "theirs"})).json()["data"]
    await registrar(motorpool.instance)(None, ["one-on-ports", "theirs-on-ports", "two-on-ports"])
    found = await names_registered(motorpool, demo)
    assert {"one-on-ports", "two-on-ports"} <= found
    assert "theirs-on-ports" not in found
    assert before == (await demo.get("/vehicles", params={"q": "theirs"})).json()["data"] == []


async def test_a_device_nobody_knew_is_registered_once_however_many_hear_it_at_once(
    motorpool: Motorpool, demo: AsyncClient
) -> None:
    tenant = await owner(demo)
    names = [f"storm-{number}" for number in range(20)]
    register = registrar(motorpool.instance)
    await asyncio.gather(*(register(tenant.tenant_id, names[::step]) for step in (1, -1, 2, -2, 3)))
    assert set(names) <= await names_registered(motorpool, demo)
    vehicles = (await demo.get("/vehicles", params={"q": "storm", "limit": 200})).json()["data"]
    assert sorted(one["name"] for one in vehicles) == sorted(names)


async def test_an_export_holds_every_table_of_devices_and_trips(motorpool: Motorpool, other: AsyncClient) -> None:
    world = await build_world(other, "zzGamma", uuid4())
    async with begin(motorpool.instance.pools.app, await owner(other), frozen=True) as work:
        devices, trips = await export_devices(work), await export_trips(work)
    assert devices.keys() == {"devices", "device_identifiers", "device_identities", "device_assignments"}
    assert world.device["id"] in {str(one["id"]) for one in devices["devices"]}
    assert [str(one["id"]) for one in trips["trips"]] == [world.trip["id"]]
    assert len(trips["stops"]) == 1
    me = await owner(other)
    assert {str(row["tenant_id"]) for table in devices.values() for row in table} == {me.tenant_id}
    assert {row["tenant_no"] for table in trips.values() for row in table} == {me.tenant_no}
