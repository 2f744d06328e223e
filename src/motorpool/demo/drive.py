"""The fleet on the road: what its trackers send between two moments.

Everything follows from the seed and the time: however the time is cut into steps, the same rows come in the same order, and
a fleet that starts again at noon says of the morning what it said before. Only the odometer remembers: it goes on from what
the server last heard.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motorpool.demo.day import Day, days_of
from motorpool.demo.fixes import MOVING_MPS, rows
from motorpool.demo.itinerary import Silence, day_of
from motorpool.demo.noise import mixed
from motorpool.demo.roster import Entry
from motorpool.demo.routes import routes_of
from motorpool.demo.town import Town
from motorpool.kernel.time import SECOND_US

Row = dict[str, Any]
Seconds = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cadence:
    """Every how many seconds a tracker speaks: on the move, idling, parked. The later ones are multiples of the first."""

    moving_s: int
    idle_s: int
    parked_s: int


LIVE = Cadence(1, 10, 120)
PAST = Cadence(15, 60, 600)
"""Enough for trips and stops; a day of 60 vehicles is about 100 000 rows."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the server last heard of a vehicle: when (µs since 1970), and its odometer in metres (None: never said)."""

    at_us: int
    odometer_m: float | None


@dataclass(frozen=True, slots=True)
class _Heard:
    """Rows of one vehicle with when each is heard and what decides among those heard in the same second."""

    heard_s: Seconds
    tie: NDArray[np.uint64]
    rows: list[Row]


class Vehicle:
    """One vehicle of the fleet and how far its story has been told."""

    def __init__(self, town: Town, entry: Entry, seed: int, born_s: int, known: Known | None = None) -> None:
        self.entry, self._seed = entry, seed
        self._days = days_of(routes_of(town), entry, seed)
        self.told_s = self._born_s = max(born_s, known.at_us // SECOND_US if known else born_s)
        self._odometer_day = day_of(entry, self.told_s)
        self._odometer_m = self._first_odometer(known)

    def moving(self, at_s: int) -> bool:
        """Whether it is on the move at a moment, seconds since 1970."""
        day = self._days.day(day_of(self.entry, at_s))
        return bool(day.track.at(np.array([at_s - day.start_s], dtype=np.float64)).speed_mps[0] > MOVING_MPS)

    def tell(self, until_s: int, cadence: Cadence) -> list[_Heard]:
        """What is heard of it after what was told so far, up to a moment."""
        heard: list[_Heard] = []
        first, last = day_of(self.entry, self.told_s + 1), day_of(self.entry, until_s)
        for number in range(first, last + 1) if until_s > self.told_s else ():
            day = self._days.day(number)
            begin = max(self.told_s, day.start_s - 1)
            end = min(until_s, day.start_s + 86_399)
            heard += self._tell_day(day, self._odometer_at(number), (begin, end), cadence)
        self.told_s = max(self.told_s, until_s)
        return heard

    def _tell_day(self, day: Day, odometer_m: float, span: tuple[int, int], cadence: Cadence) -> list[_Heard]:
        """Within one day: what is heard at once, and the bursts of the silences that end in the span."""
        at_s = self._moments(day, span, cadence)
        for silence in day.itinerary.silences:
            at_s = at_s[(at_s <= day.start_s + silence.start_s) | (at_s > day.start_s + silence.end_s)]
        bursts = [s for s in day.itinerary.silences if s.kept and span[0] < day.start_s + s.end_s <= span[1]]
        spoken = _Heard(at_s, np.zeros(len(at_s), dtype=np.uint64), self._rows(day, at_s, odometer_m))
        return [spoken, *(self._burst(day, silence, odometer_m, cadence) for silence in bursts)]

    def _burst(self, day: Day, silence: Silence, odometer_m: float, cadence: Cadence) -> _Heard:
        """All that was measured during a silence, heard at its end in no order."""
        begin, end = max(day.start_s + silence.start_s, self._born_s), day.start_s + silence.end_s
        at_s = self._moments(day, (begin, end), cadence)
        tie = mixed(self._seed + self.entry.index, at_s) | np.uint64(1)
        return _Heard(np.full(len(at_s), end), tie, self._rows(day, at_s, odometer_m))

    def _rows(self, day: Day, at_s: Seconds, odometer_m: float) -> list[Row]:
        return rows(self.entry, day, at_s, self._seed, odometer_m) if len(at_s) else []

    def _moments(self, day: Day, span: tuple[int, int], cadence: Cadence) -> Seconds:
        """The seconds after the first and up to the second of a span at which the tracker speaks."""
        phase = self.entry.index % cadence.moving_s
        first = span[0] + 1 + (phase - span[0] - 1) % cadence.moving_s
        at_s = np.arange(first, span[1] + 1, cadence.moving_s, dtype=np.int64)
        sample = day.track.at((at_s - day.start_s).astype(np.float64))
        beat = at_s - phase
        speaks = (sample.speed_mps > MOVING_MPS) | (beat % cadence.parked_s == 0)
        speaks |= sample.ignition & (beat % cadence.idle_s == 0)
        switched = np.ceil(day.track.switch_s).astype(np.int64) + day.start_s
        switched = switched[(switched > span[0]) & (switched <= span[1])]
        return np.union1d(at_s[speaks], switched)

    def _first_odometer(self, known: Known | None) -> float:
        """The odometer when the first day began; the first day told begins before the story does."""
        if known is None or known.odometer_m is None:
            return self.entry.odometer_m
        day = self._days.day(self._odometer_day)
        sample = day.track.at(np.array([self.told_s - day.start_s], dtype=np.float64))
        return known.odometer_m - float(sample.distance_m[0])

    def _odometer_at(self, number: int) -> float:
        """The odometer when a day began."""
        while self._odometer_day < number:
            self._odometer_m += self._days.distance_m(self._odometer_day)
            self._odometer_day += 1
        return self._odometer_m


class Fleet:
    """Vehicles told together."""

    def __init__(self, vehicles: Sequence[Vehicle]) -> None:
        self.vehicles = list(vehicles)

    @staticmethod
    def of(
        town: Town,
        entries: Sequence[Entry],
        seed: int,
        start_us: int,
        known: Mapping[str, Known] | None = None,
    ) -> "Fleet":
        """A fleet whose story begins after `start_us`, or after what is `known` of a device if that is later."""
        known = known or {}
        born_s = start_us // SECOND_US
        return Fleet([Vehicle(town, entry, seed, born_s, known.get(entry.device)) for entry in entries])

    def step(self, until_us: int, cadence: Cadence = LIVE) -> list[Row]:
        """The rows heard after the last step and up to a moment (µs since 1970), in the order in which they are heard."""
        return [row for _, row in self.told(until_us, cadence)]

    def told(self, until_us: int, cadence: Cadence = LIVE) -> list[tuple[int, Row]]:
        """Like `step`, each row with the second (since 1970) in which it is heard: for who asks ahead of time."""
        told = [(v, heard) for v in self.vehicles for heard in v.tell(until_us // SECOND_US, cadence)]
        found = [row for _, heard in told for row in heard.rows]
        if not found:
            return []
        vehicle = np.concatenate([np.full(len(heard.rows), v.entry.index) for v, heard in told])
        heard_s = np.concatenate([heard.heard_s for _, heard in told])
        tie = np.concatenate([heard.tie for _, heard in told])
        return [(int(heard_s[k]), found[k]) for k in np.lexsort((tie, vehicle, heard_s)).tolist()]

    def told_until_us(self) -> int:
        """Up to when the fleet's story has been told, µs since 1970."""
        return max(vehicle.told_s for vehicle in self.vehicles) * SECOND_US
