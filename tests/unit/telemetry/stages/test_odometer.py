import numpy as np
import pytest

from motorpool.telemetry.pipeline import run_stages
from motorpool.telemetry.reference import Reference
from motorpool.telemetry.state import fresh
from support.drives import Drive


def odometer_m(drive: Drive) -> float:
    return float(run_stages(drive.batch(), fresh(1), Reference()).records["odometer_m"][0])


@pytest.mark.parametrize("says_speed", [True, False])
@pytest.mark.parametrize("jitter_m", [5.0, 10.0, 15.0])
def test_a_parked_vehicle_gains_nothing_in_ten_hours_of_jitter(jitter_m, says_speed):
    drive = Drive(jitter_m=jitter_m, says_speed=says_speed, seed=3)
    assert odometer_m(drive.say().wait(10 * 3600)) == 0.0


def test_a_parked_vehicle_that_says_a_walking_speed_now_and_then_gains_nothing():
    drive = Drive(jitter_m=5.0, seed=3).say()
    for _ in range(600):
        drive.wait(20).wait(1, speed_mps=2.5)
    assert odometer_m(drive) == 0.0


def town_drive(drive: Drive, blocks: int = 80) -> Drive:
    """Blocks of 180 m with a corner after every second, a light after every fifth."""
    drive.say().wait(20)
    for block in range(blocks):
        drive.go(180, speed_mps=11.0, heading_deg=90.0 * (block // 2 % 3))
        if block % 5 == 4:
            drive.wait(25)
    return drive.wait(60)


@pytest.mark.parametrize("jitter_m", [0.0, 1.5])
def test_a_drive_through_a_town_at_one_fix_a_second_has_its_true_length(jitter_m):
    drive = town_drive(Drive(jitter_m=jitter_m, seed=5))
    assert odometer_m(drive) == pytest.approx(drive.true_m, rel=0.01)


def test_a_straight_drive_without_speeds_has_its_true_length():
    drive = Drive(says_speed=False, jitter_m=3.0, seed=5).say().go(20_000).wait(60)
    assert odometer_m(drive) == pytest.approx(drive.true_m, rel=0.01)


@pytest.mark.parametrize("says_speed", [True, False])
def test_a_fix_every_two_minutes_gives_the_length_between_them(says_speed):
    drive = Drive(every_s=120, says_speed=says_speed).say().go(30_000, speed_mps=9.0).wait(600)
    assert odometer_m(drive) == pytest.approx(drive.true_m, rel=0.005)


def test_what_a_standing_vehicle_creeps_is_counted_when_it_leaves():
    drive = Drive(every_s=10).say()
    for _ in range(10):
        drive.shift(8.0).wait(10)
    assert odometer_m(drive) == 0.0
    assert odometer_m(drive.go(1000)) == pytest.approx(drive.true_m, rel=0.001)


def test_distance_over_a_gap_counts():
    drive = Drive().say().go(2000).silence(1800).shift(5000).wait(5)
    assert odometer_m(drive) == pytest.approx(7000, rel=0.005)


def bends(drive: Drive) -> Drive:
    """Bends between the fixes: the way is a third longer than the straight lines."""
    drive.say()
    for _ in range(40):
        drive.at_s += 60
        before = drive.odometer_m
        drive.shift(600, 90.0)
        drive.odometer_m = None if before is None else before + 800
        drive.say(12.0)
    return drive


def test_the_devices_own_odometer_knows_the_bends():
    assert odometer_m(bends(Drive(odometer_m=5e6))) == pytest.approx(40 * 800)
    assert odometer_m(bends(Drive())) == pytest.approx(40 * 600, rel=0.001)


def test_an_odometer_in_whole_kilometres_adds_up():
    drive = Drive(every_s=10, odometer_m=0.0).say()
    for _ in range(300):
        drive.at_s += 10
        drive.shift(130)
        drive.say(13.0, odometer_m=np.floor(drive.odometer_m / 1000) * 1000)
    assert odometer_m(drive) == 39_000


def test_a_stuck_odometer_is_not_believed():
    drive = Drive().say()
    drive.go(20_000)
    for row in drive.rows:
        row["odometer_m"] = 77_000.0
    assert odometer_m(drive) == pytest.approx(20_000, rel=0.01)


@pytest.mark.parametrize("step_m", [-5_000.0, 5_000_000.0])
def test_an_odometer_that_leaps_is_not_believed_for_that_step(step_m):
    drive = Drive(odometer_m=1e6).say().go(3000)
    drive.odometer_m += step_m
    drive.go(3000)
    assert odometer_m(drive) == pytest.approx(6000, rel=0.01)


def test_an_odometer_that_is_said_now_and_then_does_not_count_twice():
    drive = Drive(odometer_m=1e6).say().go(5000)
    for row in drive.rows[::3]:
        row["odometer_m"] = np.nan
    assert odometer_m(drive) == pytest.approx(5000, rel=0.01)
