"""Events get their position after the commit, and reach each subscription once, whatever dies in between."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from motorpool.apps.worker import works
from motorpool.migrations.run import ensure_database, migrate_roles
from motorpool.runtime.db import Work
from motorpool.runtime.instance import Instance
from motorpool.runtime.outbox import ATTEMPTS, newest_position, number_events, read_events, stop
from tests.support import counting as module
from tests.support.counting import Counted, counting, opened, relay_of, rows_left, run_down, tell
from tests.support.database import start_embedded
from tests.support.instances import KEY, Databases


@pytest.fixture
def url(databases: Databases) -> str:
    """A fresh database, whose first events are read and out of the way."""
    return databases.new()


@pytest.fixture
async def instance(url: str, databases: Databases) -> AsyncIterator[Instance]:
    """An instance without roles."""
    async with opened(url, databases.data_dir) as found:
        while await number_events(found.pools.relay):
            pass
        yield found


def names(numbers: range | list[int], subscription: str = "counting", slug: str = "demo") -> list[tuple[str, str]]:
    """The rows a subscription leaves for numbers."""
    return [(slug, f"{subscription} {number}") for number in numbers]


async def numbers_read(instance: Instance, cursor: int) -> list[int]:
    """The counted numbers after a position."""
    return [one.data["number"] for one in await read_events(instance.pools.relay, cursor) if one.name == Counted.NAME]


def unnumbered(url: str) -> int:
    """How many events have no position."""
    with psycopg.connect(url) as db:
        row = db.execute("select count(*) from motorpool.events where position is null").fetchone()
    assert row is not None
    return int(row[0])


async def test_an_event_has_no_position_before_the_sequencer_saw_its_commit(url: str, instance: Instance) -> None:
    before = await newest_position(instance.pools.relay)
    await tell(instance, [1])
    assert await numbers_read(instance, before) == []
    assert await number_events(instance.pools.relay) == 2
    assert await numbers_read(instance, before) == [1]
    assert await newest_position(instance.pools.relay) == before + 2


async def test_events_of_one_transaction_keep_the_order_they_were_told_in(instance: Instance) -> None:
    before = await newest_position(instance.pools.relay)
    await tell(instance, list(range(100)))
    await number_events(instance.pools.relay)
    assert await numbers_read(instance, before) == list(range(100))


async def test_a_thousand_are_numbered_at_a_time_and_none_is_left(url: str, instance: Instance) -> None:
    before = await newest_position(instance.pools.relay)
    await tell(instance, list(range(700)))
    assert [await number_events(instance.pools.relay) for _ in range(3)] == [1000, 400, 0]
    assert unnumbered(url) == 0
    assert await newest_position(instance.pools.relay) == before + 1400


LATE_LOG = "create table late_log (id bigint generated always as identity, position bigint)"


def test_a_cursor_on_the_id_loses_who_commits_late_and_one_on_the_position_does_not(url: str) -> None:
    with psycopg.connect(url) as first, psycopg.connect(url) as second, psycopg.connect(url, autocommit=True) as reader:
        reader.execute(LATE_LOG)
        reader.execute("create sequence late_positions")
        first.execute("insert into late_log default values")  # takes id 1 and is not committed yet
        second.execute("insert into late_log default values")
        second.commit()
        by_id, by_position = read_late(reader, "id", 0), read_late(reader, "position", 0)
        first.commit()
        by_id += read_late(reader, "id", max(by_id))
        by_position += read_late(reader, "position", 1)
    assert by_id == [2], "the control no longer shows the loss"
    assert by_position == [2, 1]


def read_late(db: psycopg.Connection[Any], column: str, cursor: int) -> list[int]:
    """Ids a reader sees after its cursor; by position after the committed rows were numbered."""
    db.execute("update late_log set position = nextval('late_positions') where position is null")
    rows = db.execute(f"select id from late_log where {column} > %s order by {column}".encode(), [cursor]).fetchall()
    return [row[0] for row in rows]


BY_XID = """
select number from xid_log where (xid, id) > (%(xid)s::text::xid8, %(id)s) and xid < pg_snapshot_xmin(pg_current_snapshot())
order by xid, id
"""


async def test_after_dump_and_restore_events_go_on_by_position_and_stop_by_transaction_number(
    url: str, instance: Instance, databases: Databases, tmp_path: Path
) -> None:
    await tell(instance, [1, 2])
    await run_down(relay_of(instance, counting()))
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(
            "create table xid_log (xid xid8 default pg_current_xact_id(), id bigint generated always as identity, number int)"
        )
        for number in range(3000):
            db.execute("insert into xid_log (number) values (%s)", [number])
        told = db.execute("select xid::text, id from xid_log order by id desc limit 1").fetchone()
    assert told is not None
    await tell(instance, [3])
    dump = tmp_path / "dump"
    run(databases.server.program("pg_dump"), "--format=custom", f"--file={dump}", f"--dbname={url}")
    fresh = start_embedded(tmp_path, int(databases.server.cluster.version))
    try:
        ensure_database(fresh.superuser_dsn, "motorpool")
        restored = make_conninfo(fresh.superuser_dsn, dbname="motorpool")
        migrate_roles(restored, KEY)
        run(fresh.program("pg_restore"), "--exit-on-error", f"--dbname={restored}", str(dump))
        with psycopg.connect(restored, autocommit=True) as db:
            db.execute("insert into xid_log (number) values (-1)")
            assert db.execute(BY_XID, {"xid": told[0], "id": told[1]}).fetchall() == [], "the control delivers"
            assert db.execute("select count(*) from xid_log where number = -1").fetchone() == (1,)
        async with opened(restored, databases.data_dir) as again:
            await tell(again, [4])
            await run_down(relay_of(again, counting()))
        assert rows_left(restored) == names([1, 2, 3, 4])
    finally:
        fresh.stop()


def run(program: object, *arguments: str) -> None:
    """Run one of PostgreSQL's programs."""
    done = subprocess.run([str(program), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


async def test_each_event_is_handled_once_and_those_nobody_named_are_passed(url: str, instance: Instance) -> None:
    relay = relay_of(instance, counting())
    for numbers in ([1, 2, 3], [4], [5, 6]):
        await tell(instance, numbers)
        await run_down(relay)
    await run_down(relay_of(instance, counting()))
    assert rows_left(url) == names(range(1, 7))


async def test_events_of_two_companies_are_handled_each_in_its_own(url: str, instance: Instance) -> None:
    await tell(instance, [1])
    await tell(instance, [2], "other")
    await tell(instance, [3])
    await run_down(relay_of(instance, counting()))
    assert rows_left(url) == [("demo", "counting 1"), ("other", "counting 2"), ("demo", "counting 3")]


@pytest.mark.parametrize("number", [1, 3, 6])
async def test_a_worker_killed_between_handler_and_commit_has_done_nothing(
    url: str, instance: Instance, databases: Databases, number: int
) -> None:
    await tell(instance, list(range(1, 7)))
    command = [sys.executable, "-m", module.__name__, url, str(databases.data_dir), str(number)]
    died = await asyncio.create_subprocess_exec(*command)
    assert await died.wait() == -9
    assert rows_left(url) == names(range(1, number))
    await run_down(relay_of(instance, counting()))
    assert rows_left(url) == names(range(1, 7))


async def test_a_connection_lost_before_the_commit_is_made_good(url: str, instance: Instance) -> None:
    lost = []

    async def lose(work: Work, event: Counted) -> None:
        if event.number == 2 and not lost:
            lost.append(event)
            with psycopg.connect(url, autocommit=True) as db:
                db.execute("select pg_terminate_backend(%s)", [work.db.info.backend_pid])

    await tell(instance, [1, 2, 3])
    relay = relay_of(instance, counting(after=lose))
    with pytest.raises(psycopg.OperationalError):
        await run_down(relay)
    assert rows_left(url) == names([1])
    await run_down(relay)
    assert rows_left(url) == names([1, 2, 3])
    assert len(lost) == 1


async def test_two_workers_at_once_handle_each_event_once_and_in_order(
    url: str, instance: Instance, databases: Databases
) -> None:
    async with opened(url, databases.data_dir) as second:
        tasks = [asyncio.create_task(relay_of(one, counting()).run()) for one in (instance, second)]
        for start in range(0, 60, 6):
            await tell(instance, list(range(start, start + 6)))
        while len(rows_left(url)) < 60:
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.2)
        for task in tasks:
            await stop(task)
    assert rows_left(url) == names(range(60))


async def test_two_sequencers_never_number_at_once(url: str, instance: Instance) -> None:
    before = await newest_position(instance.pools.relay)
    await tell(instance, list(range(300)))
    counts = await asyncio.gather(*(number_events(instance.pools.relay) for _ in range(4)))
    assert sorted(counts)[:-1] == [0, 0, 0] or sum(counts) == 600
    while await number_events(instance.pools.relay):
        pass
    assert await numbers_read(instance, before) == list(range(250))  # the first 500 events, every second counted


async def test_a_handler_that_keeps_failing_parks_its_event_and_goes_on(url: str, instance: Instance) -> None:
    tried = []

    async def fail(work: Work, event: Counted) -> None:
        if event.number == 2:
            tried.append(event.number)
            raise ValueError("two is not good")

    await tell(instance, [1, 2, 3])
    await run_down(relay_of(instance, counting(after=fail), counting("calm")))
    assert len(tried) == ATTEMPTS == 5
    assert sorted(rows_left(url)) == sorted(names([1, 3]) + names([1, 2, 3], "calm"))
    with psycopg.connect(url) as db:
        parked = db.execute("select subscription, attempts, error from motorpool.parked_events").fetchall()
    assert parked == [("counting", 5, "ValueError('two is not good')")]


async def test_a_handler_that_fails_once_is_tried_again(url: str, instance: Instance) -> None:
    failed: list[int] = []

    async def fail_once(work: Work, event: Counted) -> None:
        if event.number not in failed:
            failed.append(event.number)
            raise RuntimeError("not yet")

    await tell(instance, [1, 2])
    await run_down(relay_of(instance, counting(after=fail_once)))
    assert rows_left(url) == names([1, 2])


async def test_a_subscription_registered_later_begins_with_the_first_event_of_the_log(
    url: str, instance: Instance
) -> None:
    await tell(instance, [1, 2])
    await run_down(relay_of(instance, counting("early")))
    await run_down(relay_of(instance, counting("early"), counting("late")))
    assert rows_left(url) == names([1, 2], "early") + names([1, 2], "late")


async def worker(instance: Instance) -> None:
    """All of a worker's works, until cancelled."""
    await asyncio.gather(*works(instance))


async def test_what_was_told_while_no_worker_ran_is_handled_when_one_starts(url: str, instance: Instance) -> None:
    running = asyncio.create_task(worker(instance))
    await tell(instance, [1])
    while unnumbered(url):
        await asyncio.sleep(0.02)
    await stop(running)
    await tell(instance, [2])
    await asyncio.sleep(0.3)
    assert unnumbered(url) == 2
    running = asyncio.create_task(worker(instance))
    while unnumbered(url):
        await asyncio.sleep(0.02)
    await stop(running)


async def test_what_a_failed_command_told_was_never_told(url: str, instance: Instance) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        await tell_and_break(instance)
    assert unnumbered(url) == 0


async def tell_and_break(instance: Instance) -> None:
    """Tell an event in a transaction that does not commit."""
    from motorpool.features.accounts.api import tenant_by_slug
    from motorpool.kernel.actor import system_actor
    from motorpool.kernel.ids import new_id
    from motorpool.runtime.db import begin

    tenant = await tenant_by_slug(instance.pools.identity, "demo")
    assert tenant is not None
    async with begin(instance.pools.app, system_actor(tenant.id, tenant.no)) as work:
        work.record(Counted(new_id(), 1))
        await work.run("insert into fleets (id, name, sort_key) values (%(id)s, '', '')", {"id": new_id()})
