"""Backup of the embedded database with PostgreSQL's own programs, of the same version."""

import os
import subprocess
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from motorpool.apps.database import NAME, key_of, start_embedded
from motorpool.kernel.errors import Conflict, Unavailable
from motorpool.migrations.run import ensure_database, migrate_roles
from motorpool.runtime.postgres.server import Server
from motorpool.runtime.settings import Settings


class NotEmbedded(Conflict):
    """This instance uses its own PostgreSQL; back it up with that server's tools."""


class NotEmpty(Conflict):
    """There is a database already; restore into a new data folder."""


class BackupFailed(Unavailable):
    """PostgreSQL's program failed."""


def dump(settings: Settings, file: str) -> int:
    """Write the whole database to a file; Motorpool must not be running on this data folder. The key stays where it is."""
    server = _start(settings)
    try:
        _run(server, "pg_dump", "--format=custom", f"--file={Path(file).resolve()}")
    finally:
        server.stop()
    return 0


def restore(settings: Settings, file: str) -> int:
    """Read a dump into a new database: roles first, then everything else. Raises NotEmpty."""
    server = _start(settings)
    try:
        with psycopg.connect(server.superuser_dsn, autocommit=True) as db:
            if db.execute("select from pg_database where datname = %s", [NAME]).fetchone() is not None:
                raise NotEmpty
        try:
            ensure_database(server.superuser_dsn, NAME)
            migrate_roles(_admin(server), key_of(settings))
            _run(server, "pg_restore", "--exit-on-error", str(Path(file).resolve()))
        except BaseException:
            _remove(server)
            raise
    finally:
        server.stop()
    return 0


def _start(settings: Settings) -> Server:
    if settings.database_url:
        raise NotEmbedded
    return start_embedded(settings)


def _remove(server: Server) -> None:
    """Leave no half of a database behind: Motorpool would run on it."""
    with psycopg.connect(server.superuser_dsn, autocommit=True) as db:
        db.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(NAME)))


def _admin(server: Server) -> str:
    return psycopg.conninfo.make_conninfo(server.superuser_dsn, dbname=NAME)


def _run(server: Server, program: str, *arguments: str) -> None:
    # Everybody on the machine may read a command line; the password goes another way.
    parts: dict[str, Any] = psycopg.conninfo.conninfo_to_dict(_admin(server))
    environment = {**os.environ, "PGPASSWORD": str(parts.pop("password"))}
    target = psycopg.conninfo.make_conninfo(**parts)
    command = [str(server.program(program)), *arguments, f"--dbname={target}"]
    done = subprocess.run(  # noqa: S603 - our own program and paths
        command, check=False, capture_output=True, text=True, env=environment
    )
    if done.returncode:
        raise BackupFailed(f"{program} failed: {done.stderr.strip()[-500:]}")
