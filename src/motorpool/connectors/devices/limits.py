"""How much one device, one address and all of them together may take; and what was counted."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one listening port. Times in seconds.

    Mobile carriers put many devices behind one address, so `per_address` is generous. A device has `hello_s`
    to be known and `idle_s` between two sound frames (garbage does not count as life). `request_s` is for
    head and body of an HTTP request together.
    """

    connections: int = 20_000
    per_address: int = 1_000
    buffer_bytes: int = 65_536
    hello_s: float = 30.0
    idle_s: float = 900.0
    request_s: float = 15.0
    keep_alive_s: float = 75.0
    datagrams: int = 1_000
    sweep_s: float = 1.0


@dataclass(slots=True)
class Counters:
    """What one listening port has seen since it started; `open` is the number of connections now."""

    open: int = 0
    connections: int = 0
    connections_refused: int = 0
    timed_out: int = 0
    received_bytes: int = 0
    frames: int = 0
    garbage_bytes: int = 0
    bad_checksums: int = 0
    malformed: int = 0
    unknown_devices: int = 0
    records: int = 0
    records_rejected: int = 0
    replies: int = 0
    unavailable: int = 0
    dropped: int = 0


@dataclass(slots=True)
class Gate:
    """Who may connect: counts connections in total and by address."""

    limits: Limits
    counters: Counters
    _by_address: Counter[str] = field(default_factory=Counter)

    def admit(self, address: str) -> bool:
        """Whether one more connection from this address is within the limits; counted either way.

        `leave` undoes a True.
        """
        if self.counters.open >= self.limits.connections or self._by_address[address] >= self.limits.per_address:
            self.counters.connections_refused += 1
            if not self._by_address[address]:
                del self._by_address[address]
            return False
        self._by_address[address] += 1
        self.counters.open += 1
        self.counters.connections += 1
        return True

    def leave(self, address: str) -> None:
        """An admitted connection has ended."""
        self.counters.open -= 1
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]
