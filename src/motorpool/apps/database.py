"""The database of a process: the embedded one, started and migrated here, or the one it is told of."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
import structlog

from motorpool.apps.embedded import Embedded, tell_waiting
from motorpool.kernel.errors import Unavailable
from motorpool.migrations.run import HEAD, ensure_database, is_current, migrate
from motorpool.runtime.postgres.server import Server
from motorpool.runtime.postgres.starting import start
from motorpool.runtime.secrets import secret_key
from motorpool.runtime.settings import SettingInvalid, Settings

log = structlog.get_logger()

NAME = "motorpool"


class DatabaseUnreachable(Unavailable):
    """The database of MOTORPOOL_DATABASE_URL does not answer."""


class DatabaseAddressInvalid(SettingInvalid):
    """MOTORPOOL_DATABASE_URL must be an address such as postgresql://user:password@host:5432/motorpool."""


class DataDirUnusable(Unavailable):
    """The data folder cannot be read or written."""


class MigrationMissing(Unavailable):
    """The database has an older schema, or was set up with another MOTORPOOL_SECRET_KEY; run `motorpool migrate` first."""


@dataclass(frozen=True, slots=True)
class Database:
    """Its address as its administrator, the instance's key, and who keeps it alive when it is the embedded one."""

    url: str
    key: bytes
    embedded: Embedded | None = None


@contextmanager
def database(settings: Settings, *, migrating: bool = False) -> Iterator[Database]:
    """A ready database, for as long as it is open.

    The embedded one is brought to the present schema here. An own one is migrated when it is empty or when `migrating`.
    Raises EmbeddedPostgresError, DatabaseUnreachable, DatabaseAddressInvalid, MigrationMissing.
    """
    key = key_of(settings)
    if settings.database_url:
        _prepare_own(settings.database_url, key, migrating=migrating)
        yield Database(settings.database_url, key)
        return
    server = start_embedded(settings)
    embedded = Embedded(server)
    try:
        admin = psycopg.conninfo.make_conninfo(server.superuser_dsn, dbname=NAME)
        if not is_current(admin, key):
            log.info("database_prepared", revision=HEAD)
            ensure_database(server.superuser_dsn, NAME)
            migrate(admin, key)
        yield Database(admin, key, embedded)
    finally:
        embedded.stop()


def key_of(settings: Settings) -> bytes:
    """The instance's key. Raises DataDirUnusable."""
    try:
        return secret_key(settings)
    except OSError as error:
        raise unusable(settings, error) from error


def start_embedded(settings: Settings) -> Server:
    """Start the embedded PostgreSQL of a data folder. Raises EmbeddedPostgresError, DataDirUnusable."""
    try:
        return start(settings.data_dir, version=settings.postgres_version, on_wait=tell_waiting)
    except OSError as error:
        raise unusable(settings, error) from error


def unusable(settings: Settings, error: OSError) -> DataDirUnusable:
    """The sentence about a data folder."""
    reason = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return DataDirUnusable(
        f"The data folder {settings.data_dir} cannot be used ({reason}); set MOTORPOOL_DATA_DIR to another one."
    )


def _prepare_own(url: str, key: bytes, *, migrating: bool) -> None:
    try:
        url = psycopg.conninfo.make_conninfo(url, connect_timeout=10)
    except psycopg.ProgrammingError as error:
        raise DatabaseAddressInvalid from error
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
