"""The demo at work: registers a fleet, tells the server its last day, then drives it, second by second.

The past comes first, because late rows make the server think again; but in waves, so that nobody waits for it: three vehicles
that are on the move right now come first, and while the past of the next ones is told they already drive.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import structlog

from motorpool.demo.drive import LIVE, PAST, Fleet, Row
from motorpool.demo.itinerary import DAY_S
from motorpool.demo.register import Api, Register
from motorpool.demo.roster import Entry, roster
from motorpool.demo.town import Town, build
from motorpool.kernel.time import SECOND_US

TOWN_SEED = 1
"""The town on the demo's map; all demo fleets drive in it."""
FIRST_WAVE, WAVE = 3, 12
AHEAD_S = 5
"""Live rows are made for so many seconds at once: five times cheaper than each second alone."""
HOUR_US = 3600 * SECOND_US

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Demo:
    """How much is to be driven.

    `seed`: another seed, another fleet. `history_hours`: how much of the past is told to a server that does not know it.
    `times_faster`: above 1, that past is not told at once but driven before one's eyes, so many times faster, up to the present.
    """

    vehicles: int = 60
    seed: int = 1
    history_hours: float = 24.0
    times_faster: float = 1.0


def now_us() -> int:
    """The present, µs since 1970."""
    return time.time_ns() // 1000


async def simulate(api: Api, demo: Demo, clock: Callable[[], int] = now_us) -> None:
    """Drive a demo fleet until cancelled. Raises what the client raises when the server refuses it."""
    register = Register(api)
    town, _ = await asyncio.gather(asyncio.to_thread(build, TOWN_SEED), register.load())
    road = _Road(api, _Clock(clock, demo))
    tasks = [asyncio.ensure_future(road.drive()), asyncio.ensure_future(_gather(road, register, town, demo))]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


async def _gather(road: "_Road", register: Register, town: Town, demo: Demo) -> None:
    """Bring the vehicles on the road, wave by wave."""
    born_us = road.clock.born_us
    waves = _waves(town, demo, road.clock.now_us())
    while wave := await asyncio.to_thread(next, waves, None):
        await register.enrol(wave, born_us - DAY_S * SECOND_US)
        known = {entry.device: found for entry in wave if (found := register.known(entry))}
        await road.join(Fleet.of(town, wave, demo.seed, born_us, known))
    log.info("demo fleet on the road", vehicles=demo.vehicles, seed=demo.seed)


class _Clock:
    """The fleet's time: the world's, or for `times_faster` above 1 a past that runs faster until it has caught up."""

    def __init__(self, world: Callable[[], int], demo: Demo) -> None:
        self._world, self._speed = world, max(demo.times_faster, 1.0)
        self._start_us = world()
        self.born_us = self._start_us - round(demo.history_hours * HOUR_US)

    def now_us(self) -> int:
        """The fleet's present, µs since 1970."""
        present = self._world()
        if self._speed == 1.0:
            return present
        return min(present, self.born_us + round((present - self._start_us) * self._speed))

    def ahead_us(self) -> int:
        """Up to when rows are made beforehand."""
        return self.now_us() + round(AHEAD_S * self._speed * SECOND_US)


def _waves(town: Town, demo: Demo, at_us: int) -> Iterator[list[Entry]]:
    """The fleet in groups, small ones first; who is on the move now comes before who stands.

    Buses lead: a line of twelve stops is planned ten times faster than a round of customers.
    """
    size, wave, standing = FIRST_WAVE, list[Entry](), list[Entry]()
    for entry in sorted(roster(demo.seed, demo.vehicles), key=lambda entry: entry.kind.name != "bus"):
        vehicle = Fleet.of(town, [entry], demo.seed, at_us).vehicles[0]
        (wave if vehicle.moving(at_us // SECOND_US) else standing).append(entry)
        if len(wave) == size:
            yield wave
            size, wave = min(2 * size, WAVE), []
    rest = wave + standing
    yield from (rest[k : k + WAVE] for k in range(0, len(rest), WAVE))


@dataclass(slots=True)
class _Road:
    """The groups that drive live, and the rows made for the next seconds."""

    api: Api
    clock: _Clock
    fleets: list[Fleet] = field(default_factory=list)
    soon: list[tuple[int, Row]] = field(default_factory=list)

    async def join(self, fleet: Fleet) -> None:
        """Tell a group's past, oldest first; from then on it drives with the others."""
        past = await asyncio.to_thread(fleet.step, self.clock.now_us(), PAST)
        await self.api.send(past)
        self.fleets.append(fleet)

    async def drive(self) -> None:
        """Send what is heard in each second, for ever."""
        while True:
            due = await self._due(self.fleets)
            if due:
                await self.api.send(due)
            await asyncio.sleep(1.0 - time.time() % 1.0)

    async def _due(self, fleets: Sequence[Fleet]) -> list[Row]:
        """The rows heard up to now, oldest first."""
        now_us = self.clock.now_us()
        for fleet in list(fleets):
            if fleet.told_until_us() < now_us:
                self.soon += await asyncio.to_thread(fleet.told, self.clock.ahead_us(), LIVE)
        self.soon.sort(key=lambda heard: heard[0])
        due = [row for second, row in self.soon if second * SECOND_US <= now_us]
        self.soon = self.soon[len(due) :]
        return due
