"""What no street crosses freely: the river, the parks, the pond."""

from dataclasses import dataclass
from math import pi

import numpy as np
from numpy.typing import NDArray

from motorpool.demo.ground import Floats
from motorpool.demo.sketch import EDGE_M


@dataclass(frozen=True, slots=True)
class River:
    """A river that runs from west to east, south of the market square. Metres."""

    phase: float
    width_m: float = 46.0

    def y(self, x: Floats) -> Floats:
        """Its middle line."""
        line: Floats = -1000.0 + 150.0 * np.sin(x / 900.0 + self.phase) + 60.0 * np.sin(x / 370.0)
        return line

    def distance(self, xy: Floats) -> Floats:
        """About how far points are from the middle line: the vertical distance."""
        distance: Floats = np.abs(xy[:, 1] - self.y(xy[:, 0]))
        return distance

    def polygon(self) -> Floats:
        """Its banks from border to border, shape (n, 2), not closed."""
        x = np.arange(-EDGE_M - 400, EDGE_M + 401, 60.0)
        y = self.y(x)
        half = self.width_m / 2
        return np.concatenate([np.stack([x, y + half], axis=1), np.stack([x, y - half], axis=1)[::-1]])


def ellipse(x: float, y: float, size: tuple[float, float], random: np.random.Generator) -> Floats:
    """A wobbly ellipse, 32 corners, shape (32, 2), not closed."""
    angle = np.arange(32) * 2 * pi / 32
    wobble = 1 + 0.10 * np.sin(2 * angle + random.uniform(0, 6)) + 0.06 * np.sin(3 * angle + random.uniform(0, 6))
    return np.stack([x + size[0] * wobble * np.cos(angle), y + size[1] * wobble * np.sin(angle)], axis=1)


def within(xy: Floats, polygon: Floats) -> NDArray[np.bool_]:
    """Which points, shape (n, 2), lie in a polygon, shape (m, 2): the even-odd rule."""
    inside = np.zeros(len(xy), dtype=np.bool_)
    for (x0, y0), (x1, y1) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        spans = (y0 > xy[:, 1]) != (y1 > xy[:, 1])
        with np.errstate(divide="ignore", invalid="ignore"):
            inside ^= spans & (xy[:, 0] < (x1 - x0) * (xy[:, 1] - y0) / (y1 - y0) + x0)
    return inside


class Free:
    """Where houses may stand: not in the river, not in a park."""

    def __init__(self, river: River, parks: list[Floats]) -> None:
        self._river, self._parks = river, parks

    def __call__(self, xy: Floats) -> NDArray[np.bool_]:
        """Which points are free."""
        free = self._river.distance(xy) > self._river.width_m / 2 + 25.0
        for park in self._parks:
            free &= ~within(xy, park)
        return free
