"""PostgreSQL dies while Motorpool lives: answers are 503 until it is there again, and it is, without a restart."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support.load import load, stored
from tests.support.processes import Up

KILLS = 4


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    """A Motorpool that is ended at the end."""
    made = Up(tmp_path / "data")
    try:
        made.start()
        yield made
    finally:
        made.end()


def kill_postmaster(up: Up) -> None:
    os.kill(up.postmaster(), signal.SIGKILL)


def kill_a_session(up: Up) -> None:
    """PostgreSQL ends all sessions then, and recovers by itself."""
    with up.database() as db:
        found = db.execute("select pid from pg_stat_activity where application_name = 'motorpool-ingest'").fetchone()
    assert found is not None
    os.kill(found[0], signal.SIGKILL)


@pytest.mark.timeout(300)
def test_answers_are_503_until_the_server_runs_again_and_no_acknowledged_position_is_lost(up: Up) -> None:
    assert up.process is not None
    pid = up.process.pid
    with load(up.client()) as sending:
        for turn in range(KILLS):
            sending.wait_for_more()
            before = up.postmaster()
            (kill_a_session if turn == 1 else kill_postmaster)(up)
            sending.wait_for_more()
            assert (up.postmaster() == before) == (turn == 1)
    assert sending.strange == []
    assert sending.statuses[503] > 0, "nobody noticed: the kills were none"
    assert sending.broken == 0, "the web server itself went away"
    assert (up.process.pid, up.process.poll()) == (pid, None)
    found = stored(up.client())
    assert sending.acknowledged - set(found) == set()
    assert len(found) == len(set(found)), "a row was stored twice"
    assert up.stop() < 10
    assert up.process.returncode == 0, up.log.read_text()[-2000:]
    assert "Traceback" not in up.log.read_text()


@pytest.mark.timeout(300)
def test_health_answers_while_the_server_recovers_for_long(up: Up) -> None:
    """Recovery asks an archive for WAL first; this archive does not answer before the test lets it."""
    import httpx2

    answer = up.data_dir.parent / "answer"
    held = f"while [ ! -e {answer} ]; do sleep 0.1; done; false"
    with up.database() as db:
        db.execute(f"alter system set restore_command = '{held}'")
        db.execute("alter system set hot_standby = off")
    client = up.client()
    (up.data_dir / "postgres-18" / "recovery.signal").touch()
    kill_postmaster(up)
    seen = set()
    while "database_recovers" not in up.log.read_text():
        assert httpx2.get(f"{up.address}/health/live", timeout=5).status_code == 200
        seen.add(httpx2.get(f"{up.address}/health/ready", timeout=10).status_code)
    assert client.get("/vehicles").status_code == 503
    assert 503 in seen
    answer.touch()
    deadline = time.monotonic() + 60
    while client.get("/vehicles").status_code != 200:
        assert time.monotonic() < deadline, up.log.read_text()[-2000:]
        time.sleep(0.1)


@pytest.mark.timeout(300)
def test_a_server_that_can_never_start_again_ends_the_process_with_a_sentence(up: Up) -> None:
    (up.data_dir / "postgres-18.password").rename(up.data_dir / "elsewhere")
    kill_postmaster(up)
    assert up.process is not None
    assert up.process.wait(timeout=60) == 1
    last = up.log.read_text().strip().splitlines()[-1]
    assert last.startswith("motorpool: The database ")
    assert "put it back from a backup" in last
    assert "Traceback" not in up.log.read_text()


def test_a_session_of_the_database_is_refused_while_it_is_dead(up: Up) -> None:
    """The negative control: the kill is one."""
    with up.database() as db:
        kill_postmaster(up)
        with pytest.raises(psycopg.OperationalError):
            db.execute("select pg_sleep(30)")
