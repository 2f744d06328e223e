"""Backup of the embedded database with PostgreSQL's own programs, of the same version."""

import subprocess
from pathlib import Path

import psycopg

from motorpool.apps.database import NAME
from motorpool.kernel.errors import Conflict, Unavailable
from motorpool.migrations.run import ensure_database, migrate_roles
from motorpool.runtime.postgres.server import Server
from motorpool.runtime.postgres.starting import start
from motorpool.runtime.secrets import secret_key
from motorpool.runtime.settings import Settings


class NotEmbedded(Conflict):
    """This instance uses its own PostgreSQL; back it up with that server's tools."""


class NotEmpty(Conflict):
    """There is a database already; restore into a new data folder."""


class BackupFailed(Unavailable):
    """PostgreSQL's program failed."""


def dump(settings: Settings, file: str) -> int:
    """Write the whole database to a file; Motorpool must not be running on this data folder."""
    server = _start(settings)
    try:
        _run(server, "pg_dump", "--format=custom", f"--file={Path(file).resolve()}", f"--dbname={_admin(server)}")
    finally:
        server.stop()
    return 0


def restore(settings: Settings, file: str) -> int:
    """Read a dump into a new database: roles first, then everything else. Raises NotEmpty."""
    server = _start(settings)
    try:
        with psycopg.connect(server.superuser_dsn, autocommit=True) as db:
            if db.execute("select from pg_database where datname = %s", [NAME]).fetchone():
                raise NotEmpty
        ensure_database(server.superuser_dsn, NAME)
        migrate_roles(_admin(server), secret_key(settings))
        _run(server, "pg_restore", "--exit-on-error", f"--dbname={_admin(server)}", str(Path(file).resolve()))
    finally:
        server.stop()
    return 0


def _start(settings: Settings) -> Server:
    if settings.database_url:
        raise NotEmbedded
    return start(settings.data_dir, version=settings.postgres_version)


def _admin(server: Server) -> str:
    return psycopg.conninfo.make_conninfo(server.superuser_dsn, dbname=NAME)


def _run(server: Server, program: str, *arguments: str) -> None:
    command = [str(server.program(program)), *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our own program and paths
    if done.returncode:
        raise BackupFailed(f"{program} failed: {done.stderr.strip()[-500:]}")
