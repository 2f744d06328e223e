"""One read of a picture for everybody who asks at once: after a restart a thousand browsers come back in the same second."""

import asyncio
from collections.abc import Hashable

from motorpool.kernel.actor import Actor
from motorpool.runtime.realtime.ports import Snapshot, Source


class SharedReads:
    """Snapshots of a source, each read shared by those who see the same.

    Whoever asks while a read is under way shares the *next* one, which begins after they asked: what happened in between is in it, or
    among the messages they already hold.
    """

    def __init__(self, source: Source, turns: asyncio.Semaphore) -> None:
        self._source, self._turns = source, turns
        self._next: dict[Hashable, asyncio.Task[Snapshot]] = {}
        self._running: dict[Hashable, asyncio.Task[Snapshot]] = {}

    async def snapshot(self, actor: Actor, channel: str) -> Snapshot:
        """The picture of a channel as the actor may see it. Raises what the source raises."""
        key = (actor.tenant_id, actor.permissions, actor.scope if actor.scope == "all" else actor.id, channel)
        task = self._next.get(key)
        if task is None:
            reading = self._read(key, self._running.get(key), actor, channel)
            task = self._next[key] = asyncio.create_task(reading)
        return await asyncio.shield(task)

    async def _read(
        self, key: Hashable, before: "asyncio.Task[Snapshot] | None", actor: Actor, channel: str
    ) -> Snapshot:
        if before is not None:
            await asyncio.wait([before])
        async with self._turns:
            task = self._next.pop(key)
            self._running[key] = task
            try:
                return await self._source.snapshot(actor, channel)
            finally:
                if self._running.get(key) is task:
                    del self._running[key]
