"""One vehicle on one day, driven: its track, and what its engine and tank show at any second of it."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from motorpool.demo.ground import Floats
from motorpool.demo.itinerary import OVERHEATING, Fault, Itinerary, day_start_s, plan, refuels
from motorpool.demo.noise import uniform
from motorpool.demo.roster import Entry
from motorpool.demo.routes import Routes
from motorpool.demo.track import Track, drive

AMBIENT_C, WARM_C, HOT_C = 14.0, 89.0, 117.0
WARMING_S, COOLING_S, OVERHEATING_S = 260.0, 5400.0, 700.0


@dataclass(frozen=True, slots=True)
class Day:
    """What one needs to say everything about a vehicle on a day that begins at `start_s` (seconds since 1970)."""

    start_s: int
    itinerary: Itinerary
    track: Track
    fuel_percent: float
    full_percent: float
    percent_per_m: float
    heat_s: Floats
    heat_c: Floats
    heat_to_c: Floats
    heat_within_s: Floats

    @property
    def distance_m(self) -> float:
        """Metres driven on the whole day."""
        return float(self.track.corner_m[-1])

    def fuel(self, second: Floats, distance_m: Floats) -> Floats:
        """The tank in percent: falls with the distance, jumps at the pump."""
        level = self.fuel_percent - distance_m * self.percent_per_m
        if self.track.fuelled is None:
            return level
        at_s, at_m = self.track.fuelled
        filled: Floats = np.where(second >= at_s, self.full_percent - (distance_m - at_m) * self.percent_per_m, level)
        return filled

    def coolant(self, second: Floats) -> Floats:
        """The coolant in °C: warming while the engine runs, cooling while it rests [Newton]."""
        k = np.maximum(np.searchsorted(self.heat_s, second, side="right") - 1, 0)
        gone = np.maximum(second - self.heat_s[k], 0.0) / self.heat_within_s[k]
        warmth: Floats = self.heat_to_c[k] + (self.heat_c[k] - self.heat_to_c[k]) * np.exp(-gone)
        return warmth


class Days:
    """The days of one vehicle, driven when first asked for; the last three are kept."""

    def __init__(self, routes: Routes, entry: Entry, seed: int) -> None:
        self.routes, self.entry, self.seed = routes, entry, seed
        self._planned: dict[int, Itinerary] = {}
        self._driven: dict[int, Day] = {}

    def day(self, number: int) -> Day:
        """The day with a number."""
        if number not in self._driven:
            self._driven = {k: day for k, day in self._driven.items() if k >= number - 2}
            self._driven[number] = self._drive(number)
        return self._driven[number]

    def distance_m(self, number: int) -> float:
        """Metres driven on a day, without driving it."""
        return self._plan(number).distance_m(self.routes)

    def _plan(self, number: int) -> Itinerary:
        if number not in self._planned:
            self._planned = {k: day for k, day in self._planned.items() if k >= number - 9}
            self._planned[number] = plan(self.routes, self.entry, self.seed, number)
        return self._planned[number]

    def _drive(self, number: int) -> Day:
        itinerary, kind = self._plan(number), self.entry.kind
        random = np.random.default_rng([self.seed, 5, self.entry.index, number + 1_000_000])
        track = drive(self.routes, kind, itinerary, random)
        heat = _heat(track.switch_s, itinerary.fault)
        return Day(
            start_s=day_start_s(self.entry, number),
            itinerary=itinerary,
            track=track,
            fuel_percent=self._fuel_in_the_morning(number),
            full_percent=self._full(number),
            percent_per_m=self._percent_per_m(),
            heat_s=heat[:, 0],
            heat_c=heat[:, 1],
            heat_to_c=heat[:, 2],
            heat_within_s=heat[:, 3],
        )

    def _percent_per_m(self) -> float:
        return self.entry.kind.litres_per_km / 1000.0 / self.entry.kind.tank_l * 100.0

    def _full(self, number: int) -> float:
        """What the gauge shows after filling up on a day."""
        share = uniform(self.seed * 7919 + self.entry.index, np.array([number]))
        return 93.0 + 6.0 * float(share[0])

    def _fuel_in_the_morning(self, number: int) -> float:
        """The level left since the last filling up, some days ago."""
        last = number - 1
        while not refuels(self.entry, last):
            last -= 1
        driven = self._plan(last).distance_after_fuel_m(self.routes)
        driven += sum(self.distance_m(day) for day in range(last + 1, number))
        return self._full(last) - driven * self._percent_per_m()


@lru_cache(maxsize=1024)
def days_of(routes: Routes, entry: Entry, seed: int) -> Days:
    """The days of a vehicle, shared by all that ask for them."""
    return Days(routes, entry, seed)


def _heat(switch_s: Floats, fault: Fault | None) -> Floats:
    """Rows (from second, °C then, °C it tends to, within seconds): one for each change of the engine."""
    changes = [(float(second), k % 2 == 0) for k, second in enumerate(switch_s)]
    fails_s = fault.start_s if fault is not None and fault.code == OVERHEATING else np.inf
    running = [on for second, on in changes if second <= fails_s]
    if np.isfinite(fails_s):
        changes = sorted([*changes, (float(fails_s), bool(running and running[-1]))])
    rows = [(0.0, AMBIENT_C, AMBIENT_C, COOLING_S)]
    for second, on in changes:
        since, warmth, towards, within = rows[-1]
        now_c = towards + (warmth - towards) * float(np.exp(-(second - since) / within))
        hot = second >= fails_s
        towards_c = (HOT_C if hot else WARM_C) if on else AMBIENT_C
        within_s = (OVERHEATING_S if hot else WARMING_S) if on else COOLING_S
        rows.append((second, now_c, towards_c, within_s))
    return np.array(rows)
