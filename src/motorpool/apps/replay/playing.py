"""Sending a recording: in the order of time, as fast as it is accepted or at a pace, remembering what is committed."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from motorpool.apps.client import BATCH_ROWS, Counts
from motorpool.apps.replay.bookmark import Mark
from motorpool.apps.replay.recording import Recording

TICK_S = 0.5
"""How often a paced replay sends."""
SECOND_US = 1_000_000
EARLIEST_US = 631_152_000 * SECOND_US
"""1990: a tracker that says an earlier time has lost its clock."""


class Sender(Protocol):
    """Takes rows; returns what became of them after they were committed."""

    async def send(self, rows: list[dict[str, Any]]) -> Counts:
        """Send rows in order."""


@dataclass(frozen=True, slots=True)
class Replay:
    """One replay. `times_faster`: seconds of the recording in one second (None: as fast as accepted). `kept` hears each mark."""

    recording: Recording
    times_faster: float | None
    kept: Callable[[Mark], None]

    async def play(self, sender: Sender, mark: Mark) -> Mark:
        """Send everything after the mark. A row is sent again only if a crash came between its commit and the mark."""
        counts, sent = mark.counts(), mark.sent
        started_s = asyncio.get_running_loop().time()
        while sent < len(self.recording):
            end = min(self._due(mark.sent, asyncio.get_running_loop().time() - started_s), sent + BATCH_ROWS)
            if end == sent:
                await asyncio.sleep(TICK_S)
                continue
            counts.add(await sender.send(self.recording.rows(sent, end, mark.shift_us)))
            sent = end
            self.kept(Mark(sent, mark.shift_us, counts.accepted, counts.duplicates, dict(counts.rejected)))
        return Mark(sent, mark.shift_us, counts.accepted, counts.duplicates, dict(counts.rejected))

    def _due(self, first: int, passed_s: float) -> int:
        """Up to which row it is time, when so many seconds have passed since row `first`."""
        if self.times_faster is None:
            return len(self.recording)
        until_us = self.recording.at_us[first] + round(passed_s * self.times_faster * SECOND_US)
        return int(np.searchsorted(self.recording.at_us, until_us, side="right"))


def shift_to_end_at(at_us: NDArray[np.int64], now_us: int) -> int:
    """By how much to move a recording so that it ends now, in whole seconds.

    Times before 1990 or later than a day from now are clocks gone wrong: they are moved with the rest but do not count as its end.
    """
    sane = at_us[(at_us > EARLIEST_US) & (at_us < now_us + 86_400 * SECOND_US)]
    end_us = int(sane.max() if len(sane) else at_us.max())
    return (now_us - end_us) // SECOND_US * SECOND_US
