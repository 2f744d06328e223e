"""What a subscription may hear, as sets of vehicles; and the window of a viewport. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from hashlib import blake2b
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from motorpool.runtime.realtime.positions import Positions


@dataclass(frozen=True, slots=True)
class View:
    """Vehicles one may hear: all of the tenant (`is_whole`, also those added later), or exactly these.

    `numbers` uint32, ascending, each once; `ids` the same vehicles' ids as text. `key` is equal exactly for
    views that let the same positions through, so that clients sharing it share one encoded frame.
    """

    is_whole: bool
    numbers: NDArray[np.uint32]
    ids: frozenset[str]
    key: bytes

    @classmethod
    def whole(cls) -> Self:
        """Everything of the tenant."""
        return cls(True, np.empty(0, np.uint32), frozenset(), b"whole")

    @classmethod
    def of(cls, numbers: Iterable[int] | NDArray[Any], ids: Iterable[str]) -> Self:
        """Exactly these vehicles."""
        listed = numbers if isinstance(numbers, np.ndarray) else list(numbers)
        ordered = np.unique(np.asarray(listed, np.uint32))
        return cls(False, ordered, frozenset(ids), blake2b(ordered.tobytes(), digest_size=16).digest())

    def mask(self, positions: Positions) -> NDArray[np.bool_]:
        """Which rows may be heard."""
        if self.is_whole:
            return np.ones(len(positions), np.bool_)
        return among(positions.vehicle_no, self.numbers)

    def select(self, positions: Positions) -> Positions:
        """The rows that may be heard."""
        return positions if self.is_whole else positions.take(self.mask(positions))

    def sees(self, vehicle_id: str) -> bool:
        """Whether what happens to this vehicle may be heard."""
        return self.is_whole or vehicle_id in self.ids

    def join(self, other: "View") -> "View":
        """What may be heard through either."""
        if self.is_whole or other.is_whole:
            return WHOLE
        if self.key == other.key and self.ids == other.ids:
            return self
        return View.of(np.concatenate([self.numbers, other.numbers]), self.ids | other.ids)


WHOLE = View.whole()
NOTHING = View.of([], [])


def union(views: Sequence[View]) -> View:
    """What may be heard through any of them."""
    return reduce(View.join, views, NOTHING)


def among(values: NDArray[np.uint32], ordered: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which values are in the ascending array."""
    if not len(ordered):
        return np.zeros(len(values), np.bool_)
    places = np.searchsorted(ordered, values)
    found: NDArray[np.bool_] = ordered[np.minimum(places, len(ordered) - 1)] == values
    return found


@dataclass(frozen=True, slots=True)
class Box:
    """A window on the map [deg]; `west` greater than `east` spans the 180th meridian."""

    west: float
    south: float
    east: float
    north: float

    def mask(self, positions: Positions) -> NDArray[np.bool_]:
        """Which rows lie inside, edges included."""
        lat, lon = positions.lat_e7, positions.lon_e7
        west, east = round(self.west * 1e7), round(self.east * 1e7)
        across = (lon >= west) & (lon <= east) if west <= east else (lon >= west) | (lon <= east)
        return across & (lat >= round(self.south * 1e7)) & (lat <= round(self.north * 1e7))


class Viewport:
    """A window that follows: it lets through what is inside and, once more, what has just left."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self._inside: NDArray[np.uint32] = np.empty(0, np.uint32)

    def look(self, positions: Positions) -> NDArray[np.bool_]:
        """Which rows (one a vehicle) to send; remembers who is inside now."""
        inside = self.box.mask(positions)
        numbers = positions.vehicle_no
        was_inside = among(numbers, self._inside)
        others = self._inside[~among(self._inside, np.sort(numbers))]
        self._inside = np.union1d(others, numbers[inside])
        return inside | was_inside
