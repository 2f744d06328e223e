import numpy as np
import pytest

from motorpool.telemetry.batch import OFF, ON, UNKNOWN, Batch, Fixes
from motorpool.telemetry.pipeline import run_stages
from motorpool.telemetry.reference import Reference
from motorpool.telemetry.state import IDLING, MOTION_UNKNOWN, MOVING, STOPPED, fresh
from support.drives import Drive, batch_of


def motion(drive: Drive) -> int:
    return int(run_stages(drive.batch(), fresh(1), Reference()).records["motion"][0])


def test_a_first_fix_tells_by_its_speed():
    assert motion(Drive().say(10.0)) == MOVING
    assert motion(Drive().say(0.0)) == STOPPED
    assert motion(Drive(says_speed=False).say()) == MOTION_UNKNOWN


@pytest.mark.parametrize("says_speed", [True, False])
@pytest.mark.parametrize("every_s", [1, 10, 120])
def test_a_driving_vehicle_moves_and_a_waiting_one_does_not(every_s, says_speed):
    drive = Drive(every_s=every_s, says_speed=says_speed).say().wait(2 * every_s)
    drive.go(40 * every_s, speed_mps=13.0).go(1000)
    assert motion(drive) == MOVING
    assert motion(drive.wait(2 * max(every_s, 60))) != MOVING


@pytest.mark.parametrize(("ignition", "expected"), [(ON, IDLING), (OFF, STOPPED), (UNKNOWN, STOPPED)])
def test_the_ignition_tells_idling_from_stopped(ignition, expected):
    assert motion(Drive(ignition=ignition).say().wait(30)) == expected


def test_standing_inside_a_trip_with_the_ignition_unknown_is_idling():
    assert motion(Drive().say().go(1000).wait(30)) == IDLING
    assert motion(Drive().say().go(1000).wait(400)) == STOPPED


def test_between_the_two_speeds_it_goes_on_doing_what_it_did():
    assert motion(Drive().say().go(1000).go(20, speed_mps=1.0)) == MOVING
    assert motion(Drive().say().wait(10).go(20, speed_mps=1.0)) == STOPPED


def test_an_ignition_holds_for_rows_that_do_not_say_it_but_not_for_ever():
    drive = Drive(ignition=ON).say().wait(5)
    drive.ignition = UNKNOWN
    assert motion(drive.wait(600)) == IDLING
    assert motion(drive.wait(600)) == STOPPED


def test_a_device_that_only_adds_sensors_says_the_ignition_and_moves_nothing():
    tracker = Drive().say().wait(60).batch()
    plug = Fixes.of(at_us=tracker.fixes.at_us[-1:] + 1, lat_deg=[10.0], lon_deg=[10.0], ignition=[ON], rpm=[800.0])
    both = Batch.concat([tracker, batch_of(plug, device_no=2, is_source=False)])
    record = run_stages(both, fresh(1), Reference()).records[0]
    assert record["motion"] == IDLING
    assert record["rpm"] == 800.0
    assert record["lat_deg"] == pytest.approx(40.7)
    assert record["last_any_at_us"] == plug.at_us[0]


def test_sensors_keep_what_was_said_last():
    drive = Drive().say(fuel_percent=80.0).wait(5)
    drive.at_s += 1
    drive.say(fuel_percent=79.0, battery_v=12.6).wait(5)
    record = run_stages(drive.batch(), fresh(1), Reference()).records[0]
    assert record["fuel_percent"] == 79.0
    assert record["battery_v"] == np.float32(12.6)
    assert np.isnan(record["rpm"])
