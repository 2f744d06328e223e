"""The demo's fleets in a process of their own: it ends with the process that began it."""

import asyncio
import ctypes
import signal

from motorpool.apps.simulate import drive_demo

PR_SET_PDEATHSIG = 1


def run(url: str, vehicles: int) -> int:
    """Drive until stopped."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        asyncio.run(drive_demo(url, vehicles))
    except KeyboardInterrupt:
        return 0
    return 0
