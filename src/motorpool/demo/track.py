"""A day driven: where a vehicle is at any second of it, exactly, by the laws of motion.

The way is cut at every crossing. A backward and a forward pass bound the speed at each by what brakes and engine can do
before and after it; between two crossings the vehicle speeds up, rolls and brakes with constant acceleration.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from motorpool.demo.ground import Floats
from motorpool.demo.itinerary import DAY_S, Itinerary
from motorpool.demo.kinds import Kind
from motorpool.demo.routes import Routes

RED = 0.4
"""How often a light is red."""
CORNER_M = 7.0
"""The radius of a right-angled turn."""
KEY_S = 9.0
"""Seconds between halting and switching off, and between switching on and leaving."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A track at n seconds of the day. `still_since_s`: when it halted, or the second itself while moving."""

    distance_m: Floats
    speed_mps: Floats
    xy: Floats
    heading_deg: Floats
    ignition: NDArray[np.bool_]
    still_since_s: Floats


@dataclass(frozen=True, slots=True)
class Track:
    """Phases of constant acceleration, the way they follow, and when the engine is switched.

    Phase k begins at `time_s[k]`, `distance_m[k]` with `speed_mps[k]`; corner j of the way lies at `corner_m[j]`, `xy[j]`.
    `switch_s` are the times at which the engine goes on (even places) and off (odd places); it is off at first.
    `fuelled` is the (second, metre) of the refuelling, if there is one.
    """

    time_s: Floats
    distance_m: Floats
    speed_mps: Floats
    acceleration_mps2: Floats
    corner_m: Floats
    xy: Floats
    heading_deg: Floats
    switch_s: Floats
    fuelled: tuple[float, float] | None

    def at(self, second: Floats) -> Sample:
        """The vehicle at seconds of its day."""
        phase = np.searchsorted(self.time_s, second, side="right") - 1
        passed = second - self.time_s[phase]
        speed = np.maximum(self.speed_mps[phase] + self.acceleration_mps2[phase] * passed, 0.0)
        distance = self.distance_m[phase] + (self.speed_mps[phase] + speed) / 2 * passed
        leg = np.clip(np.searchsorted(self.corner_m, distance, side="right") - 1, 0, len(self.heading_deg) - 1)
        length = np.maximum(self.corner_m[leg + 1] - self.corner_m[leg], 1e-9)
        share = np.clip((distance - self.corner_m[leg]) / length, 0.0, 1.0)[:, None]
        still = (self.speed_mps[phase] == 0) & (self.acceleration_mps2[phase] == 0)
        return Sample(
            distance_m=distance,
            speed_mps=speed,
            xy=self.xy[leg] * (1 - share) + self.xy[leg + 1] * share,
            heading_deg=self.heading_deg[leg],
            ignition=np.searchsorted(self.switch_s, second, side="right") % 2 == 1,
            still_since_s=np.where(still, self.time_s[phase], second),
        )


@dataclass(slots=True)
class _Way:
    """The nodes of a day in order, how long one stays at which (by place in `nodes`), and where the engine is off."""

    nodes: list[int]
    dwell_s: dict[int, float]
    off: list[int]
    pump: int | None = None


def drive(routes: Routes, kind: Kind, day: Itinerary, random: np.random.Generator) -> Track:
    """Drive a day. `random` decides red lights and how hard the driver presses on."""
    way = _way(routes, day, random)
    town = routes.town
    edges = np.array([routes.edge(a, b) for a, b in pairwise(way.nodes)], dtype=np.int64)
    length, xy = town.length_m[edges], town.xy[way.nodes]
    eager = random.uniform(0.86, 0.99) * random.uniform(0.9, 1.0, len(edges))
    roll = np.minimum(town.limit_mps[edges] * eager, kind.top_mps)
    speed = _speeds(length, roll, _bends(xy, kind), way, kind)
    time_s, phases = _phases(length, roll, speed, way, kind)
    corner_m = np.concatenate([[0.0], np.cumsum(length)])
    ahead = np.diff(xy, axis=0)
    return Track(
        **phases,
        corner_m=corner_m,
        xy=xy,
        heading_deg=np.degrees(np.arctan2(ahead[:, 0], ahead[:, 1])) % 360.0,
        switch_s=_switches(time_s, way),
        fuelled=None if way.pump is None else (float(time_s[way.pump, 1]), float(corner_m[way.pump])),
    )


def _way(routes: Routes, day: Itinerary, random: np.random.Generator) -> _Way:
    way = _Way([day.home], {0: float(day.start_s)}, [0])
    for visit in day.visits:
        for node in routes.path(way.nodes[-1], visit.node)[1:]:
            way.nodes.append(node)
            if node != visit.node and routes.town.signals[node] and random.random() < RED:
                way.dwell_s[len(way.nodes) - 1] = float(random.uniform(4, 42))
        here = len(way.nodes) - 1
        way.dwell_s[here] = way.dwell_s.get(here, 0.0) + visit.dwell_s
        if not visit.engine_on and here != way.off[-1]:
            way.off.append(here)
        if visit.what == "fuel_station":
            way.pump = here
    return way


def _bends(xy: Floats, kind: Kind) -> Floats:
    """The speed at each corner of a way at which the sideways acceleration stays within what the driver accepts."""
    ahead = np.diff(xy, axis=0)
    course = np.arctan2(ahead[:, 0], ahead[:, 1])
    turn = np.abs((np.diff(course) + np.pi) % (2 * np.pi) - np.pi)
    radius = CORNER_M / np.maximum(np.tan(turn / 2), 1e-6)
    return np.concatenate([[0.0], np.maximum(np.sqrt(kind.lateral_mps2 * radius), 1.5), [0.0]])


def _speeds(length: Floats, roll: Floats, bend: Floats, way: _Way, kind: Kind) -> Floats:
    """The speed at each crossing: no faster than bend and limits, than brakes can undo, than the engine can reach."""
    most = np.minimum(bend, np.minimum(np.concatenate([roll[:1], roll]), np.concatenate([roll, roll[-1:]])))
    most[list(way.dwell_s)] = 0.0
    speed, metres = most.tolist(), length.tolist()
    for k in range(len(metres) - 1, -1, -1):
        speed[k] = min(speed[k], sqrt(speed[k + 1] ** 2 + 2 * kind.brake_mps2 * metres[k]))
    for k, metre in enumerate(metres):
        speed[k + 1] = min(speed[k + 1], sqrt(speed[k] ** 2 + 2 * kind.accelerate_mps2 * metre))
    return np.array(speed)


def _phases(length: Floats, roll: Floats, speed_mps: Floats, way: _Way, kind: Kind) -> tuple[Floats, dict[str, Floats]]:
    """Four phases at each crossing – stay, speed up, roll, brake – as times (n, 4) and as a track's columns."""
    a, b = kind.accelerate_mps2, kind.brake_mps2
    start, end = speed_mps[:-1], speed_mps[1:]
    peak = np.minimum(roll, np.sqrt((2 * a * b * length + b * start**2 + a * end**2) / (a + b)))
    peak = np.maximum(peak, np.maximum(start, end))
    up_m, down_m = (peak**2 - start**2) / (2 * a), (peak**2 - end**2) / (2 * b)
    rolled_m = np.maximum(length - up_m - down_m, 0.0)
    nodes, zero = len(speed_mps), np.zeros(len(length))
    lasts = np.zeros((nodes, 4))
    lasts[list(way.dwell_s), 0] = list(way.dwell_s.values())
    lasts[:-1, 1:] = np.stack([(peak - start) / a, rolled_m / peak, (peak - end) / b], axis=1)
    lasts[-1, 0] = 2 * DAY_S
    time_s = np.concatenate([[0.0], np.cumsum(lasts.ravel())[:-1]]).reshape(nodes, 4)
    at_m = np.concatenate([[0.0], np.cumsum(length)])
    distance = np.repeat(at_m[:, None], 4, axis=1)
    distance[:-1, 2] += up_m
    distance[:-1, 3] += up_m + rolled_m
    fast, change = np.zeros((nodes, 4)), np.zeros((nodes, 4))
    fast[:-1, 1:] = np.stack([start, peak, peak], axis=1)
    change[:-1, 1:] = np.stack([zero + a, zero, zero - b], axis=1)
    real = lasts.ravel() > 1e-9
    columns = {"time_s": time_s, "distance_m": distance, "speed_mps": fast, "acceleration_mps2": change}
    return time_s, {name: column.ravel()[real] for name, column in columns.items()}


def _switches(time_s: Floats, way: _Way) -> Floats:
    """When the engine goes on and off in turn, beginning with on; short stays are not worth it."""
    switches: list[float] = []
    for node in way.off:
        if node == 0:
            switches.append(float(time_s[0, 1]) - KEY_S)
        elif node == len(way.nodes) - 1:
            switches.append(float(time_s[node, 0]) + KEY_S)
        elif time_s[node, 1] - time_s[node, 0] > 5 * KEY_S:
            switches += [float(time_s[node, 0]) + KEY_S, float(time_s[node, 1]) - KEY_S]
    return np.array(switches)
