"""kill -9 of Motorpool, of PostgreSQL and of both: what was acknowledged as committed is there afterwards."""

import os
import random
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.pq import PGconn, Ping

from support.owner import Owner

WRITERS = 4
ROUNDS = 10
Said = dict[str, Any]


class Ledger:
    """Numbers given out, and those whose commit PostgreSQL acknowledged."""

    def __init__(self, settings: str = "") -> None:
        self.settings = settings  # of each writer's session, as libpq's options
        self.numbers = count()
        self.acknowledged: set[int] = set()
        self.grown = threading.Condition()

    def write(self, dsn: str) -> None:
        """Insert numbers, each in a transaction of its own, until the connection breaks."""
        with (
            suppress(psycopg.OperationalError),
            psycopg.connect(dsn, options=self.settings, autocommit=True) as database,
        ):
            while True:
                number = next(self.numbers)
                database.execute("insert into ledger values (%s)", [number])
                with self.grown:
                    self.acknowledged.add(number)
                    self.grown.notify_all()

    @contextmanager
    def written(self, dsn: str, rows: int) -> Iterator[None]:
        """Writers at work: the block begins after `rows` acknowledgements and must break the connections."""
        threads = [threading.Thread(target=self.write, args=[dsn]) for _ in range(WRITERS)]
        wanted = len(self.acknowledged) + rows
        for thread in threads:
            thread.start()
        with self.grown:
            self.grown.wait_for(lambda: len(self.acknowledged) >= wanted)
        yield
        for thread in threads:
            thread.join()

    def lost(self, dsn: str) -> set[int]:
        """Acknowledged numbers that are not in the table."""
        with psycopg.connect(dsn) as database:
            return self.acknowledged - {number for (number,) in database.execute("select number from ledger")}


def prepare(data_dir: Path, *statements: str) -> None:
    """A cluster with the table, stopped."""
    with Owner(data_dir) as owner, psycopg.connect(owner.outcome()["dsn"], autocommit=True) as database:
        for statement in ("create table ledger (number bigint primary key)", *statements):
            database.execute(statement.encode())


def kill_us(owner: Owner, said: Said) -> None:
    owner.kill()


def kill_both(owner: Owner, said: Said) -> None:
    owner.process.send_signal(signal.SIGSTOP)  # so that it starts nothing in between
    kill_postgres(owner, said)
    owner.kill()


def kill_both_ours_first(owner: Owner, said: Said) -> None:
    owner.process.kill()
    with suppress(ProcessLookupError):  # it may have ended by itself already
        kill_postgres(owner, said)
    owner.kill()


def kill_postgres(owner: Owner, said: Said) -> None:
    os.kill(said["postmaster"], signal.SIGKILL)


@pytest.mark.parametrize("kill", [kill_us, kill_both, kill_both_ours_first])
def test_after_a_kill_and_a_restart_at_once_every_acknowledged_row_is_there(
    tmp_path: Path, kill: Callable[[Owner, Said], None]
) -> None:
    prepare(tmp_path)
    ledger, chance = Ledger(), random.Random(1)
    for _ in range(ROUNDS):
        owner = Owner(tmp_path)
        said = owner.outcome()
        assert ledger.lost(said["dsn"]) == set()
        with ledger.written(said["dsn"], rows=chance.randrange(20, 300)):
            kill(owner, said)
    with Owner(tmp_path) as owner:
        assert ledger.lost(owner.outcome()["dsn"]) == set()
    assert len(ledger.acknowledged) > 20 * ROUNDS


def test_after_a_kill_of_postgresql_alone_its_owner_starts_it_again_with_every_acknowledged_row(
    tmp_path: Path,
) -> None:
    prepare(tmp_path)
    ledger, chance = Ledger(), random.Random(2)
    with Owner(tmp_path) as owner:
        said = owner.outcome()
        for _ in range(ROUNDS):
            with ledger.written(said["dsn"], rows=chance.randrange(20, 300)):
                kill_postgres(owner, said)
            said = owner.outcome()
            assert ledger.lost(said["dsn"]) == set()
    assert len(ledger.acknowledged) > 20 * ROUNDS


def test_the_check_finds_rows_that_were_acknowledged_before_they_were_on_disk(tmp_path: Path) -> None:
    """The negative control: without synchronous commits and with a lazy WAL writer, kills do lose rows."""
    prepare(tmp_path, "alter system set wal_writer_delay = '10s'")
    ledger = Ledger("-c synchronous_commit=off")
    with Owner(tmp_path) as owner:
        said = owner.outcome()
        for _ in range(3):
            with ledger.written(said["dsn"], rows=200):
                kill_postgres(owner, said)
            said = owner.outcome()
        assert ledger.lost(said["dsn"]) != set()


def test_nothing_of_postgresql_outlives_its_killed_owner(tmp_path: Path) -> None:
    owner = Owner(tmp_path)
    postmaster = Path(f"/proc/{owner.outcome()['postmaster']}/cwd")
    assert postmaster.exists()
    owner.kill()
    pause = threading.Event()
    while postmaster.exists():
        pause.wait(0.01)
    assert not (tmp_path / "postgres-18" / "postmaster.pid").exists()
    assert "database system is shut down" in (tmp_path / "postgres-18" / "log").read_text()


def test_a_recovery_of_half_a_minute_is_waited_for_and_reported(tmp_path: Path) -> None:
    """Recovery asks an archive for WAL first; this archive does not answer before the test lets it."""
    answer = tmp_path / "answer"
    held = f"while [ ! -e {answer} ]; do sleep 0.1; done; false"
    prepare(tmp_path, f"alter system set restore_command = '{held}'", "alter system set hot_standby = off")
    ledger = Ledger()
    with Owner(tmp_path) as owner:
        said = owner.outcome()
        with ledger.written(said["dsn"], rows=200):
            kill_both(owner, said)
    (tmp_path / "postgres-18" / "recovery.signal").touch()
    with Owner(tmp_path) as owner:
        reported = [owner.hear()["waited_s"] for _ in range(30)]
        assert reported == sorted(reported)
        assert reported[-1] >= 29
        assert PGconn.ping(said["dsn"].encode()) == Ping.REJECT
        answer.touch()
        assert ledger.lost(owner.outcome()["dsn"]) == set()
