"""SIGTERM: what is in flight is answered, streams are closed with a reason, the process is gone within ten seconds."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.support.processes import Up


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    """A Motorpool that is ended at the end."""
    made = Up(tmp_path / "data")
    try:
        made.start()
        yield made
    finally:
        made.end()


@contextmanager
def watching(up: Up, token: str, count: int) -> Iterator[list[ClientConnection]]:
    """Open streams; nobody reads them unless told to."""
    url = f"{up.address.replace('http', 'ws', 1)}/api/v1/ws"
    with ExitStack() as stack:
        opened = [stack.enter_context(connect(url, additional_headers={"Authorization": token})) for _ in range(count)]
        for one in opened:
            assert "connection_ack" in str(one.recv())
        yield opened


def closing(websocket: ClientConnection) -> tuple[int | None, str | None]:
    """How the server says goodbye."""
    with suppress(ConnectionClosed):
        while True:
            websocket.recv(timeout=30)
    return websocket.close_code, websocket.close_reason


def until_waiting(up: Up, count: int) -> None:
    """Return when so many sessions wait for a lock."""
    query = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
    with up.database() as db:
        while (found := db.execute(query).fetchone()) is None or found[0] < count:
            time.sleep(0.02)


def test_requests_in_flight_are_answered_and_streams_closed_with_a_reason(up: Up) -> None:
    client = up.client()
    took: list[float] = []
    with (
        watching(up, client.headers["authorization"], 20) as streams,
        up.database() as db,
        ThreadPoolExecutor(5) as pool,
    ):
        with db.transaction():
            db.execute("lock table vehicles in access exclusive mode")
            asked = [pool.submit(client.get, "/vehicles") for _ in range(4)]
            until_waiting(up, 4)
            stopping = threading.Thread(target=lambda: took.append(up.stop()))
            stopping.start()
            codes = [closing(one) for one in streams]
            assert not any(one.done() for one in asked), "nothing was in flight"
        answers = [one.result(timeout=30) for one in asked]
    stopping.join()
    assert [one.status_code for one in answers] == [200] * 4
    assert {code for code, _ in codes} == {1001}
    assert all(reason for _, reason in codes)
    assert took[0] < 10
    assert up.process is not None
    assert up.process.returncode == 0, up.log.read_text()[-2000:]


def test_a_request_that_never_ends_and_a_viewer_who_never_reads_do_not_hold_it_up(up: Up) -> None:
    client = up.client()
    with (
        suppress(psycopg.Error),  # the lock's session ends with the server
        watching(up, client.headers["authorization"], 1),
        up.database() as db,
        ThreadPoolExecutor(5) as pool,
        db.transaction(),
    ):
        db.execute("lock table vehicles in access exclusive mode")
        asked = pool.submit(client.get, "/vehicles")
        until_waiting(up, 1)
        took = up.stop()
    answer = asked.result(timeout=30)
    assert (answer.status_code, answer.json()["code"]) == (503, "stopping")
    assert took < 10
    assert up.process is not None
    assert up.process.returncode == 0, up.log.read_text()[-2000:]
    assert "Traceback" not in up.log.read_text(), up.log.read_text()[-3000:]


def test_a_process_that_is_still_starting_stops_at_once(tmp_path: Path) -> None:
    starting = Up(tmp_path / "data")
    try:
        starting.begin()
        time.sleep(1.0)
        assert starting.process is not None
        starting.stop()
        assert starting.process.returncode in (0, 130, -15), starting.log.read_text()[-2000:]
    finally:
        starting.end()
