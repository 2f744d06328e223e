"""One ingest at a time: the lease on a shard, and the epoch that refuses whoever lost it."""

import psycopg
import pytest

from motorpool.telemetry.ingest import Ingest
from motorpool.telemetry.store import Store, Superseded
from tests.support.eventually import eventually
from tests.support.instances import Databases, Motorpool, running, settings_for


@pytest.fixture
def stores(motorpool: Motorpool) -> tuple[Store, Store]:
    """Two stores of a shard nobody else has."""
    pool = motorpool.instance.pools.ingest
    return Store(pool, shard=7), Store(pool, shard=7)


async def check(store: Store) -> None:
    """What every write does first."""
    async with store.pool.connection() as db, db.transaction():
        await store.check_epoch(db)


async def test_a_second_holder_waits_and_takes_over_when_the_first_session_ends(stores: tuple[Store, Store]) -> None:
    first, second = stores
    async with second.session() as waiting:
        async with first.session() as holding:
            assert await first.hold(holding)
            assert not await second.hold(waiting)
            await check(first)
        held = await second.hold(waiting)
        while not held:
            held = await second.hold(waiting)
        await check(second)
        with pytest.raises(Superseded):
            await check(first)


async def test_a_holder_that_falls_silent_loses_the_shard(motorpool: Motorpool, stores: tuple[Store, Store]) -> None:
    first, second = Store(motorpool.instance.pools.ingest, shard=7, lease="300ms"), stores[1]
    async with second.session() as waiting:
        async with first.session() as holding:
            assert await first.hold(holding)
            while not await second.hold(waiting):
                pass
            with pytest.raises(psycopg.OperationalError):
                await first.keep(holding)
        with pytest.raises(Superseded):
            await check(first)


async def test_an_ingest_whose_session_was_ended_takes_the_shard_again(databases: Databases) -> None:
    """A lock that went back into a pool would keep its own process out for ever."""
    async with running(databases.new(), settings_for(databases.data_dir)) as motorpool:
        ingest = motorpool.process.inbox
        assert isinstance(ingest, Ingest)
        for _ in range(5):
            with psycopg.connect(motorpool.url) as db:
                db.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() "
                    "and application_name = 'motorpool-ingest'"
                )
            await eventually(lambda: not ingest.ready.is_set())
            await eventually(ingest.ready.is_set)
        with psycopg.connect(motorpool.url) as db:
            found = db.execute(
                "select count(*) from pg_locks where locktype = 'advisory' and granted and classid = 7305118 "
                "and database = (select oid from pg_database where datname = current_database())"
            ).fetchone()
        assert found == (1,)
