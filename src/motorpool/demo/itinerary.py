"""What one vehicle does on one day: where it goes, how long it stays, what fails. Known without driving it.

A vehicle's day begins an hour before its shift, so that a night shift is one day. It depends on nothing but the seed, the
vehicle and the number of the day.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import cos, pi, sin

import numpy as np

from motorpool.demo.places import Place
from motorpool.demo.roster import Entry
from motorpool.demo.routes import Routes

DAY_S = 86_400
TOWN_AHEAD_S = 3600
"""The town's clock is one hour ahead of UTC, all year."""
BEFORE_SHIFT_S = 3600
SLOWER = {"van": 1.35, "truck": 1.35, "car": 1.35, "bus": 1.6}
"""A drive takes about so many times what the speed limits promise."""
_CODES = ("P0128", "P0171", "P0300", "P0420", "P0442", "P0562", "P2463")
OVERHEATING = "P0217"


@dataclass(frozen=True, slots=True)
class Visit:
    """A stay at a node. `what`: customer, depot, bus_stop, terminus, break or fuel_station."""

    node: int
    what: str
    dwell_s: float
    engine_on: bool


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing is heard between two seconds of the day; what was `kept` comes in a burst at the end."""

    start_s: int
    end_s: int
    kept: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """A trouble code shows from a second of the day on, until the day ends."""

    start_s: int
    code: str


@dataclass(frozen=True, slots=True)
class Itinerary:
    """One day: away from `home` at `start_s` (seconds of the vehicle's day), then the visits; the last is home again."""

    home: int
    start_s: int
    visits: tuple[Visit, ...]
    silences: tuple[Silence, ...]
    fault: Fault | None

    def distance_m(self, routes: Routes) -> float:
        """Metres driven that day."""
        return sum(self._legs(routes))

    def distance_after_fuel_m(self, routes: Routes) -> float:
        """Metres driven since the vehicle was filled up; all of them on a day without."""
        stops = [k for k, visit in enumerate(self.visits) if visit.what == "fuel_station"]
        return sum(self._legs(routes)[stops[0] + 1 if stops else 0 :])

    def _legs(self, routes: Routes) -> list[float]:
        nodes = [self.home, *(visit.node for visit in self.visits)]
        return [routes.distance_m(a, b) for a, b in pairwise(nodes)]


def day_start_s(entry: Entry, day: int) -> int:
    """When a vehicle's day begins, in seconds since 1970."""
    return day * DAY_S + round(entry.shift.start_h * 3600) - TOWN_AHEAD_S - BEFORE_SHIFT_S


def day_of(entry: Entry, at_s: float) -> int:
    """The number of the vehicle's day at a time in seconds since 1970."""
    return int((at_s - day_start_s(entry, 0)) // DAY_S)


def refuels(entry: Entry, day: int) -> bool:
    """Whether the vehicle is filled up on that day."""
    return (day + entry.index) % entry.kind.refuel_days == 0


def plan(routes: Routes, entry: Entry, seed: int, day: int) -> Itinerary:
    """The day of a vehicle."""
    random = np.random.default_rng([seed, 4, entry.index, day + 1_000_000])
    depots = routes.town.places_of("depot")
    home = _yard(routes, depots[1 if entry.kind.name == "bus" else entry.index % len(depots)].node, entry.index)
    start_s = BEFORE_SHIFT_S + int(random.uniform(0, 900))
    shift = _Shift(routes, random, home, entry)
    fuel_at = float(random.uniform(0.3, 0.7)) if refuels(entry, day) else 2.0
    _WORK[entry.kind.name](shift, entry, fuel_at)
    if fuel_at <= 1.0:
        shift.fuel_when(0.0)
    shift.go(home, "depot", 0.0, False)
    return Itinerary(home, start_s, tuple(shift.visits), _silences(random, start_s, entry), _fault(random, start_s))


def _yard(routes: Routes, depot: int, index: int) -> int:
    """Where a vehicle of a depot stands at night: one of the eight crossings nearest to it."""
    xy = routes.town.xy
    return int(np.argsort(np.hypot(*(xy - xy[depot]).T), kind="stable")[index * 5 % 8])


class _Shift:
    """A day in the making: the visits so far and the time they will have taken."""

    def __init__(self, routes: Routes, random: np.random.Generator, home: int, entry: Entry) -> None:
        self.routes, self.random, self.home = routes, random, home
        self.seconds, self.spent, self.slower = entry.shift.hours * 3600, 0.0, SLOWER[entry.kind.name]
        self.node, self.visits = home, list[Visit]()
        self.fuelled = False

    def go(self, node: int, what: str, dwell_s: float, engine_on: bool) -> None:
        self.spent += self.routes.duration_s(self.node, node) * self.slower + dwell_s
        self.visits.append(Visit(node, what, round(dwell_s), engine_on))
        self.node = node

    def share(self) -> float:
        """How much of the shift is over, the way home counted."""
        return (self.spent + self.routes.duration_s(self.node, self.home) * self.slower) / self.seconds

    def fuel_when(self, share: float) -> None:
        if not self.fuelled and self.share() >= share:
            stations = [place.node for place in self.routes.town.places_of("fuel_station")]
            nearest = min(stations, key=lambda node: self.routes.duration_s(self.node, node))
            self.go(nearest, "fuel_station", self.random.uniform(240, 480), False)
            self.fuelled = True

    def near(self, places: list[Place], among: int) -> int:
        """The nearest of a few places drawn at random, never the present one."""
        drawn = [places[int(k)].node for k in self.random.integers(len(places), size=among + 1)]
        return min(
            (n for n in drawn if n != self.node),
            key=lambda n: self.routes.duration_s(self.node, n),
            default=self.home,
        )


def _deliveries(shift: _Shift, entry: Entry, fuel_at: float) -> None:
    """Rounds of customers, a pause at noon, the depot in between."""
    among, short, long, idle = _ROUNDS[entry.kind.name]
    customers, rested, calls = shift.routes.town.places_of("customer"), False, 0
    while shift.share() < 0.97:
        shift.fuel_when(fuel_at)
        engine_on = bool(shift.random.random() < idle)
        dwell_s = shift.random.uniform(short, long) * (0.35 if engine_on else 1.0)
        shift.go(shift.near(customers, among), "customer", dwell_s, engine_on)
        calls += 1
        if not rested and shift.share() > 0.5:
            shift.go(shift.near(customers, 4), "break", shift.random.uniform(1500, 2100), False)
            rested = True
        if calls % 14 == 0:
            shift.go(shift.home, "depot", shift.random.uniform(700, 1300), False)


_ROUNDS = {"van": (2, 70.0, 300.0, 0.25), "truck": (1, 400.0, 1300.0, 0.35), "car": (1, 300.0, 1500.0, 0.1)}
"""Places to choose from, shortest and longest stay in seconds, share of stays with the engine running."""


def _line(shift: _Shift, entry: Entry, fuel_at: float) -> None:
    """A bus line through the town and back, again and again, with a wait at either end."""
    stops = line_stops(shift.routes, entry.index)
    while shift.share() < 0.97:
        for node in stops[:-1]:
            shift.go(node, "bus_stop", shift.random.uniform(12, 38), True)
        shift.go(stops[-1], "terminus", shift.random.uniform(200, 560), bool(shift.random.random() < 0.6))
        shift.fuel_when(fuel_at)
        stops = stops[::-1]


def line_stops(routes: Routes, line: int) -> list[int]:
    """The nodes of a bus line: the stops beside a straight line through the town, in order."""
    town = routes.town
    angle = line * 0.7 % pi
    nodes = [place.node for place in town.places_of("bus_stop")]
    along = {n: town.xy[n, 0] * cos(angle) + town.xy[n, 1] * sin(angle) for n in nodes}
    across = {n: abs(town.xy[n, 1] * cos(angle) - town.xy[n, 0] * sin(angle)) for n in nodes}
    nearest = sorted(nodes, key=lambda n: across[n])[:12]
    return sorted(nearest, key=lambda n: along[n])


_WORK = {"van": _deliveries, "truck": _deliveries, "car": _deliveries, "bus": _line}


def _silences(random: np.random.Generator, start_s: int, entry: Entry) -> tuple[Silence, ...]:
    """A few minutes without signal once or twice a day; rarely a tracker that is off for an hour and kept nothing."""
    starts = np.sort(random.uniform(start_s, start_s + entry.shift.hours * 3600, int(random.integers(0, 4))))
    silences: list[Silence] = []
    for start in starts.astype(int).tolist():
        lost = random.random() < 0.04
        length = int(random.uniform(2400, 6000) if lost else random.uniform(90, 420))
        if not silences or start > silences[-1].end_s + 60:
            silences.append(Silence(start, start + length, kept=not lost))
    return tuple(silences)


def _fault(random: np.random.Generator, start_s: int) -> Fault | None:
    """About one day in twelve something shows; a quarter of the faults are an engine that gets too hot."""
    if random.random() > 0.08:
        return None
    code = OVERHEATING if random.random() < 0.25 else _CODES[int(random.integers(len(_CODES)))]
    return Fault(start_s + int(random.uniform(1800, 20_000)), code)
