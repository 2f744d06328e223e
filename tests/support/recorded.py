"""Where the real recordings are. They are read in place and never copied."""

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("MOTORPOOL_SHARED_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")


def recorded(name: str) -> Path:
    """A file of the recordings, for example `traces/rsk_twizy_ev.csv.gz`; fails the test clearly when it is not there."""
    path = FOLDER / name
    if not path.is_file():
        pytest.fail(f"This test reads the real recording {path}; set MOTORPOOL_SHARED_DATA to the folder that has it.")
    return path
