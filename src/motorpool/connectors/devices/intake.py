"""One port's way into the inbox: gathers what all its connections have said into few, large submissions.

A packet mostly has one record, and columns of one row cost as much as columns of a hundred. So what comes
while the loop turns once, or while the earlier submissions are being committed, goes in together. Nobody
waits for company: with nothing in flight a single record goes in at once. A connection sends its next records
only after the answer to its last, so its order is kept.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from motorpool.connectors.devices.limits import Counters
from motorpool.connectors.devices.points import Point, fixes_of
from motorpool.telemetry.inbox import Inbox, Receipt, Rejection, Submission

# Rows of one submission, and submissions under way at once.
MOST_ROWS = 5_000
MOST_IN_FLIGHT = 4

Spoken = Sequence[tuple[str, Sequence[Point]]]


@dataclass(frozen=True, slots=True)
class Part:
    """What one connection said at once, and who waits for its fate."""

    spoken: Spoken
    rows: int
    fate: asyncio.Future[tuple[Rejection, ...]]


def submission_of(spoken: Spoken) -> Submission:
    """What several devices said, in the order they said it, as one submission."""
    identifiers = tuple(dict.fromkeys(identifier for identifier, _ in spoken))
    index = {identifier: at for at, identifier in enumerate(identifiers)}
    whose = np.array([index[identifier] for identifier, _ in spoken], np.int32)
    device = np.repeat(whose, [len(points) for _, points in spoken])
    return Submission(identifiers, device, fixes_of([point for _, points in spoken for point in points]))


class Intake:
    """Submits for the connections of one port and tells each what became of its rows."""

    def __init__(self, inbox: Inbox, counters: Counters, most_rows: int = MOST_ROWS) -> None:
        self.counters = counters
        self._inbox = inbox
        self._most_rows = most_rows
        self._waiting: deque[Part] = deque()
        self._flights: set[asyncio.Task[None]] = set()
        self._called = False

    async def knows(self, identifier: str) -> bool:
        """Whether the device may speak; unknown ones are counted. Raises what the inbox raises."""
        if await self._inbox.knows(identifier):
            return True
        self.counters.unknown_devices += 1
        return False

    async def submit(self, spoken: Spoken) -> tuple[Rejection, ...]:
        """Have it committed; returns the rows that were not taken, counted from the first one said here.

        Raises what the inbox raises: nothing of it may be acknowledged then.
        """
        rows = sum(len(points) for _, points in spoken)
        if not rows:
            return ()
        part = Part(spoken, rows, asyncio.get_running_loop().create_future())
        self._waiting.append(part)
        self._call()
        return await part.fate

    def _call(self) -> None:
        if self._waiting and not self._called and len(self._flights) < MOST_IN_FLIGHT:
            self._called = True
            asyncio.get_running_loop().call_soon(self._depart)

    def _depart(self) -> None:
        self._called = False
        parts = [self._waiting.popleft()]
        rows = parts[0].rows
        while self._waiting and rows + self._waiting[0].rows <= self._most_rows:
            parts.append(self._waiting.popleft())
            rows += parts[-1].rows
        flight = asyncio.create_task(self._fly(parts))
        self._flights.add(flight)
        flight.add_done_callback(self._landed)
        self._call()

    def _landed(self, flight: asyncio.Task[None]) -> None:
        self._flights.discard(flight)
        self._call()

    async def _fly(self, parts: list[Part]) -> None:
        try:
            receipt = await self._inbox.submit(submission_of([said for part in parts for said in part.spoken]))
        except Exception as error:
            # Whoever waits must hear of it; each connection decides what it means.
            for part in parts:
                if not part.fate.done():
                    part.fate.set_exception(error)
            return
        self.counters.records += receipt.accepted + receipt.duplicates
        self.counters.records_rejected += len(receipt.rejected)
        _tell(parts, receipt)


def _tell(parts: list[Part], receipt: Receipt) -> None:
    first = 0
    rejected = deque(sorted(receipt.rejected, key=lambda rejection: rejection.index))
    for part in parts:
        own: list[Rejection] = []
        while rejected and rejected[0].index < first + part.rows:
            rejection = rejected.popleft()
            own.append(Rejection(rejection.index - first, rejection.code, rejection.detail))
        if not part.fate.done():
            part.fate.set_result(tuple(own))
        first += part.rows
