"""The ground the demo town stands on: a flat plane in metres, its place on earth, and gentle unevenness.

The plane has its origin in the market square, x east and y north. It is small enough (16 km) for an equirectangular
projection: within it, distances differ from those on the sphere by less than 0.2 %.
"""

from dataclasses import dataclass
from math import cos, pi, radians

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CENTRE_LAT_DEG = 47.95
CENTRE_LON_DEG = 9.35
METRES_PER_DEGREE = 6_371_008.8 * pi / 180
"""Mean earth radius [IUGG] times one degree."""

CENTRE_ALTITUDE_M = 512.0


def to_lat_lon(xy: Floats) -> tuple[Floats, Floats]:
    """Latitudes and longitudes in degrees of points in the plane, shape (n, 2)."""
    lat = CENTRE_LAT_DEG + xy[:, 1] / METRES_PER_DEGREE
    lon = CENTRE_LON_DEG + xy[:, 0] / (METRES_PER_DEGREE * cos(radians(CENTRE_LAT_DEG)))
    return lat, lon


def to_plane(lat_deg: Floats, lon_deg: Floats) -> Floats:
    """Points in the plane, shape (n, 2), of latitudes and longitudes: the inverse of `to_lat_lon`."""
    x = (lon_deg - CENTRE_LON_DEG) * METRES_PER_DEGREE * cos(radians(CENTRE_LAT_DEG))
    return np.stack([x, (lat_deg - CENTRE_LAT_DEG) * METRES_PER_DEGREE], axis=1)


def altitude_m(xy: Floats) -> Floats:
    """Metres above the sea: a valley along the river with hills to the north and south."""
    x, y = xy[:, 0], xy[:, 1]
    hills = 26.0 * np.sin(x / 2100.0) * np.cos(y / 1700.0)
    slope: Floats = CENTRE_ALTITUDE_M + 9.0 * (np.abs(y + 950.0) / 1000.0) ** 1.4 - x / 900.0 + hills
    return slope


@dataclass(frozen=True, slots=True)
class Warp:
    """A smooth displacement of the plane: what was drawn with ruler and compasses then looks grown.

    A sum of waves longer than 1.6 km and lower than 80 m: its slope stays below one half, so nothing folds over.
    """

    direction: Floats  # (k, 2) wave vectors, radians per metre
    phase: Floats  # (k, 2) radians, for x and y
    height_m: Floats  # (k,)

    @staticmethod
    def seeded(random: np.random.Generator) -> "Warp":
        """A warp of six waves."""
        wavelength = random.uniform(1600.0, 4200.0, 6)
        angle = random.uniform(0.0, 2 * pi, 6)
        vector = (2 * pi / wavelength)[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        return Warp(vector, random.uniform(0.0, 2 * pi, (6, 2)), wavelength * 0.017)

    def __call__(self, xy: Floats) -> Floats:
        """The points after displacement, shape (n, 2)."""
        angle = xy @ self.direction.T
        moved = [(np.sin(angle + self.phase[:, axis]) * self.height_m).sum(axis=1) for axis in (0, 1)]
        displaced: Floats = xy + np.stack(moved, axis=1)
        return displaced
