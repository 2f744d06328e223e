"""Every SQL constant fits the migrated schema as the role that runs it, and none reads more of a large table than it must."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.rows import dict_row

from motorpool.features.devices import queries as devices
from motorpool.features.trips import queries as trips
from motorpool.features.vehicles import queries as vehicles
from motorpool.features.vehicles.queries import VehicleFilter
from motorpool.kernel.actor import Actor
from motorpool.runtime.db import Work, begin, conninfo, make_pool
from motorpool.runtime.secrets import role_password
from motorpool.runtime.sql import Sort, _cursor
from tests.support.instances import KEY, Databases
from tests.support.large_tables import LARGE, fill
from tests.support.plans import EXPLAIN, Explaining, Judge
from tests.support.statements import PREPARABLE, SQL, Statement, sql_inside_functions, statements

STATEMENTS = statements()
PREPARED = [(one, role) for one in STATEMENTS if PREPARABLE.match(one.text) for role in one.roles]
TEMPORARY = [one.text for one in STATEMENTS if one.text.strip().startswith("create temporary table if not exists")]
OF_APP = [one for one in STATEMENTS if "app" in one.roles and PREPARABLE.match(one.text)]

READS_A_WHOLE_TENANT = {
    "features.vehicles.api.LIVE_VEHICLES": "the live picture shows every vehicle of the company",
    "features.vehicles.api.EXPORT_VEHICLES": "an export is everything",
    "features.trips.api.EXPORT_TRIPS": "an export is everything",
    "features.trips.api.EXPORT_STOPS": "an export is everything",
    **{
        f"features.{name}": "ends before its where; explained below as it is composed"
        for name in ("vehicles.queries.LIST_VEHICLES", "trips.queries.LATEST", "trips.queries.POSITIONS",
                     "trips.queries.TRIPS", "trips.queries.STOPS")
    },
}  # fmt: skip
"""Constants that may read all vehicles, trips or stops, and why."""

NO_CONSTANT = {
    "apps.backup: drop database if exists {} with (force)": "removes what a restore left unfinished",
    "apps.backup: select from pg_database where datname = %s": "asks the server, not the schema",
    "apps.database: select to_regnamespace('motorpool') is null": "asks whether there is a schema at all",
    "apps.up: select 1": "asks whether the database answers",
    "telemetry.store: select 1": "asks whether the connection that holds the shard lives",
    "runtime.db: set transaction isolation level repeatable read, read only": "begins a transaction",
    **{
        f"migrations.run: {text}": "runs before there is a schema"
        for text in (
            "create database {}",
            "create schema if not exists motorpool",
            "grant connect, create, temporary on database {} to {}",
            "grant temporary on database {} to motorpool_ingest",
            "grant usage on schema motorpool to {}",
            "select from pg_database where datname = %s",
            "select pg_advisory_lock(7305117, 0)",
        )
    },
}
"""SQL written inside a function, and why it is no constant."""


@pytest.fixture(scope="module")
def url(databases: Databases) -> str:
    """A database in use."""
    made = databases.new()
    fill(made)
    return made


@pytest.fixture(scope="module")
def connections(url: str) -> Iterator[Callable[[str], psycopg.Connection[Any]]]:
    """A connection of each role, opened when it is asked for."""
    opened: dict[str, psycopg.Connection[Any]] = {}

    def connect(role: str) -> psycopg.Connection[Any]:
        if role not in opened:
            opened[role] = psycopg.connect(
                conninfo(url, role, role_password(KEY, role)), row_factory=dict_row, autocommit=True
            )
            for text in TEMPORARY if role == "ingest" else ():
                opened[role].execute(text.encode())
        return opened[role]

    yield connect
    for one in opened.values():
        one.close()


@pytest.fixture(scope="module")
def judge(connections: Callable[[str], psycopg.Connection[Any]]) -> Judge:
    """Knows the large tables and their indexes."""
    return Judge.of(connections("owner"), LARGE)


@pytest.fixture(scope="module")
def actor(url: str) -> Actor:
    """Somebody of a company with a thousand vehicles."""
    with psycopg.connect(url) as db:
        found = db.execute("select id, no from motorpool.tenants where slug = 't7'").fetchone()
    assert found is not None
    return Actor(found[0], found[1], uuid4())


@pytest.fixture(scope="module")
async def explaining(url: str, actor: Actor) -> AsyncIterator[Explaining]:
    """A unit of work as app that explains what it is asked."""
    pool = make_pool(conninfo(url, "app", role_password(KEY, "app")), 1)
    await pool.open()
    async with begin(pool, actor) as work:
        yield Explaining(**{one.name: getattr(work, one.name) for one in fields(Work)})
    await pool.close()


def test_sql_is_written_as_constants_so_that_these_tests_see_it() -> None:
    assert sql_inside_functions() == sorted(NO_CONSTANT)


def test_every_constant_has_a_role_that_runs_it() -> None:
    assert [one.name for one in STATEMENTS if not one.roles] == []
    assert len(STATEMENTS) > 80


@pytest.mark.parametrize(("statement", "role"), PREPARED, ids=lambda one: getattr(one, "name", one))
def test_a_constant_is_prepared_as_its_role(
    connections: Callable[[str], psycopg.Connection[Any]], statement: Statement, role: str
) -> None:
    db = connections(role)
    text, _ = statement.numbered()
    db.execute(f"prepare checked as {text}".encode())
    db.execute("deallocate checked")


def test_preparing_finds_a_column_that_is_not_there(connections: Callable[[str], psycopg.Connection[Any]]) -> None:
    with pytest.raises(psycopg.errors.UndefinedColumn):
        connections("app").execute("prepare checked as select colour from vehicles")


@pytest.mark.parametrize(
    ("role", "text"),
    [
        ("ingest", "select name from vehicles"),
        ("app", "select email from people"),
        ("relay", "select name from vehicles"),
        ("identity", "select at from positions"),
        ("control", "select data from latest"),
    ],
)
def test_what_a_role_must_not_read_it_cannot(
    connections: Callable[[str], psycopg.Connection[Any]], role: str, text: str
) -> None:
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedColumn)):
        connections(role).execute(text.encode())


def test_copies_name_the_columns_of_their_tables(connections: Callable[[str], psycopg.Connection[Any]]) -> None:
    db = connections("ingest")
    texts = [one.text for one in STATEMENTS if not PREPARABLE.match(one.text) and "ingest" in one.roles]
    with db.transaction(force_rollback=True):
        for text in sorted(texts, key=lambda one: not one.strip().startswith("create")):
            if text.strip().startswith("create"):
                db.execute(text.encode())
            elif "to stdout" in text:
                with db.cursor().copy(text.format(tenant_no=1, vehicle_no=1, after="2026-01-01").encode()) as copy:
                    assert list(copy)
            else:
                with db.cursor().copy(text.encode()) as copy:
                    copy.write(b"PGCOPY\n\xff\r\n\0" + b"\0" * 8 + b"\xff\xff")
    assert len(texts) == 5


def explained(judge: Judge, db: psycopg.Connection[Any], actor: Actor, text: str) -> list[str]:
    """The faults of a query's generic plan as app."""
    with db.transaction():
        db.execute(
            "select set_config('app.tenant', %s, true), set_config('app.tenant_no', %s, true), set_config('app.scope', 'all', true)",
            [str(actor.tenant_id), str(actor.tenant_no)],
        )
        found = db.execute((EXPLAIN + text).encode()).fetchone()
    assert found is not None
    return list(judge.faults(found["QUERY PLAN"][0]["Plan"]))


@pytest.mark.parametrize("statement", OF_APP, ids=lambda one: one.name)
def test_a_constant_of_app_reads_large_tables_by_an_index_that_begins_with_the_tenant(
    judge: Judge, connections: Callable[[str], psycopg.Connection[Any]], actor: Actor, statement: Statement
) -> None:
    found = explained(judge, connections("app"), actor, statement.numbered()[0])
    if statement.name in READS_A_WHOLE_TENANT:
        assert found, f"{statement.name} is fine now: take it from the list"
    else:
        assert found == []


def test_an_exception_is_a_constant_that_exists() -> None:
    assert READS_A_WHOLE_TENANT.keys() <= {one.name for one in OF_APP}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("select * from vehicles where plate like $1", "vehicles: "),
        ("select name from vehicles order by name limit 50", "vehicles: "),
        ("select * from trips where odometer_start_m > $1::float8", "trips: "),
        ("select count(*) from vehicles where tenant_id = tenant()", "reads all of the tenant"),
        ("select * from vehicle_terms where term like $1 || '%'", "vehicle_terms: "),
        ("select * from positions where at > $1::timestamptz", "positions: "),
    ],
)
def test_the_look_at_plans_finds_a_query_that_reads_too_much(
    judge: Judge, connections: Callable[[str], psycopg.Connection[Any]], actor: Actor, text: str, fault: str
) -> None:
    assert fault in " ".join(explained(judge, connections("app"), actor, text))


def vehicle_filters() -> Iterator[VehicleFilter]:
    """Every combination of filters of the list of vehicles."""
    for q in (None, "", "v12", "Blue Van 12", "--"):
        for fleet_id in (None, uuid4()):
            for status in (None, "in_service"):
                yield VehicleFilter(q, fleet_id, status)


def some_cursor(sort: Sort) -> str:
    """A cursor of a list."""
    values: dict[type, Any] = {str: "v5", int: 5, datetime: datetime.now(UTC)}
    return _cursor(sort, {key: values.get(kind, uuid4()) for key, kind in zip(sort.keys, sort.kinds, strict=True)})


NOW = datetime.now(UTC)
RANGES = [trips.Range(None, None), trips.Range(NOW, None), trips.Range(None, NOW), trips.Range(NOW, NOW)]
BOXES = (trips.Box(8, 46, 9, 47), trips.Box(170, -10, -170, 10))
Ask = Callable[[Work, str | None], Awaitable[Any]]


def lists() -> Iterator[tuple[str, Sort, Ask]]:
    """Every list with each filter and sort: a name, its sort, and how to ask for a page."""
    for sort in vehicles.SORTS.values():
        for wanted in vehicle_filters():
            yield (
                f"vehicles {sort.name} {wanted}",
                sort,
                lambda work, at, w=wanted, s=sort: vehicles.vehicles(work, w, s.name, 50, at),
            )  # type: ignore[misc]
    yield "fleets", vehicles.FLEETS_BY_NAME, lambda work, at: vehicles.fleets(work, 50, at)
    for vehicle_id in (None, uuid4()):
        yield f"devices {vehicle_id}", devices.BY_NAME, lambda work, at, v=vehicle_id: devices.devices(work, v, 50, at)  # type: ignore[misc]
    for fleet_id in (None, uuid4()):
        for box in (None,) if fleet_id is None else (None, *BOXES):
            yield (
                f"latest {fleet_id} {box}",
                trips.BY_VEHICLE,
                lambda work, at, f=fleet_id, b=box: trips.latest(work, f, b, 50, at),
            )  # type: ignore[misc]
    for when in RANGES:
        yield f"positions {when}", trips.BY_TIME, lambda work, at, w=when: trips.positions(work, 5, w, 50, at)  # type: ignore[misc]
        yield f"stops {when}", trips.STOPS_NEWEST, lambda work, at, w=when: trips.stops(work, 5, w, 50, at)  # type: ignore[misc]
        for vehicle_no in (None, 5):
            yield (
                f"trips {vehicle_no} {when}",
                trips.NEWEST,
                lambda work, at, n=vehicle_no, w=when: trips.trips(work, n, w, 50, at),
            )  # type: ignore[misc]


@pytest.mark.parametrize(("name", "sort", "ask"), list(lists()), ids=lambda one: one if isinstance(one, str) else "")
async def test_a_page_of_a_list_is_read_by_index_first_and_later(
    judge: Judge, explaining: Explaining, name: str, sort: Sort, ask: Ask
) -> None:
    explaining.plans.clear()
    await ask(explaining, None)
    await ask(explaining, some_cursor(sort))
    assert [fault for plan in explaining.plans for fault in judge.faults(plan)] == []
    assert len(explaining.plans) == 2


@pytest.mark.parametrize("box", BOXES)
async def test_a_box_is_looked_for_among_the_last_positions_of_the_company_one_row_a_vehicle(
    judge: Judge, explaining: Explaining, box: trips.Box
) -> None:
    explaining.plans.clear()
    await trips.latest(explaining, None, box, 50, None)
    found = [fault for plan in explaining.plans for fault in judge.faults(plan)]
    assert found == ["latest: Bitmap Index Scan of latest_pkey reads all of the tenant"]


def test_placeholders_become_numbers_once_each_and_keep_their_types() -> None:
    text, count = Statement("x", "select %(id)s, %(name)s, %(id)s where a like 'b%%'", ("app",)).numbered()
    assert (text, count) == ("select $1::uuid, $2, $1::uuid where a like 'b%'", 2)
    assert SQL.match("\nselect 1")
    assert not re.match(SQL, "selected columns")
