"""Why the embedded PostgreSQL does not run, each with the sentence its user reads."""

from motorpool.kernel.errors import Unavailable


class EmbeddedPostgresError(Unavailable):
    """The embedded PostgreSQL does not work here; MOTORPOOL_DATABASE_URL can name another PostgreSQL."""


class PostgresNotInstalled(EmbeddedPostgresError):
    """A program that the embedded PostgreSQL needs is not installed."""


class PostgresDidNotStart(EmbeddedPostgresError):
    """The embedded PostgreSQL ended while it was starting."""


class AlreadyInUse(EmbeddedPostgresError):
    """The data directory is already in use by another running Motorpool."""


class PasswordLost(EmbeddedPostgresError):
    """The database is there but the file with its superuser's password is not: put it back from a backup."""


class UnreachableDirectory(EmbeddedPostgresError):
    """PostgreSQL refuses to run as root, and the user it would run as cannot reach the data directory."""


class StartedOutsideMainThread(EmbeddedPostgresError):
    """The embedded PostgreSQL ends with the thread that started it: start it from the main thread."""
