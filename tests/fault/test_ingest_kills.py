"""Nothing acknowledged is lost: Motorpool and its PostgreSQL are killed while positions come in."""

import random
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from tests.support.processes import Up

START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=12)
DEVICES = 5
ROWS = 40


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    """A Motorpool that is ended at the end."""
    made = Up(tmp_path / "data")
    try:
        made.start()
        yield made
    finally:
        made.end()


def row(number: int) -> dict[str, object]:
    """The position of a running number; each has a second of its own."""
    at = START + timedelta(seconds=number)
    return {
        "device": f"killed-{number % DEVICES}",
        "at": at.isoformat(),
        "lat": 47.0 + number * 1e-5,
        "lon": 9.0,
        "sensors": {"number": number},
    }


class Sender(threading.Thread):
    """Sends batches of new rows as fast as they are taken, and notes which were acknowledged."""

    def __init__(self, up: Up) -> None:
        super().__init__(daemon=True)
        self.client = up.client()
        self.acknowledged: set[int] = set()
        self.ending = threading.Event()

    def run(self) -> None:
        """Send until told to end; a batch that was not answered is sent again, as a device would."""
        first = 0
        while not self.ending.is_set():
            batch = list(range(first, first + ROWS))
            try:
                answer = self.client.post("/telemetry", json={"positions": [row(number) for number in batch]})
            except httpx2.TransportError:
                time.sleep(0.05)
                continue
            if answer.status_code == 200:
                told = answer.json()
                assert told["accepted"] + told["duplicates"] == ROWS, told
                self.acknowledged.update(batch)
                first += ROWS
            else:
                assert answer.status_code == 503, answer.text
                time.sleep(0.05)


def stored(client: httpx2.Client) -> list[int]:
    """The numbers of all rows that are in the database."""
    found: list[int] = []
    for vehicle in client.get("/vehicles").json()["data"]:
        cursor = None
        while True:
            params = {"limit": 5000, **({"cursor": cursor} if cursor else {})}
            page = client.get(f"/vehicles/{vehicle['id']}/positions", params=params).json()
            found += [one["sensors"]["number"] for one in page["data"]]
            cursor = page["page"]["next"]
            if cursor is None:
                break
    return found


def lost(acknowledged: set[int], found: list[int]) -> set[int]:
    """What was acknowledged and is not there."""
    return acknowledged - set(found)


def postmaster(up: Up) -> int:
    """Process number of the embedded PostgreSQL."""
    return int((up.data_dir / "postgres-18" / "postmaster.pid").read_text().split()[0])


@pytest.mark.timeout(600)
def test_no_acknowledged_position_is_lost_through_kills(up: Up) -> None:
    import os
    import signal

    chance = random.Random(7)
    sender = Sender(up)
    sender.start()
    for turn in range(6):
        time.sleep(chance.uniform(0.3, 1.5))
        if turn % 3 == 1:
            os.kill(postmaster(up), signal.SIGKILL)
        up.kill()
        up.start()
    before = len(sender.acknowledged)
    time.sleep(1)
    sender.ending.set()
    sender.join()
    assert len(sender.acknowledged) > before, "nothing more was taken after the last start"
    found = stored(up.client())
    assert not lost(sender.acknowledged, found)
    assert len(found) == len(set(found)), "a row was stored twice"


def test_the_check_finds_a_row_that_is_missing(up: Up) -> None:
    sender = Sender(up)
    sender.start()
    time.sleep(1)
    sender.ending.set()
    sender.join()
    found = stored(up.client())
    assert lost(sender.acknowledged, found[1:]) == {found[0]}


def test_a_drain_takes_less_than_ten_seconds_with_streams_open_and_loses_nothing(up: Up) -> None:
    sender = Sender(up)
    sender.start()
    time.sleep(1)
    assert up.stop() < 10
    assert up.process is not None
    assert up.process.returncode == 0, up.log.read_text()[-2000:]
    up.start()
    time.sleep(0.5)
    sender.ending.set()
    sender.join()
    assert not lost(sender.acknowledged, stored(up.client()))
