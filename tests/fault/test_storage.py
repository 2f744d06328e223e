"""A full disk: refused with 503 or 507, nothing acknowledged lost, and on it goes once there is room."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.load import load, stored
from tests.support.processes import Up

SIZE_MB = 260


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, small; mounting one needs root."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.fail(f"This test needs a small disk of its own, and may not mount one: run it as root. {mounted.stderr}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(place: Path) -> Path:
    """Take all the room there is."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\1" * 65_536)
        except OSError:
            return ballast


@pytest.mark.timeout(300)
def test_a_full_disk_refuses_and_nothing_acknowledged_is_lost(small_disk: Path) -> None:
    up = Up(small_disk / "data")
    try:
        up.start()
        client = up.client()
        with load(client) as sending:
            sending.wait_for_more()
            ballast = fill(small_disk)
            refused = sending.statuses[503] + sending.statuses[507]
            while sending.statuses[503] + sending.statuses[507] < refused + 3:
                sending.ending.wait(0.1)
            ballast.unlink()
            sending.wait_for_more(limit_s=120)
        assert sending.strange == []
        found = stored(up.client())
        assert sending.acknowledged - set(found) == set()
        assert len(found) == len(set(found)), "a row was stored twice"
        assert up.process is not None
        assert up.process.poll() is None
    finally:
        up.end()
