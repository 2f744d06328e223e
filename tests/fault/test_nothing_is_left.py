"""kill -9 of Motorpool leaves no process of it behind: not PostgreSQL, not the pool's workers."""

import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

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


def test_every_process_it_began_ends_with_it(up: Up) -> None:
    up.client()  # a sign-in: the hash of the password is computed in a worker
    assert up.process is not None
    family = psutil.Process(up.process.pid).children(recursive=True)
    commands = [" ".join(one.cmdline()) for one in family]
    assert any("forkserver" in one for one in commands)
    assert any("postgres" in one for one in commands)
    up.kill()
    deadline = time.monotonic() + 60
    while left := [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]:
        assert time.monotonic() < deadline, left
        time.sleep(0.05)
