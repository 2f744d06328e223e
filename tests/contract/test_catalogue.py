"""The migrated schema keeps the rules of tenancy, and the lint that says so finds what breaks them."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.support.catalogue import RULES, offences
from tests.support.instances import TEMPLATE, Databases


@pytest.fixture(scope="module")
def scratch(databases: Databases) -> Iterator[psycopg.Connection[tuple[str]]]:
    """A connection of the superuser to a copy of the migrated database, with one day of positions made."""
    with psycopg.connect(databases.new()) as db:
        db.execute("set search_path = motorpool")
        db.execute("select make_day('2026-01-01'::date)")
        db.commit()
        yield db


def test_the_schema_keeps_every_rule_right_after_the_migration(databases: Databases) -> None:
    with psycopg.connect(databases.url(TEMPLATE)) as db:
        assert offences(db) == []


def test_the_schema_keeps_every_rule_with_partitions(scratch: psycopg.Connection[tuple[str]]) -> None:
    with scratch.transaction(force_rollback=True):
        assert offences(scratch) == []


PLANTED = [
    ("row-level security is on", "alter table vehicles disable row level security"),
    ("row-level security is on", "create table forgotten (tenant_id uuid)"),
    ("row-level security is forced on the owner too", "alter table vehicles no force row level security"),
    ("the owner has its own policy, or backfills silently touch nothing", "drop policy owner_all on trips"),
    (
        "a policy that lets write has a check, one that lets read or change has a condition",
        "create policy careless on fleets for update to motorpool_app using (tenant_id = tenant())",
    ),
    (
        "a policy that lets write has a check, one that lets read or change has a condition",
        "create policy blind on fleets for select to motorpool_app",
    ),
    ("a policy names its roles", "create policy wide on fleets for select using (tenant_id = tenant())"),
    (
        "what app may see is its tenant's, and nothing when there is none",
        "create policy wide on fleets for select to motorpool_app using (true)",
    ),
    (
        "what app may see is its tenant's, and nothing when there is none",
        "create policy open on fleets for select to motorpool_app using (tenant() is null or tenant_id = tenant())",
    ),
    (
        "what app may see is its tenant's, and nothing when there is none",
        "create policy lax on fleets for insert to motorpool_app with check (tenant_id is not null)",
    ),
    ("everything with a vehicle has the second wall, the scope", "drop policy scope on positions"),
    ("a view has the rights of its reader", "create view all_vehicles as select * from vehicles"),
    (
        "there is no materialized view: row-level security does not reach into one",
        "create materialized view frozen as select * from vehicles",
    ),
    (
        "nobody has a right on a partition but ingest, which may insert",
        "grant select on positions_20260101 to motorpool_app",
    ),
    (
        "nobody has a right on a partition but ingest, which may insert",
        "grant delete on positions_20260101 to motorpool_ingest",
    ),
    (
        "functions with their owner's rights are few and listed",
        "create function peek() returns bigint language sql security definer set search_path = motorpool, pg_temp "
        "return (select count(*) from vehicles)",
    ),
    (
        "a function with its owner's rights has a fixed search path that ends with pg_temp, and is not for everybody",
        "alter function make_day(date) reset search_path",
    ),
    (
        "a function with its owner's rights has a fixed search path that ends with pg_temp, and is not for everybody",
        "grant execute on function make_day(date) to public",
    ),
    (
        "a foreign key of a tenant table begins with the tenant on both sides",
        "alter table fleets add constraint f unique (id); alter table vehicles add foreign key (fleet_id) references fleets (id)",
    ),
    ("a unique index of a tenant table begins with the tenant", "create unique index on vehicles (vin)"),
    ("an index of a tenant table begins with the tenant", "create index on vehicles (plate)"),
    (
        "no index holds an enum or a numeric: row-level security would keep conditions from it",
        "alter table vehicles add price numeric; create index on vehicles (tenant_id, price)",
    ),
    (
        "no index holds an enum or a numeric: row-level security would keep conditions from it",
        "create type mood as enum ('good'); alter table vehicles add mood mood; create index on vehicles (tenant_id, mood)",
    ),
    ("a tenant table fills in its tenant by itself", "alter table fleets alter tenant_id drop default"),
    ("a tenant table always has its tenant", "create table loose (tenant_id uuid default tenant())"),
    ("sequences are not readable: they count all tenants", "grant select on sequence vehicles_no_seq to motorpool_app"),
    ("rights on tables are to read and write rows, and never for everybody", "grant select on vehicles to public"),
    (
        "rights on tables are to read and write rows, and never for everybody",
        "grant truncate on vehicles to motorpool_app",
    ),
    (
        "no role could bypass: none is superuser, bypasses, makes roles, belongs to another or has members",
        "alter role motorpool_app bypassrls",
    ),
    (
        "no role could bypass: none is superuser, bypasses, makes roles, belongs to another or has members",
        "grant motorpool_owner to motorpool_app",
    ),
    ("everything belongs to the role owner, which serves nobody", "alter table fleets owner to motorpool_app"),
]


@pytest.mark.parametrize(("rule", "fault"), PLANTED)
def test_the_lint_finds_a_planted_fault(scratch: psycopg.Connection[tuple[str]], rule: str, fault: str) -> None:
    with scratch.transaction(force_rollback=True):
        scratch.execute("set local search_path = motorpool")
        scratch.execute(fault.encode())
        assert rule in {name for name, _ in offences(scratch)}


def test_every_rule_has_a_fault_that_it_finds() -> None:
    assert {rule for rule, _ in PLANTED} == {rule.name for rule in RULES}


def test_an_exception_that_lost_its_case_is_told(scratch: psycopg.Connection[tuple[str]]) -> None:
    with scratch.transaction(force_rollback=True):
        scratch.execute("set local search_path = motorpool")
        scratch.execute("drop index idempotency_keys_by_age")
        told = [what for _, what in offences(scratch)]
    assert told == ["idempotency_keys_by_age (an exception without its case)"]
