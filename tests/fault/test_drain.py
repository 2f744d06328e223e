"""SIGTERM: what is in flight is answered, streams are closed with a reason, the process is gone within ten seconds."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

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


def watching(up: Up, token: str) -> ClientConnection:
    """An open stream."""
    websocket = connect(f"{up.address.replace('http', 'ws', 1)}/api/v1/ws", additional_headers={"Authorization": token})
    assert "connection_ack" in str(websocket.recv())
    return websocket


def closing(websocket: ClientConnection) -> tuple[int, str]:
    """How the server says goodbye."""
    try:
        while True:
            websocket.recv(timeout=30)
    except ConnectionClosed as closed:
        assert closed.rcvd is not None
        return closed.rcvd.code, closed.rcvd.reason


def until_waiting(up: Up, count: int) -> None:
    """Return when so many sessions wait for a lock."""
    query = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
    with up.database() as db:
        while (found := db.execute(query).fetchone()) is None or found[0] < count:
            time.sleep(0.02)


def test_requests_in_flight_are_answered_and_streams_closed_with_a_reason(up: Up) -> None:
    client = up.client()
    streams = [watching(up, client.headers["authorization"]) for _ in range(20)]
    with up.database() as db, ThreadPoolExecutor(5) as pool:
        with db.transaction():
            db.execute("lock table vehicles in access exclusive mode")
            asked = [pool.submit(client.get, "/vehicles") for _ in range(4)]
            until_waiting(up, 4)
            stopping = threading.Thread(target=lambda: took.append(up.stop()))
            took: list[float] = []
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


def test_a_request_that_never_ends_and_a_frozen_viewer_do_not_hold_it_up(up: Up) -> None:
    client = up.client()
    watching(up, client.headers["authorization"])  # and never reads
    with up.database() as db, ThreadPoolExecutor(5) as pool, db.transaction():
        db.execute("lock table vehicles in access exclusive mode")
        asked = pool.submit(client.get, "/vehicles")
        until_waiting(up, 1)
        took = up.stop()
        assert asked.exception(timeout=30) is not None or asked.result().status_code == 503
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
