"""Two walls: nobody sees another company, and who sees only own vehicles sees no other, by any way."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from httpx2 import AsyncClient
from psycopg import sql

from motorpool.apps.stream import DatabaseSource
from motorpool.features.accounts.api import AccountsAuthenticator
from motorpool.kernel.actor import Actor
from motorpool.runtime.db import RoleCouldBypass, begin, conninfo
from motorpool.runtime.instance import Instance, open_instance
from motorpool.runtime.secrets import role_password
from tests.support import instances
from tests.support.counting import opened
from tests.support.instances import KEY, Databases, Motorpool
from tests.support.people import member
from tests.support.routes import CASES, World, build_world

SETTINGS = ("app.tenant", "app.tenant_no", "app.actor", "app.scope")
LEFT = "select concat(" + ", ".join(f"current_setting('{name}', true)" for name in SETTINGS) + ") as left"
TABLES = (
    "vehicles",
    "vehicle_terms",
    "events",
    "devices",
    "device_identities",
    "trips",
    "latest",
    "positions",
    "memberships",
    "api_keys",
)


@pytest.fixture(scope="module")
async def instance(databases: Databases) -> AsyncIterator[Instance]:
    """An instance whose roles do not run."""
    async with opened(databases.new(), databases.data_dir) as found:
        yield found


async def one_of_each_company(instance: Instance) -> list[Actor]:
    """Somebody of each company."""
    async with instance.pools.identity.connection() as db:
        rows = await (await db.execute("select id, no from tenants order by no")).fetchall()
    return [Actor(row["id"], row["no"], uuid4()) for row in rows]


async def left_behind(instance: Instance) -> set[str]:
    """What the connections of the pool carry while nobody uses them."""
    pool = instance.pools.app
    held = [await pool.getconn() for _ in range(instance.settings.database_connections)]
    found = set()
    for db in held:
        row = await (await db.execute(LEFT.encode())).fetchone()
        assert row is not None
        found.add(row["left"])
        await db.rollback()
        await pool.putconn(db)
    return found


async def test_no_company_leaks_through_shared_connections_in_a_storm(instance: Instance) -> None:
    actors = await one_of_each_company(instance)
    chance = random.Random(7)
    seen: list[tuple[UUID, UUID, str]] = []

    async def command(actor: Actor, end: str) -> None:
        async with asyncio.timeout(0.5 if end == "timeout" else 30), begin(instance.pools.app, actor) as work:
            row = await work.one("select tenant() as id, (select string_agg(id::text, ' ') from tenants) as visible")
            assert row is not None
            seen.append((actor.tenant_id, row["id"], row["visible"]))
            await asyncio.sleep(chance.random() / 100)
            if end == "error":
                raise ValueError
            if end in ("timeout", "cancelled"):
                await work.one("select pg_sleep(5)")
            if end == "database error":
                await work.one("select 1 / 0")

    async def storm(number: int) -> str:
        end = chance.choice(["good", "good", "error", "timeout", "database error", "cancelled"])
        task = asyncio.create_task(command(actors[number % len(actors)], end))
        if end == "cancelled":
            await asyncio.sleep(chance.random() / 2)
            task.cancel()
        await asyncio.wait([task])
        return "cancelled" if task.cancelled() else type(task.exception()).__name__

    ends = await asyncio.gather(*(storm(number) for number in range(200)))
    assert {"cancelled", "ValueError", "TimeoutError", "DivisionByZero", "NoneType"} <= set(ends)
    assert len(seen) > 100
    assert all(mine == found and str(mine) == visible for mine, found, visible in seen)
    assert await left_behind(instance) == {""}


async def test_a_setting_of_the_session_would_be_left_behind_and_the_look_finds_it(instance: Instance) -> None:
    async with instance.pools.app.connection() as db:
        await db.execute("set app.tenant = 'leak'")
    assert await left_behind(instance) == {"", "leak"}
    for _ in range(instance.settings.database_connections * 3):
        async with instance.pools.app.connection() as db:
            await db.execute("reset app.tenant")
    assert await left_behind(instance) == {""}


async def test_without_a_tenant_there_is_nothing_to_see(instance: Instance) -> None:
    async with instance.pools.app.connection() as db:
        for table in (*TABLES, "tenants"):
            query = sql.SQL("select count(*) as n from {}").format(sql.Identifier(table))
            assert await (await db.execute(query)).fetchone() == {"n": 0}, table


async def test_a_row_of_another_company_cannot_be_written_or_given_away(instance: Instance) -> None:
    mine, theirs = await one_of_each_company(instance)
    row = {"id": uuid4(), "tenant": theirs.tenant_id}
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with begin(instance.pools.app, mine) as work:
            await work.run(
                "insert into fleets (tenant_id, id, name, sort_key) values (%(tenant)s, %(id)s, 'x', 'x')", row
            )
    async with begin(instance.pools.app, mine) as work:
        await work.run("insert into fleets (id, name, sort_key) values (%(id)s, 'x', 'x')", row)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with begin(instance.pools.app, mine) as work:
            await work.run("update fleets set tenant_id = %(tenant)s where id = %(id)s", row)


@pytest.mark.parametrize(
    "fault",
    [
        "alter role motorpool_app bypassrls",
        "alter role motorpool_relay superuser",
        "grant motorpool_owner to motorpool_ingest",
        "alter table motorpool.fleets owner to motorpool_app",
    ],
)
async def test_a_role_that_could_bypass_stops_the_start_with_a_sentence(databases: Databases, fault: str) -> None:
    undone = {
        "alter role motorpool_app bypassrls": "alter role motorpool_app nobypassrls",
        "alter role motorpool_relay superuser": "alter role motorpool_relay nosuperuser",
        "grant motorpool_owner to motorpool_ingest": "revoke motorpool_owner from motorpool_ingest",
    }
    url = databases.new()
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(fault.encode())
        try:
            with pytest.raises(RoleCouldBypass, match=r"could see past row-level security"):
                async with open_instance(instances.settings_for(databases.data_dir), KEY, url):
                    pass
        finally:
            db.execute(undone.get(fault, "select 1").encode())


@pytest.fixture(scope="module")
async def world(motorpool: Motorpool) -> World:
    """The demo company."""
    return await build_world(await motorpool.client(), "zzAlpha", (await member(motorpool, "driver"))[0])


@pytest.fixture(scope="module")
async def foreign(motorpool: Motorpool, world: World) -> World:
    """The other company, whose texts all begin with a canary and whose trackers say the same names as the first company's."""
    person_id, _ = await member(motorpool, "driver", "other")
    found = await build_world(await motorpool.client("admin@other.example"), "zzBeta", person_id)
    for client in (world.client, found.client):
        at = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
        row = {
            "device": "same-name",
            "at": at,
            "lat": 47.1,
            "lon": 9.1,
            "sensors": {"of": "zzBeta" if client is found.client else "zzAlpha"},
        }
        assert (await client.post("/telemetry", json={"positions": [row]})).json()["accepted"] == 1
    return found


@pytest.mark.parametrize("role", ["app", "relay", "identity", "control", "ingest"])
def test_nobody_reads_a_partition(motorpool: Motorpool, world: World, role: str) -> None:
    with psycopg.connect(conninfo(motorpool.url, role, role_password(KEY, role))) as db:
        parts = db.execute("select c.relname from pg_class c where c.relispartition and c.relkind = 'r'").fetchall()
        assert parts
        for (part,) in parts:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(sql.SQL("select * from {}").format(sql.Identifier(part)))
            db.rollback()


def gets(ids: dict[str, str]) -> Iterator[str]:
    """Every address that can be read, lists as large as they come."""
    for case in CASES:
        if case.method == "GET":
            yield case.path(ids)
    yield from (
        "/vehicles?q=zz",
        "/vehicles?q=same",
        "/search?q=zz",
        "/search?q=same",
        "/vehicles?limit=200",
        "/positions/latest?limit=5000",
    )


@pytest.mark.parametrize("accept", ["application/json", "text/csv", "application/x-ndjson"])
async def test_no_answer_to_one_company_holds_a_word_of_the_other(world: World, foreign: World, accept: str) -> None:
    for mine, theirs in ((world, foreign), (foreign, world)):
        own = 0
        for address in (*gets(mine.ids()), *gets(theirs.ids())):
            query = {"vehicle_id": mine.vehicle["id"]} if address.startswith("/stops") else {}
            answer = await mine.client.get(address, params=query or None, headers={"accept": accept})
            assert theirs.canary not in answer.text, address
            for id in (theirs.vehicle["id"], theirs.trip["id"], theirs.fleet["id"]):
                assert id not in answer.text.replace(address, ""), address
            own += mine.canary in answer.text
        assert own >= 8, "the canary was never seen where it belongs"


async def test_the_same_name_of_two_trackers_is_two_vehicles(world: World, foreign: World) -> None:
    found = []
    for one in (world, foreign):
        (vehicle,) = (await one.client.get("/vehicles", params={"q": "same-name"})).json()["data"]
        (row,) = (await one.client.get(f"/vehicles/{vehicle['id']}/positions")).json()["data"]
        assert row["sensors"] == {"of": one.canary}
        found.append(vehicle["id"])
    assert found[0] != found[1]


@pytest.fixture(scope="module")
async def driver(motorpool: Motorpool, world: World) -> AsyncClient:
    """A driver who may see one vehicle of the company's several."""
    id, client = await member(motorpool, "driver")
    hidden = (await world.client.post("/vehicles", json={"name": "zzAlpha hidden"})).json()
    at = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    device = await world.client.post("/devices", json={"identifiers": ["hidden-one"], "vehicle_id": hidden["id"]})
    assert device.status_code == 201
    body = {"vehicle_id": hidden["id"], "from": "2026-01-01T00:00:00Z"}
    await world.client.post(f"/devices/{device.json()['id']}/assignments", json=body)
    rows = [{"device": "hidden-one", "at": at, "lat": 47.3, "lon": 9.3}]
    assert (await world.client.post("/telemetry", json={"positions": rows})).json()["accepted"] == 1
    answer = await world.client.post(f"/vehicles/{world.vehicle['id']}/viewers", json={"person_id": str(id)})
    assert answer.status_code == 204
    return client


async def listed(client: AsyncClient, path: str) -> set[str]:
    """The vehicles a list is about."""
    rows = (await client.get(path)).json()["data"]
    return {row.get("vehicle_id") or row["id"] for row in rows}


@pytest.mark.parametrize(
    "path", ["/vehicles", "/vehicles?q=zzAlpha", "/positions/latest", "/trips", "/search?q=zzAlpha"]
)
async def test_a_driver_sees_the_vehicles_he_was_made_a_viewer_of_and_no_other(
    world: World, driver: AsyncClient, path: str
) -> None:
    assert await listed(driver, path) == {world.vehicle["id"]}
    if path != "/trips":
        assert len(await listed(world.client, path)) > 1


async def test_a_vehicle_a_driver_may_not_see_is_not_there(world: World, driver: AsyncClient) -> None:
    (hidden,) = (await world.client.get("/vehicles?q=hidden")).json()["data"]
    for path in (
        f"/vehicles/{hidden['id']}",
        f"/vehicles/{hidden['id']}/positions",
        f"/trips?vehicle_id={hidden['id']}",
        f"/stops?vehicle_id={hidden['id']}",
    ):
        unseen, random_one = await driver.get(path), await driver.get(path.replace(hidden["id"], str(uuid4())))
        assert unseen.status_code == 404
        assert unseen.content == random_one.content
        assert (await world.client.get(path)).status_code == 200
    for path in (
        f"/vehicles/{world.vehicle['id']}/positions",
        f"/trips/{world.trip['id']}",
        f"/stops?vehicle_id={world.vehicle['id']}",
    ):
        assert (await driver.get(path)).status_code == 200


async def actor_of(motorpool: Motorpool, client: AsyncClient) -> Actor:
    """Who a client is."""
    found = await AccountsAuthenticator(motorpool.instance.pools.identity, KEY).by_bearer(
        client.headers["authorization"][7:]
    )
    assert found is not None
    return found


async def test_a_driver_hears_the_events_of_his_vehicles_alone(
    motorpool: Motorpool, world: World, foreign: World, driver: AsyncClient
) -> None:
    source = DatabaseSource(motorpool.instance, AccountsAuthenticator(motorpool.instance.pools.identity, KEY))
    mine, admin = await actor_of(motorpool, driver), await actor_of(motorpool, world.client)
    async with asyncio.timeout(20):
        while not (heard := await source.events_after(mine, 0, 1000)):
            await asyncio.sleep(0.05)
    assert {str(one.vehicle_id) for one in heard} == {world.vehicle["id"]}
    all_heard = await source.events_after(admin, 0, 1000)
    assert {one.tenant_id for one in all_heard} == {admin.tenant_id}
    assert len({one.vehicle_id for one in all_heard}) > 2


async def test_the_live_picture_of_a_driver_holds_his_vehicles_alone(
    motorpool: Motorpool, world: World, driver: AsyncClient
) -> None:
    source = DatabaseSource(motorpool.instance, AccountsAuthenticator(motorpool.instance.pools.identity, KEY))
    actor = await actor_of(motorpool, driver)
    picture = await source.snapshot(actor, f"tenant:{actor.tenant_id}")
    assert [str(one["id"]) for one in picture.vehicles] == [world.vehicle["id"]]


async def test_a_driver_sees_nothing_more_once_he_is_no_viewer(motorpool: Motorpool, world: World) -> None:
    id, client = await member(motorpool, "driver")
    path = f"/vehicles/{world.vehicle['id']}/viewers"
    await world.client.post(path, json={"person_id": str(id)})
    assert await listed(client, "/vehicles") == {world.vehicle["id"]}
    assert (await world.client.delete(f"{path}/{id}")).status_code == 204
    assert await listed(client, "/vehicles") == set()
    assert (await world.client.delete(f"{path}/{id}")).status_code == 404


@pytest.mark.parametrize(
    "table", ["vehicles", "vehicle_terms", "positions", "latest", "trips", "stops", "events", "device_assignments"]
)
async def test_the_second_wall_stands_in_every_table_with_a_vehicle(
    motorpool: Motorpool, world: World, driver: AsyncClient, table: str
) -> None:
    actor = await actor_of(motorpool, driver)
    admin = await actor_of(motorpool, world.client)
    column = {"vehicles": "id", "positions": "vehicle_no", "latest": "vehicle_no"}.get(table, "vehicle_id")
    seen = []
    for one in (actor, admin):
        async with begin(motorpool.instance.pools.app, one) as work:
            rows = await work.all(f"select distinct {column}::text as vehicle from {table} where {column} is not null")
        seen.append({row["vehicle"] for row in rows})
    assert seen[0] == {str(world.vehicle["no" if column == "vehicle_no" else "id"])}
    assert seen[0] <= seen[1]
