"""What a worker does: number events, hand them to subscriptions, and throw away what is only kept for a day."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from motorpool.apps import registry
from motorpool.runtime.db import open_transaction
from motorpool.runtime.instance import Instance
from motorpool.runtime.outbox import Relay

log = structlog.get_logger()

EVERY_S = 600
FORGET_KEYS = "delete from idempotency_keys where created_at < now() - interval '24 hours'"


def works(instance: Instance) -> list[Coroutine[Any, Any, None]]:
    """A worker's works, each to be run until cancelled."""
    pools = instance.pools
    return [Relay(pools.app, pools.relay, registry.SUBSCRIPTIONS).run(), _tidy(instance)]


async def _tidy(instance: Instance) -> None:
    while True:
        try:
            async with open_transaction(instance.pools.relay) as db:
                await db.execute(FORGET_KEYS)
        except (psycopg.OperationalError, PoolTimeout) as error:
            log.warning("tidying_waits_for_database", error=str(error).split("\n")[0])
        await asyncio.sleep(EVERY_S)
