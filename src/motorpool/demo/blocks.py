"""The quarters of the town: grids of small streets between the main roads, each turned its own way."""

from dataclasses import dataclass, field
from math import atan2, cos, hypot, pi, sin

import numpy as np
from numpy.typing import NDArray

from motorpool.demo.ground import Floats
from motorpool.demo.landscape import Free
from motorpool.demo.names import Names
from motorpool.demo.sketch import Sketch


@dataclass(frozen=True, slots=True)
class Block:
    """A quarter of the town and the grid of streets in it.

    It is the part of the plane between two radii and two angles (`whole` circle: no angles), around `centre`.
    """

    centre: tuple[float, float]
    radii_m: tuple[float, float]
    angles: tuple[float, float] | None
    tilt: float  # direction of the grid, radians
    spacing_m: tuple[float, float]
    kind: str  # old, plain, industrial

    def contains(self, xy: Floats, margin_m: float) -> NDArray[np.bool_]:
        """Which points are inside and at least a margin away from its borders, the roads around it."""
        x, y = xy[:, 0] - self.centre[0], xy[:, 1] - self.centre[1]
        radius = np.hypot(x, y)
        inside: NDArray[np.bool_] = (radius >= self.radii_m[0] + margin_m) & (radius <= self.radii_m[1] - margin_m)
        if self.angles is not None:
            start, end = self.angles
            turn = (np.arctan2(y, x) - start) % (2 * pi)
            inside &= (turn < end - start) & (radius * np.minimum(turn, end - start - turn) > margin_m)
        return inside


STREET_CLASS = {"old": "lane", "plain": "residential", "industrial": "industrial"}


def fill(sketch: Sketch, block: Block, free: Free, names: Names, random: np.random.Generator) -> None:
    """Draw the streets of a block: rows and columns of a grid, with gaps, joined to the main roads around."""
    cells = _grid(block, free, random)
    number = {cell: sketch.point(x, y) for cell, (x, y) in cells.items()}
    joints = _Joints(sketch.xy(), sketch.main)
    for axis in (0, 1):
        for line in _lines(cells, axis):
            for run in _runs(line, axis, random):
                nodes = joints.extend([number[cell] for cell in run])
                if len(nodes) > 1:
                    sketch.way(names.street(block.kind), STREET_CLASS[block.kind], nodes)


Cell = tuple[int, int]


def _grid(block: Block, free: Free, random: np.random.Generator) -> dict[Cell, tuple[float, float]]:
    """The crossings of a block by row and column; each a few metres off the ruler."""
    reach = int(block.radii_m[1] / min(block.spacing_m)) + 1
    rows, columns = np.meshgrid(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1), indexing="ij")
    u, v = rows.ravel() * block.spacing_m[0], columns.ravel() * block.spacing_m[1]
    wave = 12.0 * np.sin(u / 260.0) + 12.0 * np.sin(v / 310.0)
    u, v = u + wave + random.normal(0.0, 4.0, len(u)), v - wave + random.normal(0.0, 4.0, len(v))
    x = block.centre[0] + u * cos(block.tilt) - v * sin(block.tilt)
    y = block.centre[1] + u * sin(block.tilt) + v * cos(block.tilt)
    xy = np.stack([x, y], axis=1)
    kept = np.flatnonzero(block.contains(xy, 52.0) & free(xy))
    return {(int(rows.ravel()[k]), int(columns.ravel()[k])): (float(x[k]), float(y[k])) for k in kept}


def _lines(cells: dict[Cell, tuple[float, float]], axis: int) -> list[list[Cell]]:
    """The cells of each row (axis 0) or column (axis 1), in order."""
    lines: dict[int, list[Cell]] = {}
    for cell in sorted(cells, key=lambda c: (c[axis], c[1 - axis])):
        lines.setdefault(cell[axis], []).append(cell)
    return list(lines.values())


def _runs(line: list[Cell], axis: int, random: np.random.Generator) -> list[list[Cell]]:
    """A row cut into streets: where a crossing is missing, and now and then for no reason at all."""
    runs = [[line[0]]]
    for before, cell in zip(line, line[1:], strict=False):
        if cell[1 - axis] - before[1 - axis] == 1 and random.random() > 0.13:
            runs[-1].append(cell)
        else:
            runs.append([cell])
    return runs


@dataclass(slots=True)
class _Joints:
    """Where small streets meet the main roads; a point of a main road serves two streets of a block."""

    xy: Floats
    main: int
    taken: dict[int, int] = field(default_factory=dict)

    def extend(self, nodes: list[int]) -> list[int]:
        """A street, at each end led on to the main road ahead of it if there is one."""
        if len(nodes) < 2:
            return nodes
        first, last = self._ahead(nodes[0], nodes[1]), self._ahead(nodes[-1], nodes[-2])
        return [*first, *nodes, *last]

    def _ahead(self, end: int, before: int) -> list[int]:
        """The point of a main road within 150 m and 45 degrees, if nothing stands between."""
        x, y = self.xy[end]
        course = atan2(y - self.xy[before, 1], x - self.xy[before, 0])
        dx, dy = self.xy[: self.main, 0] - x, self.xy[: self.main, 1] - y
        distance = np.hypot(dx, dy)
        off = np.abs((np.arctan2(dy, dx) - course + pi) % (2 * pi) - pi)
        cost = np.where((distance < 150.0) & (off < pi / 4), distance * (1 + off), np.inf)
        best = int(np.argmin(cost))
        if not np.isfinite(cost[best]) or self.taken.get(best, 0) >= 2 or self._blocked(end, best):
            return []
        self.taken[best] = self.taken.get(best, 0) + 1
        return [best]

    def _blocked(self, end: int, joint: int) -> bool:
        """Whether another crossing of the grid lies on the straight line between two points."""
        start, way = self.xy[end], self.xy[joint] - self.xy[end]
        length = hypot(way[0], way[1])
        others = self.xy[self.main :] - start
        along = others @ way / length
        across = np.abs(others[:, 0] * way[1] - others[:, 1] * way[0]) / length
        return bool(np.any((along > 5.0) & (along < length) & (across < 30.0)))
