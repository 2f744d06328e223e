"""From rest to rest. A vehicle is parked, departing, or driving; halts are a matter of driving.

* **parked → departing** at the first fix that moved or says a moving speed. The departure begins at the fix
before it
  (unless that is older than `lookback_us`: then at this one), because it stood there. The state before this
  row is kept.
* **departing → driving** `confirm_m` away from the beginning: now the trip is told, with the beginning as its
start and
  the kept state as its checkpoint. **departing → parked** when it has not rolled for `stop_us`, after a gap,
  or a jump.
* **driving**: a halt begins at the last fix seen rolling (at this one if it arrived just now) and lasts to
the last fix
  seen standing. When it moves again, a halt of `stop_us` or more was a stop: its time was standing, and idle
  as far as the ignition was not off.
* **driving → parked** when a halt lasts `park_us`, or `park_off_us` with the ignition off: the trip ended
where the halt
  began. After a gap of `gap_us` without fixes, or a jump: it ended at the last fix before, or at the halt if
  it stood; what was driven over the gap counts for the odometer and for no trip.

Time driven is the duration less the standing; shorter halts, at lights and in queues, are driving.
"""

from typing import Any

from numba import njit

from motorpool.science.geo.sphere import haversine_m
from motorpool.telemetry.batch import OFF, ON
from motorpool.telemetry.reference import Rules
from motorpool.telemetry.stages.rows import Fix, Move
from motorpool.telemetry.stages.tape import CLOSED, OPENED, note_stop, note_trip
from motorpool.telemetry.state import DEPARTING, DRIVING, MOVING, PARKED


@njit(cache=False)
def step(vehicle: Any, prior: Any, change: Any, fix: Fix, move: Move, rules: Rules) -> bool:
    """Carry one fix into the vehicle's trip, before its last fix becomes this one; whether a departure began.

    `prior` is the vehicle before this row. What is to be told of a trip goes into `change`, else its kind
    stays.
    """
    departed = False
    if vehicle.phase != PARKED and (move.jumped or move.since_us >= rules.gap_us):
        _break_off(vehicle, prior, change)
    if vehicle.phase == DRIVING:
        _drive(vehicle, change, fix, move, rules)
    elif vehicle.phase == DEPARTING:
        _go_on_departing(vehicle, fix, move, rules)
    if vehicle.phase == PARKED and _rolls(vehicle, fix, move, rules):
        _depart(vehicle, prior, fix, move, rules)
        departed = True
    if vehicle.phase == DEPARTING and (move.moved or vehicle.motion == MOVING):
        _confirm(vehicle, change, fix, move, rules)
    return departed


@njit(cache=False)
def _rolls(vehicle: Any, fix: Fix, move: Move, rules: Rules) -> bool:
    return move.moved or vehicle.motion == MOVING or fix.speed_mps >= rules.move_speed_mps


@njit(cache=False)
def _depart(vehicle: Any, prior: Any, fix: Fix, move: Move, rules: Rules) -> None:
    vehicle.phase = DEPARTING
    vehicle.rolled_at_us = fix.at_us
    vehicle.trip_standing_us = 0
    vehicle.trip_idle_us = 0
    vehicle.trip_stops = 0
    vehicle.trip_max_speed_mps = move.pace_mps
    if move.since_us <= rules.lookback_us and not move.jumped:
        vehicle.trip_started_us = prior.fix_at_us
        vehicle.trip_lat_deg = prior.lat_deg
        vehicle.trip_lon_deg = prior.lon_deg
        vehicle.trip_odometer_m = prior.odometer_m
        vehicle.trip_distance_m = move.gained_m
    else:
        vehicle.trip_started_us = fix.at_us
        vehicle.trip_lat_deg = fix.lat_deg
        vehicle.trip_lon_deg = fix.lon_deg
        vehicle.trip_odometer_m = vehicle.odometer_m
        vehicle.trip_distance_m = 0.0


@njit(cache=False)
def _go_on_departing(vehicle: Any, fix: Fix, move: Move, rules: Rules) -> None:
    _advance(vehicle, move)
    if _rolls(vehicle, fix, move, rules):
        vehicle.rolled_at_us = fix.at_us
    elif fix.at_us - vehicle.rolled_at_us >= rules.stop_us:
        _park(vehicle)


@njit(cache=False)
def _confirm(vehicle: Any, change: Any, fix: Fix, move: Move, rules: Rules) -> None:
    away_m = haversine_m(vehicle.trip_lat_deg, vehicle.trip_lon_deg, fix.lat_deg, fix.lon_deg)
    if away_m < rules.confirm_m:
        return
    vehicle.phase = DRIVING
    note_trip(change, vehicle, OPENED)
    change.ended_us = fix.at_us
    change.distance_m = vehicle.trip_distance_m
    if vehicle.motion != MOVING:
        _stand(vehicle, fix, move)


@njit(cache=False)
def _drive(vehicle: Any, change: Any, fix: Fix, move: Move, rules: Rules) -> None:
    moving = vehicle.motion == MOVING
    if vehicle.halt_started_us != 0 and (moving or move.moved):
        _move_on(vehicle, change, fix, rules)
    _advance(vehicle, move)
    if moving:
        return
    _stand(vehicle, fix, move)
    off = vehicle.halt_off_us != 0 and fix.at_us - vehicle.halt_off_us >= rules.park_off_us
    if off or fix.at_us - vehicle.halt_started_us >= rules.park_us:
        _close_at_halt(vehicle, change)


@njit(cache=False)
def _advance(vehicle: Any, move: Move) -> None:
    vehicle.trip_distance_m += move.gained_m
    vehicle.trip_max_speed_mps = max(vehicle.trip_max_speed_mps, move.pace_mps)


@njit(cache=False)
def _stand(vehicle: Any, fix: Fix, move: Move) -> None:
    if vehicle.halt_started_us == 0:
        vehicle.halt_started_us = vehicle.rolled_at_us
        vehicle.halt_last_us = vehicle.rolled_at_us
        vehicle.halt_idle_us = 0
        vehicle.halt_off_us = 0
        vehicle.halt_lat_deg = fix.lat_deg
        vehicle.halt_lon_deg = fix.lon_deg
        vehicle.halt_odometer_m = vehicle.odometer_m
        vehicle.halt_distance_m = vehicle.trip_distance_m
    if move.ignition_before != OFF:
        vehicle.halt_idle_us += fix.at_us - vehicle.halt_last_us
    vehicle.halt_last_us = fix.at_us
    if move.ignition == ON:
        vehicle.halt_off_us = 0
    elif move.ignition == OFF and vehicle.halt_off_us == 0:
        vehicle.halt_off_us = fix.at_us


@njit(cache=False)
def _move_on(vehicle: Any, change: Any, fix: Fix, rules: Rules) -> None:
    lasted_us = vehicle.halt_last_us - vehicle.halt_started_us
    if lasted_us >= rules.stop_us:
        note_stop(change, vehicle, fix.at_us)
        vehicle.trip_stops += 1
        vehicle.trip_standing_us += lasted_us
        vehicle.trip_idle_us += vehicle.halt_idle_us
    vehicle.halt_started_us = 0


@njit(cache=False)
def _break_off(vehicle: Any, prior: Any, change: Any) -> None:
    if vehicle.phase == DEPARTING:
        _park(vehicle)
    elif vehicle.halt_started_us != 0:
        _close_at_halt(vehicle, change)
    else:
        note_trip(change, vehicle, CLOSED)
        change.ended_us = prior.fix_at_us
        change.end_lat_deg = prior.lat_deg
        change.end_lon_deg = prior.lon_deg
        change.distance_m = vehicle.trip_distance_m
        change.odometer_end_m = prior.odometer_m
        _park(vehicle)


@njit(cache=False)
def _close_at_halt(vehicle: Any, change: Any) -> None:
    note_trip(change, vehicle, CLOSED)
    change.ended_us = vehicle.halt_started_us
    change.end_lat_deg = vehicle.halt_lat_deg
    change.end_lon_deg = vehicle.halt_lon_deg
    change.distance_m = vehicle.halt_distance_m
    change.odometer_end_m = vehicle.halt_odometer_m
    _park(vehicle)


@njit(cache=False)
def _park(vehicle: Any) -> None:
    vehicle.phase = PARKED
    vehicle.trip_started_us = 0
    vehicle.halt_started_us = 0
