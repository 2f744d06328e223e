"""Waiting for what happens soon, without guessing how soon."""

import asyncio
from collections.abc import Callable


async def eventually(is_so: Callable[[], bool], limit_s: float = 20.0) -> None:
    """Return as soon as `is_so()`; fail after `limit_s`, which says "never" and measures nothing."""
    async with asyncio.timeout(limit_s):
        while not is_so():
            await asyncio.sleep(0.01)
