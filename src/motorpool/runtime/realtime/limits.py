"""The numbers a connection lives by."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one connection and of the process.

    A client silent for `silence_s` is closed (1001). One that takes longer than `send_s`, plus the time its
    last message needs at `slowest_bytes_per_s`, is too slow (1008). Positions are gathered for `tick_s`.
    """

    payload_bytes: int = 65_536
    heartbeat_s: float = 25.0
    silence_s: float = 60.0
    authenticate_s: float = 10.0
    tick_s: float = 0.05
    send_s: float = 10.0
    slowest_bytes_per_s: int = 16_384
    close_s: float = 1.0
    subscriptions: int = 100
    messages_per_s: float = 20.0
    burst: int = 60
    refused: int = 200
    waiting_messages: int = 200
    waiting_bytes: int = 1_000_000
    events: int = 1_000
    missed_events: int = 1_000
    snapshots_at_once: int = 4
    refresh_s: float = 0.5
    clients: int = 10_000


class Bucket:
    """A token bucket without a clock of its own: `burst` at once, then `per_s` a second."""

    def __init__(self, per_s: float, burst: int) -> None:
        self._per_s, self._burst = per_s, burst
        self._tokens, self._at_s = float(burst), 0.0

    def take(self, now_s: float) -> bool:
        """Whether one more is allowed at `now_s` (never going back)."""
        self._tokens = min(self._burst, self._tokens + (now_s - self._at_s) * self._per_s)
        self._at_s = now_s
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True
