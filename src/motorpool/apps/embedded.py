"""The embedded PostgreSQL of a running process: watched, and started again when it dies alone."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from motorpool.runtime.postgres.errors import PostgresDidNotStart
from motorpool.runtime.postgres.server import Server
from motorpool.runtime.postgres.starting import revive

log = structlog.get_logger()

LOOK_S = 0.25
RETRY_S = 2.0
PATIENCE_S = 120.0
"""How long a server that does not start is tried again: time to make room on a full disk."""

Revived = Callable[[], Awaitable[None]]


class DatabaseGone(PostgresDidNotStart):
    """The embedded PostgreSQL died and does not start again."""


class Embedded:
    """Owns the server: `server` is the one that runs now."""

    def __init__(self, server: Server) -> None:
        self.server = server

    async def keep(self, revived: Revived) -> None:
        """Start the server again whenever it dies, then call `revived`; until cancelled. Raises EmbeddedPostgresError."""
        while True:
            await asyncio.sleep(LOOK_S)
            if not self.server.alive():
                log.error("database_died", code=self.server.postmaster.returncode)
                began = time.monotonic()
                await self._revive(began + PATIENCE_S)
                log.info("database_revived", took_s=round(time.monotonic() - began, 1))
                await revived()

    async def _revive(self, deadline: float) -> None:
        while True:
            try:
                self.server = await revive(self.server, tell_waiting)
            except PostgresDidNotStart as error:
                if time.monotonic() > deadline:
                    raise DatabaseGone(
                        f"The embedded PostgreSQL died and does not start again. {error.detail}"
                    ) from error
                log.error("database_does_not_start", reason=error.detail)
                await asyncio.sleep(RETRY_S)
            else:
                return

    def stop(self) -> None:
        """End the server."""
        self.server.stop()


def tell_waiting(seconds: float) -> None:
    """Say that the database recovers, and for how long already."""
    log.info("database_recovers", waited_s=round(seconds))
