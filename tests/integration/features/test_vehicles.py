"""Vehicles and fleets: VINs, what a search finds, fleets, states, viewers."""

from typing import Any
from uuid import uuid4

import pytest
from httpx2 import AsyncClient

from motorpool.features.vehicles.api import erase_viewer, export_vehicles, search_vehicles
from motorpool.kernel.actor import system_actor
from motorpool.runtime.db import begin
from tests.support.instances import Motorpool
from tests.support.people import member

VIN = "1M8GDM9AXKP042788"


async def add(client: AsyncClient, **fields: Any) -> dict[str, Any]:
    """Add a vehicle."""
    answer = await client.post("/vehicles", json={"name": "Vehicle", **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def change(client: AsyncClient, id: str, **fields: Any) -> Any:
    """Change a vehicle as it is now."""
    etag = (await client.get(f"/vehicles/{id}")).headers["etag"]
    return await client.patch(f"/vehicles/{id}", json=fields, headers={"if-match": etag})


async def found(client: AsyncClient, q: str) -> list[str]:
    """Names of the vehicles a search finds, in order."""
    return [one["name"] for one in (await client.get("/vehicles", params={"q": q})).json()["data"]]


async def test_a_vehicle_is_answered_as_it_was_given_and_where_it_lies(demo: AsyncClient) -> None:
    body = {
        "name": " Bus 7 ",
        "vin": VIN.lower(),
        "plate": "ZH 1",
        "make": "MCI",
        "model": "J",
        "year": 2019,
        "kind": "bus",
        "fuel_type": "diesel",
    }
    answer = await demo.post("/vehicles", json=body)
    made = answer.json()
    assert {name: made[name] for name in body} == {**body, "name": "Bus 7", "vin": VIN}
    assert (made["status"], made["latest"], made["version"]) == ("in_service", None, 1)
    assert answer.headers["location"] == f"/api/v1/vehicles/{made['id']}"
    assert (await demo.get(f"/vehicles/{made['id']}")).json() == made


@pytest.mark.parametrize(
    "vin",
    [
        "1M8GDM9A1KP042788",
        "1M8GDM9AXKP04278",
        "IM8GDM9AXKP042788",
        "",
        "O" * 17,
        "1M8GDM9AXKP042788 1",
        "11111111111111112",
    ],
)
async def test_a_vin_that_is_none_is_refused_with_its_reason(demo: AsyncClient, vin: str) -> None:
    answer = await demo.post("/vehicles", json={"name": "x", "vin": vin})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "vin"


@pytest.mark.parametrize("vin", ["WVWZZZ1JZXW000001", "VF1AAAAA555000001"])
async def test_a_vin_of_europe_needs_no_check_digit(demo: AsyncClient, vin: str) -> None:
    assert (await add(demo, vin=vin))["vin"] == vin


async def test_a_vin_is_once_in_a_company_and_free_in_another(demo: AsyncClient, other: AsyncClient) -> None:
    vin = "WDB9634031L000001"
    first = await add(demo, vin=vin)
    again = await demo.post("/vehicles", json={"name": "x", "vin": vin})
    assert (again.status_code, again.json()["code"]) == (409, "vin_taken")
    second = await add(demo)
    assert (await change(demo, second["id"], vin=vin)).json()["code"] == "vin_taken"
    assert (await change(demo, first["id"], vin=vin, name="Same VIN")).status_code == 200
    assert (await add(other, vin=vin))["vin"] == vin


@pytest.mark.parametrize(
    ("vehicle", "words"),
    [
        ({"name": "Müllwagen Süd"}, ["mull", "MÜLL", "müllwagen süd", "sud", "Sud mull"]),
        ({"name": "Sprinter", "plate": "ZH-48 213"}, ["zh48213", "ZH-48", "zh 48 213", "213"]),
        ({"name": "Van Smith-Jones"}, ["smith-jones", "jones", "smith", "van smith-j", "smithjones"]),
        ({"name": "Transit 7-Long"}, ["7-long", "transit", "7"]),
        ({"name": "Straße 5"}, ["strasse", "STRASSE", "straße"]),
        ({"name": "İzmir ﬁre"}, ["izmir", "fire"]),
        ({"name": "Ω-Wagen 東京"}, ["ω", "東京", "wagen"]),
        ({"name": "Maker", "make": "Škoda", "model": "Octavia"}, ["skoda octavia", "octa maker"]),
        ({"name": "Vinny", "vin": "WAUZZZ8K9BA000001"}, ["wauzzz8k9", "WAUZZZ8K9BA000001"]),
    ],
)
async def test_a_search_finds_beginnings_of_words_whatever_the_case_and_the_marks(
    demo: AsyncClient, vehicle: dict[str, str], words: list[str]
) -> None:
    await add(demo, **vehicle)
    for q in words:
        assert vehicle["name"] in await found(demo, q), q


async def test_a_search_needs_every_word_and_finds_no_middles(demo: AsyncClient) -> None:
    await add(demo, name="Yellow Digger", plate="BE 900")
    assert await found(demo, "yellow 900") == ["Yellow Digger"]
    for q in ("yellow blue", "ellow", "igger", "--", "%", "_", "y_llow", "900 901"):
        assert await found(demo, q) == [], q
    assert "Yellow Digger" in await found(demo, "   ") or len(await found(demo, "")) == 50


async def test_a_search_finds_the_new_name_and_not_the_old(demo: AsyncClient) -> None:
    made = await add(demo, name="Oldname")
    assert (await change(demo, made["id"], name="Newname")).status_code == 200
    assert await found(demo, "oldname") == []
    assert await found(demo, "newname") == ["Newname"]


async def test_filters_narrow_together(demo: AsyncClient) -> None:
    fleet = (await demo.post("/fleets", json={"name": "Filtered"})).json()
    await add(demo, name="Filter A", fleet_id=fleet["id"])
    await add(demo, name="Filter B", fleet_id=fleet["id"], status="reserved")
    await add(demo, name="Filter C", status="reserved")
    query = {"fleet_id": fleet["id"], "status": "reserved", "q": "filter"}
    rows = (await demo.get("/vehicles", params=query)).json()["data"]
    assert [one["name"] for one in rows] == ["Filter B"]
    assert (await demo.get(f"/fleets/{fleet['id']}")).json()["vehicles"] == 2


@pytest.mark.parametrize(
    "fields",
    [{"kind": "plane"}, {"year": 1800}, {"year": "2020"}, {"year": True}, {"year": 2020.5}, {"name": None}, {"name": "   "}, {"status": "lost"},
     {"fuel_type": ""}, {"plate": "x" * 41}, {"make": "a\u0007b"}, {"plate": "a\u0001"}, {"fleet_id": "x"}, {"name": "x" * 201}],
)  # fmt: skip
async def test_a_field_that_makes_no_sense_is_refused_when_adding_and_when_changing(
    demo: AsyncClient, fields: dict[str, Any]
) -> None:
    answer = await demo.post("/vehicles", json={"name": "x", **fields})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == next(iter(fields))
    made = await add(demo)
    assert (await change(demo, made["id"], **fields)).status_code == 422


async def test_what_is_left_out_stays_and_null_empties(demo: AsyncClient) -> None:
    made = await add(demo, name="Partial", plate="P 1", make="M", year=2000)
    after = (await change(demo, made["id"], plate=None)).json()
    assert after == {**made, "plate": None, "version": 2}
    assert (await change(demo, made["id"])).json() == {**after, "version": 3}


async def test_a_retired_vehicle_changes_only_by_coming_back(demo: AsyncClient) -> None:
    made = await add(demo, status="retired")
    refused = await change(demo, made["id"], name="Zombie")
    assert (refused.status_code, refused.json()["code"]) == (409, "vehicle_retired")
    back = await change(demo, made["id"], status="in_service", name="Back")
    assert (back.status_code, back.json()["name"]) == (200, "Back")


async def test_a_fleets_name_is_once_whatever_its_case(demo: AsyncClient, other: AsyncClient) -> None:
    first = await demo.post("/fleets", json={"name": "Nörd"})
    assert (await demo.post("/fleets", json={"name": "NORD"})).json()["code"] == "fleet_name_taken"
    assert (await other.post("/fleets", json={"name": "nord"})).status_code == 201
    url, etag = f"/fleets/{first.json()['id']}", {"if-match": first.headers["etag"]}
    assert (await demo.patch(url, json={"name": "Nord"}, headers=etag)).json()["name"] == "Nord"


async def test_a_viewer_is_somebody_of_the_company_and_adding_twice_is_once(
    motorpool: Motorpool, demo: AsyncClient
) -> None:
    made = await add(demo, name="Viewed")
    id, driver = await member(motorpool, "driver")
    stranger, _ = await member(motorpool, "driver", "other")
    path = f"/vehicles/{made['id']}/viewers"
    for nobody in (stranger, uuid4()):
        refused = await demo.post(path, json={"person_id": str(nobody)})
        assert (refused.status_code, refused.json()["code"]) == (422, "person_unknown")
    for _ in range(2):
        assert (await demo.post(path, json={"person_id": str(id)})).status_code == 204
    assert [one["id"] for one in (await driver.get("/vehicles")).json()["data"]] == [made["id"]]


async def test_erasing_a_person_forgets_what_they_saw_and_nothing_else(motorpool: Motorpool, demo: AsyncClient) -> None:
    made = await add(demo, name="Erased from")
    people = [await member(motorpool, "driver") for _ in range(2)]
    for id, _ in people:
        await demo.post(f"/vehicles/{made['id']}/viewers", json={"person_id": str(id)})
    me = (await demo.get("/auth/me")).json()["tenant"]
    async with begin(motorpool.instance.pools.app, system_actor(me["id"], me["no"])) as work:
        await erase_viewer(work, people[0][0])
        left = {row["person_id"] for row in (await export_vehicles(work))["vehicle_viewers"]}
    assert people[0][0] not in left
    assert people[1][0] in left


async def test_search_gives_a_line_for_each_and_export_every_row(motorpool: Motorpool, demo: AsyncClient) -> None:
    await add(demo, name="Searched one", plate="SE 1")
    me = (await demo.get("/auth/me")).json()["tenant"]
    async with begin(motorpool.instance.pools.app, system_actor(me["id"], me["no"])) as work:
        (hit,) = await search_vehicles(work, "searched", 10)
        export = await export_vehicles(work)
        assert len(await search_vehicles(work, "vehicle", 2)) == 2
    assert (hit.kind, hit.title, hit.detail) == ("vehicle", "Searched one", "SE 1")
    assert export.keys() == {"fleets", "vehicles", "vehicle_viewers"}
    assert "Searched one" in {one["name"] for one in export["vehicles"]}
    assert {str(one["tenant_id"]) for rows in export.values() for one in rows} == {me["id"]}
