"""The stages against the same rules row by row in plain Python: positions per second, and how many times
more.

Both sides run the very same source: the plain side is a process in which numba compiles nothing and a vehicle
is a Python object. Sides alternate; their trips, stops and odometers are compared before anything is printed.

    python -m benchmarks.stages
"""

import copy
import json
import os
import subprocess
import sys
import time
from collections import namedtuple
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from benchmarks.table import print_table
from motorpool.kernel.time import SECOND_US
from motorpool.telemetry.batch import Batch, Fixes
from motorpool.telemetry.content import content_hash
from motorpool.telemetry.pipeline import run_stages
from motorpool.telemetry.reference import Reference, Rules
from motorpool.telemetry.stages import fold as folding
from motorpool.telemetry.stages.order import sort_once
from motorpool.telemetry.stages.rows import ROW, rows_of
from motorpool.telemetry.stages.tape import CLOSED, NOTHING, STOPPED_AT
from motorpool.telemetry.state import CORE, fresh, put

ROWS = 5_000
ROUNDS = 2
FLEETS = {"20 000 vehicles, 1 row each in a batch": (20_000, 40), "500 vehicles, 10 rows each": (500, 40)}
named: Any = namedtuple
Row = named("Row", ROW.names)
START_US = 1_740_000_000 * SECOND_US


@dataclass(frozen=True)
class Measured:
    """One run: seconds, and what came of it."""

    seconds: float
    trips: int
    stops: int
    odometer_m: float


def batches(vehicles: int, count: int) -> list[Batch]:
    """Batches of a fleet in which each vehicle drives for ten minutes and rests for ten, one fix in ten
    seconds."""
    rng = np.random.default_rng(7)
    each = ROWS * count // vehicles
    tick = np.arange(each)[:, None] + rng.integers(0, 120, vehicles)[None, :]
    driving = tick % 120 < 60
    speed = np.where(driving, rng.uniform(8, 25, (each, vehicles)), 0.0)
    lat = 40.0 + np.cumsum(speed * 10 / 111_195, axis=0) + rng.normal(0, 3e-5, (each, vehicles))
    at_us = START_US + np.arange(each)[:, None] * 10 * SECOND_US + rng.integers(0, 10**6, vehicles)[None, :]
    slot = np.broadcast_to(np.arange(vehicles, dtype=np.int32), (each, vehicles))
    fixes = Fixes.of(
        at_us=at_us.ravel(),
        lat_deg=lat.ravel(),
        lon_deg=np.full(each * vehicles, -74.0),
        speed_mps=speed.ravel(),
        heading_deg=np.zeros(each * vehicles),
        ignition=driving.ravel().astype(np.int8),
    )
    numbers = slot.ravel().copy()
    whole = Batch(fixes, numbers, numbers, np.ones(len(fixes), np.bool_), content_hash(numbers, fixes))
    return [whole.take(np.arange(start, start + ROWS)) for start in range(0, len(whole), ROWS)]


def in_columns(vehicles: int, parts: list[Batch]) -> Measured:
    """The product's way."""
    state, reference, closed, stops = fresh(vehicles), Reference(), 0, 0
    began = time.perf_counter()
    for batch in parts:
        outcome = run_stages(batch, state, reference)
        put(state, outcome.touched, outcome.records)
        closed += sum(trip.kind == "closed" for trip in outcome.trips)
        stops += len(outcome.stops)
    return Measured(time.perf_counter() - began, closed, stops, float(state["odometer_m"].sum()))


class Copying(list[Any]):
    """A list whose items are copied when they are put in, as those of an array are."""

    def __setitem__(self, index: Any, item: Any) -> None:
        super().__setitem__(index, copy.copy(item))


def nothing() -> SimpleNamespace:
    """A vehicle never heard, as a Python object."""
    zeros = np.zeros((), CORE)
    return SimpleNamespace(**{name: zeros[name].item() for name in CORE.names or () if name != "reserved"})


def row_by_row(vehicles: int, parts: list[Batch]) -> Measured:
    """The same rules, one row at a time on Python objects; sorting a batch is a gift of numpy's."""
    core, prior, nobody = Copying(nothing() for _ in range(vehicles)), Copying([None]), [nothing()]
    changes = [nothing() for _ in range(ROWS + 1)]
    tape = SimpleNamespace(changes=changes, checkpoints=Copying([None] * (ROWS + 1)), length=[0])
    desk = SimpleNamespace(core=core, before=Copying(core), tape=tape)
    rules, closed, stops = Rules(), 0, 0
    began = time.perf_counter()
    for batch in parts:
        ordered = batch.take(sort_once(batch)[0])
        tape.length[0] = 0
        for slot, row in zip(ordered.slot.tolist(), map(Row._make, rows_of(ordered).tolist()), strict=True):
            if row.at_us > core[slot].last_any_at_us:
                prior[0] = core[slot]
                change = changes[tape.length[0]]
                change.kind = NOTHING
                _, departed = folding.take_row(core[slot], prior[0], change, row, rules)
                folding.keep(desk, slot, prior, nobody, departed)
        kinds = [change.kind for change in changes[: tape.length[0]]]
        closed += kinds.count(CLOSED)
        stops += kinds.count(STOPPED_AT)
    taken = time.perf_counter() - began
    return Measured(taken, closed, stops, sum(vehicle.odometer_m for vehicle in core))


def plainly(name: str) -> Measured:
    """`row_by_row` in a process that compiles nothing."""
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    command = [sys.executable, "-m", "benchmarks.stages", "plain", name]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    return Measured(**json.loads(said))


def same(one: Measured, other: Measured) -> bool:
    """Whether both sides found the same."""
    counts = (one.trips, one.stops) == (other.trips, other.stops)
    return counts and abs(one.odometer_m - other.odometer_m) <= 1e-6 * one.odometer_m


def main() -> None:
    """Measure and print the table."""
    lines = []
    for name, (vehicles, count) in FLEETS.items():
        parts = batches(vehicles, count)
        in_columns(vehicles, parts[:1])
        pairs = [(in_columns(vehicles, parts), plainly(name)) for _ in range(ROUNDS)]
        assert all(same(ours, theirs) for ours, theirs in pairs), pairs
        fast = ROWS * len(parts) / min(ours.seconds for ours, _ in pairs)
        slow = ROWS * len(parts) / min(theirs.seconds for _, theirs in pairs)
        trips = pairs[0][0].trips
        lines.append((name, fast, slow, fast / slow, trips))
    print_table(("stages, batches of 5 000", "positions/s", "row by row/s", "ratio", "trips"), lines)


if __name__ == "__main__":
    if sys.argv[1:2] == ["plain"]:
        fleet = FLEETS[sys.argv[2]]
        print(json.dumps(vars(row_by_row(fleet[0], batches(*fleet)))))
    else:
        main()
