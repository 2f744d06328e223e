"""PostgreSQL for tests: the product's own starter on a directory that goes away."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from motorpool.runtime.postgres import Server, start


def start_embedded(tmp_dir: Path, version: int = 18) -> Server:
    """A new server with an empty cluster below `tmp_dir`; whoever starts it stops it."""
    return start(tmp_dir / "database", version=version)


@contextmanager
def running(data_dir: Path, version: int = 18) -> Iterator[Server]:
    """A server on `data_dir` for the length of a block."""
    server = start(data_dir, version=version)
    try:
        yield server
    finally:
        server.stop()


def ask(server: Server, question: str) -> Any:
    """One value, as the superuser."""
    with psycopg.connect(server.superuser_dsn, autocommit=True) as connection:
        row = connection.execute(question.encode()).fetchone()
        return row[0] if row else None


def do(server: Server, statement: str) -> None:
    """A statement on its own, as the superuser."""
    with psycopg.connect(server.superuser_dsn, autocommit=True) as connection:
        connection.execute(statement.encode())
