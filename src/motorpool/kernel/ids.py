"""Identifiers: UUIDv7, so that rows made together lie together."""

import os
import time
from uuid import UUID


def new_id(now_ms: int | None = None, entropy: bytes | None = None) -> UUID:
    """A UUIDv7 [RFC 9562, 5.7]: 48 bits of Unix milliseconds, then 74 random bits.

    `now_ms` and `entropy` (10 bytes) are arguments for tests; without them the clock and the system's randomness serve.
    """
    milliseconds = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    noise = int.from_bytes(os.urandom(10) if entropy is None else entropy, "big")
    high = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | (noise >> 68) << 64
    low = 0b10 << 62 | noise & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=high | low)
