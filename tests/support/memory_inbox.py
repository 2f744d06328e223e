"""An `Inbox` that keeps rows in memory: the second implementation of the port, for tests of whoever speaks to
it.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from motorpool.kernel.errors import Unavailable
from motorpool.telemetry.batch import Fixes
from motorpool.telemetry.inbox import Receipt, Rejection, Submission


@dataclass(frozen=True, slots=True)
class Row:
    """One fix that was taken."""

    identifier: str
    at_us: int
    lat_deg: float
    lon_deg: float
    extra: bytes | None


@dataclass(slots=True)
class MemoryInbox:
    """Takes what devices in `known` say; None: everybody.

    `available` False raises Unavailable from both methods. `gate` holds back every submission until it is
    set: what the database's commit does to the real one. A fix near (0, 0) is refused with `no_position`, a
    row heard before is a duplicate.
    """

    known: set[str] | None = None
    available: bool = True
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    rows: list[Row] = field(default_factory=list)
    submissions: int = 0
    waiting: int = 0

    def __post_init__(self) -> None:
        self.gate.set()

    async def knows(self, identifier: str) -> bool:
        self._check()
        return self.known is None or identifier in self.known

    async def submit(self, submission: Submission) -> Receipt:
        self._check()
        self.waiting += 1
        try:
            await self.gate.wait()
        finally:
            self.waiting -= 1
        self._check()
        self.submissions += 1
        return self._store(submission)

    def of(self, identifier: str) -> list[Row]:
        """What one device has said, in the order it was taken."""
        return [row for row in self.rows if row.identifier == identifier]

    def _check(self) -> None:
        if not self.available:
            raise Unavailable

    def _store(self, submission: Submission) -> Receipt:
        rejected: list[Rejection] = []
        heard = set(self.rows)
        accepted = duplicates = 0
        for index, row in enumerate(_rows(submission.identifiers, submission.device, submission.fixes)):
            if self.known is not None and row.identifier not in self.known:
                rejected.append(Rejection(index, "unknown_device", "No device with this identifier."))
            elif abs(row.lat_deg) < 1e-4 and abs(row.lon_deg) < 1e-4:
                rejected.append(Rejection(index, "no_position", "The fix has no position."))
            elif row in heard:
                duplicates += 1
            else:
                heard.add(row)
                self.rows.append(row)
                accepted += 1
        return Receipt(accepted, duplicates, tuple(rejected))


def _rows(identifiers: tuple[str, ...], device: Iterable[int], fixes: Fixes) -> Iterable[Row]:
    columns = zip(device, fixes.at_us, fixes.lat_deg, fixes.lon_deg, fixes.extra, strict=True)
    for index, at_us, lat, lon, extra in columns:
        yield Row(identifiers[index], int(at_us), float(lat), float(lon), extra)
