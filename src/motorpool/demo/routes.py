"""Ways through the town: the quickest path between two of its nodes [Dijkstra 1959], one tree per start, kept."""

from functools import lru_cache
from heapq import heappop, heappush

import numpy as np

from motorpool.demo.sketch import CLASSES
from motorpool.demo.town import Town

CROSSING_S = 4.0
"""What a crossing of small streets costs beyond the drive: it keeps through traffic on the main roads."""


class Routes:
    """Quickest ways through one town. A tree takes about 10 ms to grow; a path out of it some microseconds."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.next_to: list[list[tuple[int, int]]] = [[] for _ in town.xy]
        seconds = town.length_m / town.limit_mps
        for edge, (a, b) in enumerate(town.ends.tolist()):
            self.next_to[a].append((b, edge))
            self.next_to[b].append((a, edge))
        small = np.isin(town.street_class, [CLASSES.index("residential"), CLASSES.index("lane")])
        self._cost: list[float] = (seconds + CROSSING_S * small).tolist()
        self._length: list[float] = town.length_m.tolist()
        self._trees: dict[int, tuple[list[int], list[float], list[float]]] = {}

    def path(self, start: int, end: int) -> list[int]:
        """The nodes of the quickest way, both ends included; `[start]` when they are the same."""
        came_from = self._tree(start)[0]
        path = [end]
        while path[-1] != start:
            path.append(came_from[path[-1]])
        return path[::-1]

    def distance_m(self, start: int, end: int) -> float:
        """The length of the quickest way in metres."""
        return self._tree(start)[1][end]

    def duration_s(self, start: int, end: int) -> float:
        """About how long the quickest way takes at the speed limits, in seconds; real drives take longer."""
        return self._tree(start)[2][end]

    def edge(self, a: int, b: int) -> int:
        """The edge between two neighbours. Raises StopIteration when they are none."""
        return next(edge for node, edge in self.next_to[a] if node == b)

    def _tree(self, start: int) -> tuple[list[int], list[float], list[float]]:
        if start not in self._trees:
            self._trees[start] = self._grow(start)
        return self._trees[start]

    def _grow(self, start: int) -> tuple[list[int], list[float], list[float]]:
        """For every node: where one comes from, metres and seconds from the start."""
        size = len(self.next_to)
        came_from, metres, seconds = [start] * size, [0.0] * size, [float("inf")] * size
        seconds[start] = 0.0
        queue, cost, length = [(0.0, start)], self._cost, self._length
        while queue:
            so_far, node = heappop(queue)
            if so_far > seconds[node]:
                continue
            for neighbour, edge in self.next_to[node]:
                reached = so_far + cost[edge]
                if reached < seconds[neighbour]:
                    seconds[neighbour] = reached
                    came_from[neighbour], metres[neighbour] = node, metres[node] + length[edge]
                    heappush(queue, (reached, neighbour))
        return came_from, metres, seconds


@lru_cache(maxsize=4)
def routes_of(town: Town) -> Routes:
    """The ways of a town, shared by all that drive in it."""
    return Routes(town)


def route(town: Town, start: int, end: int) -> list[int]:
    """The nodes of the quickest way between two nodes of a town, both ends included."""
    return routes_of(town).path(start, end)
