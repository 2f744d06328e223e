"""The demo's town: Talbrück on the Lauter, which does not exist. The same for the same seed, to the last digit.

`build` draws it (sketch → blocks → warp → the connected part); `routes.Routes` finds ways through it; `picture.geojson` is
the map's layer of it.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

from motorpool.demo.blocks import Block, fill
from motorpool.demo.ground import Floats, Warp, to_lat_lon
from motorpool.demo.landscape import Free, River, ellipse
from motorpool.demo.names import TOWN, Names
from motorpool.demo.places import Place, choose
from motorpool.demo.sketch import (
    BRIDGED,
    CLASSES,
    INNER_M,
    MIDDLE_M,
    OUTER_M,
    Sketch,
    draw_main_roads,
    radial_angles,
)

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Area:
    """A named polygon on the map, water or park: corners (lat, lon) in degrees, shape (n, 2), not closed."""

    name: str
    kind: str
    corners: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Town:
    """A street graph with places. All streets are two-way; every node reaches every other.

    Node k lies at `xy[k]` (metres in the plane of `ground`) and `lat_deg[k]`, `lon_deg[k]`. Edge e joins `ends[e]`, is
    `length_m[e]` long, belongs to street `street[e]` of `names`, has class `CLASSES[street_class[e]]` and `limit_mps[e]`.
    The edges of a street are consecutive.
    """

    name: str
    seed: int
    xy: Floats
    lat_deg: Floats
    lon_deg: Floats
    ends: Ints
    length_m: Floats
    limit_mps: Floats
    street_class: Ints
    street: Ints
    names: tuple[str, ...]
    signals: NDArray[np.bool_]
    places: tuple[Place, ...]
    areas: tuple[Area, ...]

    def places_of(self, kind: str) -> list[Place]:
        """The places of a kind: depot, customer, fuel_station, bus_stop."""
        return [place for place in self.places if place.kind == kind]


@lru_cache(maxsize=4)
def build(seed: int) -> Town:
    """The town of a seed: about 2 500 crossings and 4 000 street segments, within 8 km of 47.95 N 9.35 E."""
    random = np.random.default_rng([seed, 1])
    names = Names(random)
    sketch, angles = Sketch(), radial_angles(random)
    draw_main_roads(sketch, angles, random)
    river, parks = River(phase=random.uniform(0, 2 * pi)), _parks(angles, random)
    free = Free(river, [corners for _, corners in parks])
    for block in _blocks(angles, random):
        fill(sketch, block, free, names, random)
    warp = Warp.seeded(random)
    areas = [Area("Lauter", "water", _corners(warp(river.polygon())))]
    areas += [Area(name, "water" if "weiher" in name else "park", _corners(warp(xy))) for name, xy in parks]
    return _assemble(seed, sketch, _bridged(sketch, river), warp, areas)


def _blocks(angles: list[float], random: np.random.Generator) -> list[Block]:
    """The old town, eight quarters inside the middle ring, six outside it (two stay open country), three villages."""
    blocks = [Block((0.0, 0.0), (-60.0, INNER_M), None, 0.4, (78.0, 66.0), "old")]
    for k, start in enumerate(angles):
        end = angles[(k + 1) % 8] + (2 * pi if k == 7 else 0)
        tilt = (start + end) / 2 + random.uniform(-0.25, 0.25)
        blocks.append(Block((0.0, 0.0), (INNER_M, MIDDLE_M), (start, end), tilt, (104.0, 88.0), "plain"))
        if k in (0, 7):
            blocks.append(Block((0.0, 0.0), (MIDDLE_M, OUTER_M), (start, end), tilt, (215.0, 165.0), "industrial"))
        elif k not in (3, 5):
            spacing = (random.uniform(112, 135), random.uniform(96, 112))
            blocks.append(Block((0.0, 0.0), (MIDDLE_M, OUTER_M), (start, end), tilt, spacing, "plain"))
    for k in (1, 4, 6):
        blocks.append(_village(angles[k], random))
    return blocks


def _village(angle: float, random: np.random.Generator) -> Block:
    """A few streets beside a country road, 5.9 km out."""
    beside = angle + 0.072
    centre = (5900.0 * cos(beside), 5900.0 * sin(beside))
    return Block(centre, (-60.0, 390.0), None, angle + random.uniform(-0.1, 0.1), (118.0, 96.0), "plain")


def _parks(angles: list[float], random: np.random.Generator) -> list[tuple[str, Floats]]:
    """Parks, a wood and a pond, before warping."""

    def at(sector: int, radius_m: float, size: tuple[float, float]) -> Floats:
        turn = angles[sector] + 0.39
        return ellipse(radius_m * cos(turn), radius_m * sin(turn), size, random)

    pond = at(3, 2450.0, (210.0, 130.0))
    return [
        ("Stadtpark", at(1, 1180.0, (260.0, 200.0))),
        ("Schlossgarten", at(4, 1130.0, (200.0, 230.0))),
        ("Volkspark", at(2, 2650.0, (380.0, 300.0))),
        ("Waldfriedhof", at(6, 2900.0, (300.0, 220.0))),
        ("Weiherwald", at(3, 2560.0, (640.0, 560.0))),
        ("Stadtwald", at(5, 2600.0, (700.0, 520.0))),
        ("Schlossweiher", pond),
    ]


def _corners(xy: Floats) -> Floats:
    return np.stack(to_lat_lon(xy), axis=1)


def _bridged(sketch: Sketch, river: River) -> list[tuple[int, int, int]]:
    """The segments (street, from, to) that remain when only main roads cross the river."""
    segments = [(k, a, b) for k, way in enumerate(sketch.ways) for a, b in pairwise(way.nodes)]
    ends = sketch.xy()[[segment[1:] for segment in segments]]
    share = np.linspace(0.0, 1.0, 9)[:, None, None]
    along = (ends[:, 0] * (1 - share) + ends[:, 1] * share).reshape(-1, 2)
    wet: NDArray[np.bool_] = np.any((river.distance(along) < river.width_m / 2 + 2.0).reshape(9, -1), axis=0)
    return [
        one
        for one, crosses in zip(segments, wet, strict=True)
        if not crosses or sketch.ways[one[0]].street_class in BRIDGED
    ]


def _assemble(seed: int, sketch: Sketch, segments: list[tuple[int, int, int]], warp: Warp, areas: list[Area]) -> Town:
    """Number anew what is connected with the market square, measure it and find its places."""
    street, ends = np.array([s[0] for s in segments]), np.array([s[1:] for s in segments])
    kept = _connected(len(sketch.points), ends)
    xy = warp(sketch.xy())[kept]
    number = np.cumsum(kept) - 1
    inside = kept[ends[:, 0]]
    street, ends = street[inside], number[ends[inside]].astype(np.int32)
    street_class = np.array([CLASSES.index(way.street_class) for way in sketch.ways], dtype=np.int32)[street]
    limit_mps = np.array([way.limit_mps for way in sketch.ways])[street]
    lat_deg, lon_deg = to_lat_lon(xy)
    length_m = np.hypot(*(xy[ends[:, 0]] - xy[ends[:, 1]]).T)
    return Town(
        name=TOWN,
        seed=seed,
        xy=xy,
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        ends=ends,
        length_m=length_m,
        limit_mps=limit_mps,
        street_class=street_class,
        street=street.astype(np.int32),
        names=tuple(way.name for way in sketch.ways),
        signals=_signals(len(xy), ends, street_class, street),
        places=tuple(choose(xy, ends, street_class, np.random.default_rng([seed, 2]))),
        areas=tuple(areas),
    )


def _connected(nodes: int, ends: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which nodes belong to the largest connected part: labels spread along the edges until nothing changes."""
    label = np.arange(nodes)
    while True:
        least = np.minimum(label[ends[:, 0]], label[ends[:, 1]])
        spread = label.copy()
        np.minimum.at(spread, ends[:, 0], least)
        np.minimum.at(spread, ends[:, 1], least)
        spread = spread[spread]
        if np.array_equal(spread, label):
            break
        label = spread
    largest: NDArray[np.bool_] = label == np.argmax(np.bincount(label))
    return largest


def _signals(nodes: int, ends: Ints, street_class: NDArray[np.int32], street: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Where traffic lights stand: where two different main roads meet inside the town."""
    main = np.isin(street_class, [CLASSES.index(c) for c in ("trunk", "primary", "secondary")])
    pairs = {(int(node), int(s)) for column in (0, 1) for node, s in zip(ends[main, column], street[main], strict=True)}
    meeting: NDArray[np.bool_] = np.bincount([node for node, _ in pairs], minlength=nodes) > 1
    return meeting
