"""Bring a database to the present schema: the roles and their passwords, the schema, the revisions."""

from pathlib import Path

import psycopg
from psycopg import sql

from motorpool.kernel.errors import MotorpoolError
from motorpool.runtime.db import ROLES, conninfo
from motorpool.runtime.secrets import role_password

HERE = Path(__file__).parent
HEAD = max(path.stem for path in (HERE / "versions").glob("*.sql"))

VERSION_NOW = "select version_num from motorpool.alembic_version"
ROLE_EXISTS = "select from pg_roles where rolname = %s"
CREATE_ROLE = "create role {} login noinherit password {}"
ALTER_ROLE = "alter role {} login noinherit password {}"
SERVER_VERSION = "select current_setting('server_version_num')::int as version, current_database() as name"


class DatabaseTooOld(MotorpoolError):
    """Motorpool needs PostgreSQL 16 or newer."""


def is_current(url: str, key: bytes) -> bool:
    """Whether the database of `url` already has the roles and the newest revision."""
    try:
        with psycopg.connect(conninfo(url, "owner", role_password(key, "owner"))) as db:
            found = db.execute(VERSION_NOW).fetchone()
    except (psycopg.OperationalError, psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        return False
    return found is not None and found[0] == HEAD


def ensure_database(admin_url: str, name: str) -> None:
    """Create a database when it is missing; for the embedded server, whose superuser we are."""
    with psycopg.connect(admin_url, autocommit=True) as db:
        if db.execute("select from pg_database where datname = %s", [name]).fetchone() is None:
            db.execute(sql.SQL("create database {}").format(sql.Identifier(name)))


def migrate(admin_url: str, key: bytes) -> None:
    """Make roles, schema and tables what this version needs. Safe to run again; two at once wait for each other.

    `admin_url` connects as a user who may create roles; nothing else ever uses it. Raises DatabaseTooOld.
    """
    with psycopg.connect(admin_url, autocommit=True) as db:
        db.execute("select pg_advisory_lock(7305117, 0)")
        _prepare_roles(db, key)
        _prepare_schema(admin_url, key)
        _upgrade(conninfo(admin_url, "owner", role_password(key, "owner")))


def migrate_roles(admin_url: str, key: bytes) -> None:
    """Make the roles and their passwords alone: what a dump is restored into."""
    with psycopg.connect(admin_url, autocommit=True) as db:
        _prepare_roles(db, key)


def require_version(number: int) -> None:
    """Refuse a server whose `server_version_num` is before 16. Raises DatabaseTooOld."""
    if number < 160000:
        raise DatabaseTooOld(f"Motorpool needs PostgreSQL 16 or newer; this server is {number // 10000}.")


def _prepare_roles(db: psycopg.Connection, key: bytes) -> None:
    found = db.execute(SERVER_VERSION).fetchone()
    assert found is not None  # noqa: S101 - a select without a table has one row
    version, database = found
    require_version(version)
    for role in ROLES:
        _prepare_role(db, role, key)
    owner, name = sql.Identifier("motorpool_owner"), sql.Identifier(database)
    db.execute(sql.SQL("grant connect, create, temporary on database {} to {}").format(name, owner))
    db.execute(sql.SQL("grant temporary on database {} to motorpool_ingest").format(name))


def _prepare_schema(admin_url: str, key: bytes) -> None:
    with psycopg.connect(conninfo(admin_url, "owner", role_password(key, "owner"))) as own:
        own.execute("create schema if not exists motorpool")
        for role in ROLES[1:]:
            own.execute(sql.SQL("grant usage on schema motorpool to {}").format(sql.Identifier(f"motorpool_{role}")))


def _prepare_role(db: psycopg.Connection, role: str, key: bytes) -> None:
    name = f"motorpool_{role}"
    secret = db.pgconn.encrypt_password(role_password(key, role).encode(), name.encode(), b"scram-sha-256").decode()
    command = CREATE_ROLE if db.execute(ROLE_EXISTS, [name]).fetchone() is None else ALTER_ROLE
    db.execute(sql.SQL(command).format(sql.Identifier(name), sql.Literal(secret)))


def _upgrade(owner_dsn: str) -> None:
    from alembic import command  # noqa: PLC0415 - a start with nothing to migrate never loads Alembic
    from alembic.config import Config  # noqa: PLC0415
    from sqlalchemy import NullPool, create_engine  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(HERE))
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(owner_dsn), poolclass=NullPool)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
