"""The recorded data beside the repository; see its SOURCES.md.

It is read where it lies and never copied in.
"""

import json
import os
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def shared(*parts: str) -> Path:
    """A file of the shared data; fails clearly when it is not there."""
    folder = Path(os.environ.get("MOTORPOOL_SHARED_DATA", ROOT.parent / "shared" / "data"))
    path = folder.joinpath(*parts)
    assert path.exists(), f"{path} is missing: set MOTORPOOL_SHARED_DATA to the folder of the shared test data"
    return path


def device_messages(protocol: str) -> list[dict[str, Any]]:
    """The recorded messages of a protocol, in the order they were recorded."""
    lines = shared("devices", "frames.jsonl").read_text().splitlines()
    return [message for message in map(json.loads, lines) if message["protocol"] == protocol]
