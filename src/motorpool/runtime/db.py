"""The unit of work. `begin` is the only place that commits: one command, one transaction, one tenant, its events inside."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from psycopg import AsyncConnection, sql
from psycopg.conninfo import make_conninfo
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from motorpool.kernel.actor import Actor
from motorpool.kernel.errors import MotorpoolError
from motorpool.kernel.events import Event
from motorpool.kernel.ids import new_id
from motorpool.runtime.outbox_sql import APPEND_EVENT

Connection = AsyncConnection[DictRow]
Pool = AsyncConnectionPool[Connection]
Params = Mapping[str, Any]

AWAY = (psycopg.OperationalError, PoolTimeout, psycopg.errors.IdleInTransactionSessionTimeout)
"""What is raised when the database cannot do something just now: waiting helps."""

ROLES = ("owner", "app", "ingest", "identity", "relay", "control")
SERVING_ROLES = ("app", "ingest", "identity", "relay", "control")

ENTER = """
select set_config('app.tenant', %(tenant)s, true), set_config('app.tenant_no', %(tenant_no)s, true),
  set_config('app.actor', %(actor)s, true), set_config('app.scope', %(scope)s, true)
"""

WHO_COULD_BYPASS = """
select r.rolname as role from pg_roles r
where r.rolname = current_user and (r.rolsuper or r.rolbypassrls
  or exists (select from pg_class c where c.relowner = r.oid and c.relnamespace = 'motorpool'::regnamespace)
  or exists (select from pg_auth_members m where m.member = r.oid))
"""


class RoleCouldBypass(MotorpoolError):
    """A database role could see past row-level security; Motorpool does not start with it."""


@dataclass(slots=True)
class Work:
    """An open transaction in one tenant. Commands receive it first and record their facts in it."""

    db: Connection
    actor: Actor
    causation_id: UUID | None = None
    correlation_id: UUID | None = None
    facts: list[Event] = field(default_factory=list)

    def record(self, event: Event) -> None:
        """Tell a fact; it is stored with the rows it describes, or not at all."""
        self.facts.append(event)

    async def all(self, query: str, params: Params | None = None) -> list[DictRow]:
        """Every row of a query."""
        return await (await self.db.execute(query.encode(), params)).fetchall()

    async def one(self, query: str, params: Params | None = None) -> DictRow | None:
        """The first row of a query, or None."""
        return await (await self.db.execute(query.encode(), params)).fetchone()

    async def run(self, query: str, params: Params | None = None) -> int:
        """Run a statement; the number of rows it touched."""
        return (await self.db.execute(query.encode(), params)).rowcount

    async def many(self, query: str, rows: Sequence[Params]) -> None:
        """Run a statement once per row, pipelined."""
        if rows:
            async with self.db.cursor() as cursor:
                await cursor.executemany(query.encode(), rows)


@asynccontextmanager
async def begin(
    pool: Pool, actor: Actor, *, causation_id: UUID | None = None, frozen: bool = False
) -> AsyncIterator[Work]:
    """Open a transaction that sees one tenant; commit with its events on leaving, roll back on any error.

    `frozen`: every query of it sees the database as of one moment.
    """
    async with pool.connection() as db, db.transaction():
        if frozen:
            await db.execute("set transaction isolation level repeatable read, read only")
        await db.execute(
            ENTER.encode(),
            {
                "tenant": str(actor.tenant_id),
                "tenant_no": str(actor.tenant_no),
                "actor": str(actor.id),
                "scope": actor.scope,
            },
        )
        work = Work(db=db, actor=actor, causation_id=causation_id)
        yield work
        await store_events(work)


async def store_events(work: Work) -> None:
    """Write the facts of a unit of work, in the order they were told."""
    await work.many(APPEND_EVENT, [event_row(work, event) for event in work.facts])


def event_row(work: Work, event: Event) -> dict[str, Any]:
    """The parameters of APPEND_EVENT for one fact."""
    from psycopg.types.json import Jsonb  # noqa: PLC0415 - only needed where events are written

    return {
        "id": new_id(),
        "tenant_id": work.actor.tenant_id,
        "stream_kind": event.STREAM,
        "stream_id": event.stream_id(),
        "name": event.NAME,
        "vehicle_id": getattr(event, "vehicle_id", None),
        "actor_id": work.actor.id,
        "actor_kind": work.actor.kind,
        "correlation_id": work.correlation_id,
        "causation_id": work.causation_id,
        "data": Jsonb(event.to_data()),
    }


@asynccontextmanager
async def open_transaction(pool: Pool) -> AsyncIterator[Connection]:
    """A transaction without a tenant, for the roles that need none (identity, relay, ingest, control)."""
    async with pool.connection() as db, db.transaction():
        yield db


def conninfo(url: str, role: str, password: str) -> str:
    """Connection string of one role at the server of `url`; a dead link is noticed within five seconds.

    An ingest that was paused inside a transaction stands in its successor's way, so it may not for long.
    """
    idle = "10s" if role == "ingest" else "60s"
    return make_conninfo(
        url,
        user=f"motorpool_{role}",
        password=password,
        options="-c search_path=motorpool -c timezone=UTC -c lock_timeout=10s"
        f" -c idle_in_transaction_session_timeout={idle}",
        connect_timeout=5,
        keepalives_idle=5,
        keepalives_interval=2,
        keepalives_count=2,
        tcp_user_timeout=5000,
        application_name=f"motorpool-{role}",
    )


def make_pool(dsn: str, connections: int) -> Pool:
    """A pool, not yet open. Connections give rows as dictionaries.

    A lost connection is tried again for two seconds, then whoever asks next tries anew: left to itself the pool would wait
    twice as long each time, and be without connections for minutes after a long outage.
    """
    return AsyncConnectionPool(
        dsn,
        min_size=1,
        max_size=connections,
        open=False,
        timeout=5,
        reconnect_timeout=2,
        kwargs={"row_factory": dict_row},
        connection_class=AsyncConnection[DictRow],
    )


async def refuse_bypass(pool: Pool) -> None:
    """Raise RoleCouldBypass when the pool's role is not really subject to row-level security."""
    async with pool.connection() as db:
        found = await (await db.execute(WHO_COULD_BYPASS)).fetchone()
    if found:
        raise RoleCouldBypass(
            f"The database role {found['role']} could see past row-level security; run `motorpool migrate`."
        )


def quoted(name: str) -> sql.Identifier:
    """A name as an SQL identifier."""
    return sql.Identifier(name)
