"""The database of a process: the embedded one, started and migrated here, or the one it is told of."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import structlog

from motorpool.kernel.errors import Unavailable
from motorpool.migrations.run import HEAD, ensure_database, is_current, migrate
from motorpool.runtime.postgres.starting import start
from motorpool.runtime.secrets import secret_key
from motorpool.runtime.settings import Settings

log = structlog.get_logger()

NAME = "motorpool"


class DatabaseUnreachable(Unavailable):
    """The database of MOTORPOOL_DATABASE_URL does not answer."""


class MigrationMissing(Unavailable):
    """The database has an older schema; run `motorpool migrate` first."""


@contextmanager
def database(settings: Settings, *, migrating: bool = False) -> Iterator[tuple[str, bytes]]:
    """Address of a ready database and the instance's key, for as long as it is open.

    The embedded one is brought to the present schema here. An own one is migrated when it is empty or when `migrating`.
    Raises EmbeddedPostgresError, DatabaseUnreachable, MigrationMissing.
    """
    key = secret_key(settings)
    if settings.database_url:
        _prepare_own(settings.database_url, key, migrating=migrating)
        yield settings.database_url, key
        return
    server = start(settings.data_dir, version=settings.postgres_version, on_wait=_tell_waiting)
    try:
        admin = psycopg.conninfo.make_conninfo(server.superuser_dsn, dbname=NAME)
        if not is_current(admin, key):
            log.info("database_prepared", revision=HEAD)
            ensure_database(server.superuser_dsn, NAME)
            migrate(admin, key)
        yield admin, key
    finally:
        server.stop()


def _prepare_own(url: str, key: bytes, *, migrating: bool) -> None:
    try:
        if is_current(url, key):
            return
        if migrating or _is_empty(url):
            migrate(url, key)
            return
    except psycopg.OperationalError as error:
        raise DatabaseUnreachable(f"The database does not answer: {str(error).strip().splitlines()[-1]}") from error
    raise MigrationMissing


def _is_empty(url: str) -> bool:
    with psycopg.connect(url) as db:
        found = db.execute("select to_regnamespace('motorpool') is null").fetchone()
    return found is not None and bool(found[0])


def _tell_waiting(seconds: float) -> None:
    log.info("database_recovers", waited_s=round(seconds))
