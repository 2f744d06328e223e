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
from motorpool.telemetry import reference, state
from motorpool.telemetry.batch import UNKNOWN
from motorpool.telemetry.reference import Rules
from motorpool.telemetry.stages import motion, odometer, sanitize, trips
from motorpool.telemetry.stages.rows import Columns, Fix, Move, fix_of
from motorpool.telemetry.stages.tape import Tape, tape_for
from motorpool.telemetry.state import CORE, before_of, core_of

judge, USED, JUMPED = sanitize.judge, sanitize.USED, sanitize.JUMPED
motion_step, settle, name_motion, ignition_now = motion.step, motion.settle, motion.name, motion.ignition_now
odometer_step, count_from = odometer.step, odometer.count_from
trips_step = trips.step


class Desk(NamedTuple):
    """What lies before the stages: `core` and `before` of each vehicle, the state `prior` to this row, the
    tape."""

    core: NDArray[np.void]
    before: NDArray[np.void]
    prior: NDArray[np.void]
    nothing: NDArray[np.void]
    tape: Tape


def desk_for(records: NDArray[np.void], rows: int) -> Desk:
    """A desk over records of `STATE`, two or more, which the fold changes in place.

    Two, because numpy calls a strided array of one contiguous, and the fold would be compiled once more for
    that.
    """
    return Desk(core_of(records), before_of(records), np.zeros(1, CORE), np.zeros(1, CORE), tape_for(rows))


@njit(cache=False)
def listen(vehicle: Any, rows: Any, row: int) -> None:
    """Keep what any device of the vehicle says, whether or not its place counts."""
    at_us = rows.at_us[row]
    vehicle.last_any_at_us = at_us
    if rows.ignition[row] != UNKNOWN:
        vehicle.ignition = rows.ignition[row]
        vehicle.ignition_at_us = at_us
    if not math.isnan(rows.fuel_percent[row]):
        vehicle.fuel_percent = rows.fuel_percent[row]
    if not math.isnan(rows.rpm[row]):
        vehicle.rpm = rows.rpm[row]
    if not math.isnan(rows.coolant_c[row]):
        vehicle.coolant_c = rows.coolant_c[row]
    if not math.isnan(rows.battery_v[row]):
        vehicle.battery_v = rows.battery_v[row]


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
def arrive(vehicle: Any, rows: Any, row: int) -> None:
    """The row becomes the last used fix."""
    vehicle.fix_at_us = rows.at_us[row]
    vehicle.lat_deg = rows.lat_deg[row]
    vehicle.lon_deg = rows.lon_deg[row]
    vehicle.content = rows.content[row]
    vehicle.speed_mps = rows.speed_mps[row]
    vehicle.heading_deg = rows.heading_deg[row]
    vehicle.altitude_m = rows.altitude_m[row]
    vehicle.accuracy_m = rows.accuracy_m[row]
    vehicle.device_odometer_m = rows.odometer_m[row]


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
def take_row(desk: Any, index: int, rows: Any, row: int, rules: Rules) -> int:
    """All stages for one row, in order; the verdict on its place."""
    vehicle = desk.core[index]
    desk.prior[0] = vehicle
    if vehicle.last_any_at_us == 0:
        begin(vehicle)
    at_us = rows.at_us[row]
    ignition_before = ignition_now(vehicle, at_us, rules)
    listen(vehicle, rows, row)
    verdict = sanitize.UNUSED
    if rows.is_source[row]:
        fix = fix_of(rows, row)
        verdict, hop_m = judge(vehicle, fix, rules)
        if verdict in (USED, JUMPED):
            since_us = at_us - vehicle.fix_at_us
            moved, gained_m, pace_mps = travel(vehicle, fix, verdict, hop_m, rules)
            ignition = ignition_now(vehicle, at_us, rules)
            move = Move(since_us, verdict == JUMPED, moved, gained_m, pace_mps, ignition_before, ignition)
            trips_step(desk, index, fix, move, rules)
            arrive(vehicle, rows, row)
    name_motion(vehicle, rules)
    return verdict


def _fingerprint() -> str:
    """Hash of the sources the compiled fold consists of."""
    folder = Path(__file__).parent
    others = (state.__file__, reference.__file__, sphere.__file__)
    sources = [*sorted(folder.glob("*.py")), *map(Path, others)]
    return hashlib.blake2b(b"".join(one.read_bytes() for one in sources), digest_size=16).hexdigest()


def _compiled(fingerprint: str) -> Callable[[Columns, NDArray[np.int64], Desk, Rules], None]:
    # numba keeps compiled code by the file of the outermost function alone: an edit of a stage would go on
    # running the old code. What a closure holds is part of its key.
    @njit(cache=True)
    def fold(rows: Any, starts: NDArray[np.int64], desk: Any, rules: Rules) -> None:
        fingerprint  # noqa: B018 - held for the key
        for index in range(len(starts) - 1):
            for row in range(starts[index], starts[index + 1]):
                desk.tape.verdict[row] = take_row(desk, index, rows, row, rules)

    return fold


fold = _compiled(_fingerprint())
"""Run the stages over sorted rows: rows `starts[i]` … `starts[i + 1]` belong to the vehicle `i` of the
desk."""
