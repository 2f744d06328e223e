"""The embedded PostgreSQL: started by Motorpool, gone when Motorpool is gone, no commit ever lost."""

from motorpool.runtime.postgres.errors import (
    AlreadyInUse,
    EmbeddedPostgresError,
    PasswordLost,
    PostgresDidNotStart,
    PostgresNotInstalled,
    StartedOutsideMainThread,
    UnreachableDirectory,
)
from motorpool.runtime.postgres.server import Server
from motorpool.runtime.postgres.starting import revive, start

__all__ = [
    "AlreadyInUse",
    "EmbeddedPostgresError",
    "PasswordLost",
    "PostgresDidNotStart",
    "PostgresNotInstalled",
    "Server",
    "StartedOutsideMainThread",
    "UnreachableDirectory",
    "revive",
    "start",
]
