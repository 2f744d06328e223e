"""The town on the drawing board: ways through numbered points, before warping and clean-up.

Main roads are drawn with compasses: rings around the market square and radials out of it, all meeting in shared points.
"""

from dataclasses import dataclass, field
from math import ceil, cos, pi, sin

import numpy as np

from motorpool.demo.ground import Floats
from motorpool.demo.names import RADIALS, RINGS

CLASSES = ("motorway", "trunk", "primary", "secondary", "residential", "lane", "industrial")
LIMIT_MPS = {
    "motorway": 100 / 3.6, "trunk": 70 / 3.6, "primary": 60 / 3.6, "secondary": 50 / 3.6,
    "residential": 30 / 3.6, "lane": 20 / 3.6, "industrial": 50 / 3.6,
}  # fmt: skip
COUNTRY_LIMIT_MPS = 80 / 3.6
"""A primary road outside the outer ring."""

INNER_M, MIDDLE_M, OUTER_M, BYPASS_M, EDGE_M = 650.0, 1700.0, 3400.0, 5000.0, 6600.0
BRIDGED = ("motorway", "trunk", "primary", "secondary")
"""Classes of streets that cross the river on a bridge; the others end at it."""


@dataclass(slots=True)
class Way:
    """One street: a name, a class, a speed limit in m/s and the points it runs through, in order."""

    name: str
    street_class: str
    nodes: list[int]
    limit_mps: float


@dataclass(slots=True)
class Sketch:
    """Points (x, y in metres) and the ways through them. Two points within a metre are the same point."""

    points: list[tuple[float, float]] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    main: int = 0
    """Points below this number belong to main roads."""
    _known: dict[tuple[int, int], int] = field(default_factory=dict)

    def point(self, x: float, y: float) -> int:
        """The number of the point at a place, new when there is none."""
        key = (round(x), round(y))
        if key not in self._known:
            self._known[key] = len(self.points)
            self.points.append((x, y))
        return self._known[key]

    def way(self, name: str, street_class: str, nodes: list[int], limit_mps: float | None = None) -> None:
        """Draw a street."""
        self.ways.append(Way(name, street_class, nodes, limit_mps or LIMIT_MPS[street_class]))

    def xy(self) -> Floats:
        """All points, shape (n, 2)."""
        return np.array(self.points, dtype=np.float64).reshape(-1, 2)


def radial_angles(random: np.random.Generator) -> list[float]:
    """The directions in which the main roads leave the town, in radians from the east, rising, eight of them."""
    return sorted(2 * pi * (k + 0.5) / 8 + random.uniform(-0.13, 0.13) for k in range(8))


def draw_main_roads(sketch: Sketch, angles: list[float], random: np.random.Generator) -> None:
    """Rings, radials (every other one runs on into the country) and the northern bypass."""
    for radius, key, street_class in (
        (INNER_M, "inner", "secondary"),
        (MIDDLE_M, "middle", "secondary"),
        (OUTER_M, "outer", "trunk"),
    ):
        ring = _arc(sketch, radius, [*angles, angles[0] + 2 * pi])
        sketch.way(RINGS[key], street_class, ring)
    names = random.permutation(np.array(RADIALS))
    for k, angle in enumerate(angles):
        name = str(names[k])
        sketch.way(name, "primary", _ray(sketch, angle, (INNER_M, MIDDLE_M, OUTER_M)))
        if k % 2 == 0 or k == 1:
            sketch.way(name, "primary", _ray(sketch, angle, (OUTER_M, BYPASS_M, EDGE_M)), COUNTRY_LIMIT_MPS)
    sketch.way(RINGS["bypass"], "motorway", _arc(sketch, BYPASS_M, [angles[0], angles[1], angles[2], angles[4]]))
    sketch.main = len(sketch.points)


def _arc(sketch: Sketch, radius_m: float, stops: list[float]) -> list[int]:
    """Points about 90 m apart on a circle, through every angle of `stops`."""
    angles = [stops[0]]
    for start, end in zip(stops, stops[1:], strict=False):
        pieces = max(2, ceil(radius_m * (end - start) / 90.0))
        angles += [start + (end - start) * (k + 1) / pieces for k in range(pieces)]
    return [sketch.point(radius_m * cos(a), radius_m * sin(a)) for a in angles]


def _ray(sketch: Sketch, angle: float, radii: tuple[float, ...]) -> list[int]:
    """Points about 100 m apart on a ray, through every radius."""
    at = [radii[0]]
    for start, end in zip(radii, radii[1:], strict=False):
        pieces = ceil((end - start) / 100.0)
        at += [start + (end - start) * (k + 1) / pieces for k in range(pieces)]
    return [sketch.point(r * cos(angle), r * sin(angle)) for r in at]
