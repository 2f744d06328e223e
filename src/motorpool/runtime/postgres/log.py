"""What PostgreSQL says: one file, small."""

import os
from pathlib import Path

LOG_LIMIT_BYTES = 16_000_000
LOG_KEPT_BYTES = 1_000_000


def turn(log: Path) -> int:
    """Keep the end of the last run's log as `log.1`; a descriptor of the empty new one, for appending."""
    trim(log, limit_bytes=0)
    return os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def trim(log: Path, limit_bytes: int = LOG_LIMIT_BYTES) -> None:
    """When the log is larger than `limit_bytes`, keep its end as `log.1` and empty it, server or not."""
    try:
        size = log.stat().st_size
    except FileNotFoundError:
        return
    if size <= limit_bytes:
        return
    with log.open("rb") as file:
        file.seek(max(0, size - LOG_KEPT_BYTES))
        kept = file.read()
    log.with_name("log.1").write_bytes(kept)
    os.truncate(log, 0)


def end(log: Path, lines: int = 12) -> str:
    """The last lines of the log, for a person."""
    try:
        text = log.read_text(errors="replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.splitlines()[-lines:])
