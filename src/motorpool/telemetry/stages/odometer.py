"""Metres driven. The total counts every distance; a trip takes from it what was driven during the trip.

Where this fix and the last used one both carry the device's odometer, its difference counts if it is
plausible: not negative, not faster than a jump, not shorter than the straight line (all within
`odometer_step_m`, because some devices count whole kilometres). A device's odometer that stands still while
the vehicle gets further away than that step is stuck, and is not asked until it counts again.

Otherwise it is the great circle from the *counted* place, if motion says the vehicle moved: noise of a parked
receiver adds nothing, and what was driven below the threshold is not lost, because the counted place stays
where it was.
"""

import math
from typing import Any

from numba import njit

from motorpool.telemetry.reference import Rules
from motorpool.telemetry.stages.motion import from_place_m, seconds
from motorpool.telemetry.stages.rows import Fix

ASK_THE_PLACE = -1.0


@njit(cache=False)
def step(vehicle: Any, fix: Fix, hop_m: float, moved: bool, rules: Rules) -> float:
    """Add what was driven to `odometer_m` and return it [m]; `hop_m` is the distance from the last used
    fix."""
    asked = not (math.isnan(fix.odometer_m) or math.isnan(vehicle.device_odometer_m))
    if not (moved or asked):
        return 0.0
    straight_m = from_place_m(vehicle, vehicle.counted_lat_deg, vehicle.counted_lon_deg, fix, hop_m)
    gained_m = _device_m(vehicle, fix, straight_m, rules) if asked else ASK_THE_PLACE
    if gained_m == ASK_THE_PLACE:
        gained_m = straight_m if moved else 0.0
    if gained_m > 0.0:
        vehicle.odometer_m += gained_m
        count_from(vehicle, fix)
    return gained_m


@njit(cache=False)
def count_from(vehicle: Any, fix: Fix) -> None:
    """Count from this place on."""
    vehicle.counted_lat_deg = fix.lat_deg
    vehicle.counted_lon_deg = fix.lon_deg


@njit(cache=False)
def _device_m(vehicle: Any, fix: Fix, straight_m: float, rules: Rules) -> float:
    gained_m: float = fix.odometer_m - vehicle.device_odometer_m
    too_far = gained_m > rules.jump_speed_mps * seconds(fix.at_us - vehicle.fix_at_us) + rules.odometer_step_m
    too_short = straight_m > 1.05 * gained_m + rules.odometer_step_m
    if gained_m == 0.0 and too_short:
        vehicle.odometer_stuck = 1
    elif gained_m > 0.0:
        vehicle.odometer_stuck = 0
    if gained_m < 0.0 or too_far or too_short or vehicle.odometer_stuck:
        return ASK_THE_PLACE
    return gained_m
