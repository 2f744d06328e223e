"""Moving or standing, with hysteresis, so that noise of a parked receiver is no drive.

A place is measured from the *rest* place: the last one that counted as moved to. It has `moved` when it is
further away than a threshold that depends on what is known:

=======================  =====================  ==================
it was                   this row's speed       threshold
=======================  =====================  ==================
moving                   said                   `step_m`
moving                   not said               `blind_step_m`
standing                 ≥ `move_speed_mps`     `start_m`
standing                 slower, or not said    `rest_radius_m`
=======================  =====================  ==================

It is moving when the said speed is; between `rest_speed_mps` and `move_speed_mps` it stays what it was. A
moving speed alone does not end standing (a parked receiver says 2 m/s now and then): the place must have
moved as well. Where no speed is said, it is the distance from the rest place over the time since.
`rolled_at_us` is the last fix at which it was seen moving; halts begin there. A vehicle that stands is idling
or stopped: the ignition says, and where nobody said it lately, standing inside a trip is idling, outside one
stopped.
"""

import math
from typing import Any

from numba import njit

from motorpool.science.geo.sphere import haversine_m
from motorpool.telemetry.batch import OFF, ON, UNKNOWN
from motorpool.telemetry.reference import Rules
from motorpool.telemetry.stages.rows import Fix
from motorpool.telemetry.state import IDLING, MOTION_UNKNOWN, MOVING, PARKED, STOPPED


@njit(cache=False)
def settle(vehicle: Any, fix: Fix, rules: Rules) -> None:
    """Begin anew at a first place, or at one the vehicle did not drive to."""
    vehicle.rolled_at_us = fix.at_us
    rest_here(vehicle, fix)
    if math.isnan(fix.speed_mps):
        vehicle.motion = MOTION_UNKNOWN
    else:
        vehicle.motion = MOVING if fix.speed_mps >= rules.move_speed_mps else STOPPED


@njit(cache=False)
def step(vehicle: Any, fix: Fix, hop_m: float, rules: Rules) -> tuple[bool, float]:
    """Decide `motion`; whether the place counts as moved to, and the pace to remember [m/s].

    `hop_m` is the distance from the last used fix.
    """
    apart_m = from_place_m(vehicle, vehicle.rest_lat_deg, vehicle.rest_lon_deg, fix, hop_m)
    rolling = vehicle.motion == MOVING
    moved = apart_m >= threshold_m(rolling, fix.speed_mps, rules)
    moving = _moves(vehicle, fix, apart_m, moved, rules)
    pace_mps = _pace_mps(vehicle, fix, apart_m, hop_m) if moved or moving else 0.0
    vehicle.motion = MOVING if moving else STOPPED
    if moved or (moving and not math.isnan(fix.speed_mps)):
        vehicle.rolled_at_us = fix.at_us
    if moved or (rolling and not moving):
        rest_here(vehicle, fix)
    return moved, pace_mps


@njit(cache=False)
def from_place_m(vehicle: Any, lat_deg: float, lon_deg: float, fix: Fix, hop_m: float) -> float:
    """Distance of a fix from a place; where that is the last used fix, it is `hop_m`, known already."""
    if lat_deg == vehicle.lat_deg and lon_deg == vehicle.lon_deg:
        return hop_m
    return haversine_m(lat_deg, lon_deg, fix.lat_deg, fix.lon_deg)


@njit(cache=False)
def threshold_m(rolling: bool, speed_mps: float, rules: Rules) -> float:
    """Distance from the rest place that counts as moved [m]: the table above."""
    if rolling:
        return rules.blind_step_m if math.isnan(speed_mps) else rules.step_m
    return rules.start_m if speed_mps >= rules.move_speed_mps else rules.rest_radius_m


@njit(cache=False)
def rest_here(vehicle: Any, fix: Fix) -> None:
    """Measure from this place on."""
    vehicle.rest_at_us = fix.at_us
    vehicle.rest_lat_deg = fix.lat_deg
    vehicle.rest_lon_deg = fix.lon_deg


@njit(cache=False)
def ignition_now(vehicle: Any, at_us: int, rules: Rules) -> int:
    """What the ignition was last said to be, unless that is too long ago."""
    return vehicle.ignition if at_us - vehicle.ignition_at_us <= rules.ignition_hold_us else UNKNOWN


@njit(cache=False)
def name(vehicle: Any, rules: Rules) -> None:
    """Tell idling and stopped apart, after all other stages of a row."""
    if vehicle.motion in (MOVING, MOTION_UNKNOWN):
        return
    ignition = ignition_now(vehicle, vehicle.last_any_at_us, rules)
    idling = ignition == ON or (ignition != OFF and vehicle.phase != PARKED)
    vehicle.motion = IDLING if idling else STOPPED


@njit(cache=False)
def seconds(span_us: int) -> float:
    """A span of microseconds in seconds."""
    return span_us / 1e6


@njit(cache=False)
def _moves(vehicle: Any, fix: Fix, apart_m: float, moved: bool, rules: Rules) -> bool:
    rolling = vehicle.motion == MOVING
    if math.isnan(fix.speed_mps):
        return _moves_blind(vehicle, fix, apart_m, moved, rules)
    if fix.speed_mps >= rules.move_speed_mps:
        return rolling or moved
    return rolling and fix.speed_mps >= rules.rest_speed_mps


@njit(cache=False)
def _moves_blind(vehicle: Any, fix: Fix, apart_m: float, moved: bool, rules: Rules) -> bool:
    rolling = vehicle.motion == MOVING
    if moved:
        began_us = vehicle.rest_at_us if rolling else vehicle.fix_at_us
        return apart_m >= rules.move_speed_mps * seconds(fix.at_us - began_us)
    return rolling and apart_m >= rules.rest_speed_mps * seconds(fix.at_us - vehicle.rest_at_us)


@njit(cache=False)
def _pace_mps(vehicle: Any, fix: Fix, apart_m: float, hop_m: float) -> float:
    # From standing, the two last fixes tell, unless they are so close in time that noise would be the speed.
    if not math.isnan(fix.speed_mps):
        return fix.speed_mps
    if vehicle.motion == MOVING:
        return apart_m / seconds(fix.at_us - vehicle.rest_at_us)
    since_s = seconds(fix.at_us - vehicle.fix_at_us)
    return hop_m / since_s if since_s >= 10.0 else 0.0
