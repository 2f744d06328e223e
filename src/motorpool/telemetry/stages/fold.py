"""The stages of one row, one row after the other: compiled, because each row depends on the one before.

One walk instead of one pass per stage: a checkpoint is the *whole* state before a row, and only here it
exists.
"""

import hashlib
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from motorpool.science.geo import sphere
from motorpool.telemetry import batch as said
from motorpool.telemetry import reference, state
from motorpool.telemetry.batch import UNKNOWN
from motorpool.telemetry.reference import Rules
from motorpool.telemetry.stages import motion, odometer, sanitize, trips
from motorpool.telemetry.stages.rows import Fix, Move, fix_of
from motorpool.telemetry.stages.tape import NOTHING, OPENED, Tape, tape_for
from motorpool.telemetry.state import CORE, DEPARTING, before_of, core_of

judge, USED, JUMPED = sanitize.judge, sanitize.USED, sanitize.JUMPED
motion_step, settle, name_motion, ignition_now = motion.step, motion.settle, motion.name, motion.ignition_now
odometer_step, count_from = odometer.step, odometer.count_from
trips_step = trips.step


class Desk(NamedTuple):
    """What the fold changes: each vehicle's state and the state before its departure, of `CORE`; and the
    tape."""

    core: NDArray[np.void]
    before: NDArray[np.void]
    tape: Tape


def desk_for(records: NDArray[np.void], rows: int) -> Desk:
    """A desk over records of `STATE`, two or more, which the fold changes in place.

    Two, because numpy calls a strided array of one contiguous, and the fold would be compiled once more for
    that.
    """
    return Desk(core_of(records), before_of(records), tape_for(rows))


@njit(cache=False)
def listen(vehicle: Any, row: Any) -> None:
    """Keep what any device of the vehicle says, whether or not its place counts."""
    at_us = row.at_us
    vehicle.last_any_at_us = at_us
    if row.ignition != UNKNOWN:
        vehicle.ignition = row.ignition
        vehicle.ignition_at_us = at_us
    if not math.isnan(row.fuel_percent):
        vehicle.fuel_percent = row.fuel_percent
    if not math.isnan(row.rpm):
        vehicle.rpm = row.rpm
    if not math.isnan(row.coolant_c):
        vehicle.coolant_c = row.coolant_c
    if not math.isnan(row.battery_v):
        vehicle.battery_v = row.battery_v


@njit(cache=False)
def begin(vehicle: Any) -> None:
    """A vehicle is heard for the first time: zeros become "not said"."""
    vehicle.ignition = UNKNOWN
    vehicle.fuel_percent = math.nan
    vehicle.rpm = math.nan
    vehicle.coolant_c = math.nan
    vehicle.battery_v = math.nan
    vehicle.speed_mps = math.nan
    vehicle.heading_deg = math.nan
    vehicle.altitude_m = math.nan
    vehicle.accuracy_m = math.nan
    vehicle.device_odometer_m = math.nan


@njit(cache=False)
def arrive(vehicle: Any, row: Any) -> None:
    """The row becomes the last used fix."""
    vehicle.fix_at_us = row.at_us
    vehicle.lat_deg = row.lat_deg
    vehicle.lon_deg = row.lon_deg
    vehicle.content = row.content
    vehicle.speed_mps = row.speed_mps
    vehicle.heading_deg = row.heading_deg
    vehicle.altitude_m = row.altitude_m
    vehicle.accuracy_m = row.accuracy_m
    vehicle.device_odometer_m = row.odometer_m


@njit(cache=False)
def travel(vehicle: Any, fix: Fix, verdict: int, hop_m: float, rules: Rules) -> tuple[bool, float, float]:
    """Motion, then odometer: moved, metres gained, pace [m/s]."""
    if verdict == JUMPED or vehicle.fix_at_us == 0:
        settle(vehicle, fix, rules)
        count_from(vehicle, fix)
        return False, 0.0, 0.0 if math.isnan(fix.speed_mps) else fix.speed_mps
    moved, pace_mps = motion_step(vehicle, fix, hop_m, rules)
    return moved, odometer_step(vehicle, fix, hop_m, moved, rules), pace_mps


@njit(cache=False)
def take_row(vehicle: Any, prior: Any, change: Any, row: Any, rules: Rules) -> tuple[int, bool]:
    """All stages for one row, in order: the verdict on its place, and whether a departure began."""
    if vehicle.last_any_at_us == 0:
        begin(vehicle)
    ignition_before = ignition_now(vehicle, row.at_us, rules)
    listen(vehicle, row)
    verdict, departed = sanitize.UNUSED, False
    if row.is_source:
        fix = fix_of(row)
        verdict, hop_m = judge(vehicle, fix, rules)
        if verdict in (USED, JUMPED):
            since_us = fix.at_us - vehicle.fix_at_us
            moved, gained_m, pace_mps = travel(vehicle, fix, verdict, hop_m, rules)
            ignition = ignition_now(vehicle, fix.at_us, rules)
            move = Move(since_us, verdict == JUMPED, moved, gained_m, pace_mps, ignition_before, ignition)
            departed = trips_step(vehicle, prior, change, fix, move, rules)
            arrive(vehicle, row)
    name_motion(vehicle, rules)
    return verdict, departed


@njit(cache=False)
def keep(desk: Any, index: int, prior: Any, nothing: Any, departed: bool) -> None:
    """Keep the state before a departure, until it is a trip's checkpoint or the departure is none.

    A departure that gives way to another on one row leaves it its state before: the newer one lies inside a
    departure, whose own beginning it does not know.
    """
    position = desk.tape.length[0]
    if departed and prior[0].phase != DEPARTING:
        desk.before[index] = prior[0]
    if desk.tape.changes[position].kind == OPENED:
        desk.tape.checkpoints[position] = desk.before[index]
    if desk.tape.changes[position].kind != NOTHING:
        desk.tape.changes[position].vehicle = index
        desk.tape.length[0] += 1
    if (departed or prior[0].phase == DEPARTING) and desk.core[index].phase != DEPARTING:
        desk.before[index] = nothing[0]


def _fingerprint() -> str:
    """Hash of the sources the compiled fold consists of."""
    folder = Path(__file__).parent
    others = (said.__file__, state.__file__, reference.__file__, sphere.__file__)
    sources = [*sorted(folder.glob("*.py")), *map(Path, others)]
    return hashlib.blake2b(b"".join(one.read_bytes() for one in sources), digest_size=16).hexdigest()


def _compiled(
    fingerprint: str,
) -> Callable[[NDArray[np.void], NDArray[np.int64], Desk, NDArray[np.void]], None]:
    # numba keeps compiled code by the file of the function alone: after an edit of a stage the old code would
    # go on running. So only this function is kept, and what its closure holds is part of the key.
    @njit(cache=True)
    def fold(rows: NDArray[np.void], starts: NDArray[np.int64], desk: Any, rules: NDArray[np.void]) -> None:
        fingerprint  # noqa: B018 - held for the key
        prior, nothing = np.zeros(1, CORE), np.zeros(1, CORE)
        for index in range(len(starts) - 1):
            for row in range(starts[index], starts[index + 1]):
                prior[0] = desk.core[index]
                change = desk.tape.changes[desk.tape.length[0]]
                change.kind = NOTHING
                verdict, departed = take_row(desk.core[index], prior[0], change, rows[row], rules[0])
                desk.tape.verdict[row] = verdict
                if departed or change.kind != NOTHING or prior[0].phase == DEPARTING:
                    keep(desk, index, prior, nothing, departed)

    return fold


fold = _compiled(_fingerprint())
"""Run the stages over sorted rows: rows `starts[i]` … `starts[i + 1]` belong to the vehicle `i` of the
desk."""
