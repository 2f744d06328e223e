"""A revision is a file of SQL; this gives Alembic the functions it looks for."""

from collections.abc import Callable
from pathlib import Path


def sql_revision(script: str) -> Callable[[], None]:
    """The `upgrade` of a revision: run the SQL file beside `script`, whole."""

    def upgrade() -> None:
        from alembic import op  # noqa: PLC0415 - Alembic is loaded only when there is something to migrate

        # The driver's own connection: without parameters it takes many statements and leaves `%` alone.
        driver = op.get_bind().connection.driver_connection
        assert driver is not None  # noqa: S101 - a bound connection has its driver
        driver.execute(Path(script).with_suffix(".sql").read_text())

    return upgrade
