import numpy as np
import pytest

from motorpool.kernel.time import DAY_US, SECOND_US
from motorpool.telemetry.batch import Fixes
from motorpool.telemetry.pipeline import run_stages
from motorpool.telemetry.reference import Reference
from motorpool.telemetry.stages.sanitize import CODES, JUMPED, OUTLIER, SAME_INSTANT, USED, admit, canonical
from motorpool.telemetry.state import fresh
from support.drives import START_US, Drive

GOOD = {"at_us": START_US, "lat_deg": 40.7, "lon_deg": -74.0}


def code_of(**row) -> str:
    fixes = Fixes.of(**{name: [value] for name, value in (GOOD | row).items()})
    return CODES[admit(fixes, START_US, 30 * DAY_US)[0]]


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"lat_deg": 90.0, "lon_deg": -180.0},
        {"lat_deg": 0.0, "lon_deg": 0.001},
        {"speed_mps": 67.0},
        {"heading_deg": 360.0},
        {"altitude_m": -500.0},
        {"odometer_m": 1e10},
        {"fuel_percent": 100.0, "rpm": 20_000.0, "coolant_c": -60.0, "battery_v": 0.0},
        {"at_us": START_US + 600 * SECOND_US},
        {"at_us": START_US - 30 * DAY_US},
    ],
)
def test_what_can_be_is_admitted(row):
    assert code_of(**row) == ""


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"lat_deg": 90.01}, "out_of_range"),
        ({"lon_deg": 180.5}, "out_of_range"),
        ({"lon_deg": np.inf}, "out_of_range"),
        ({"speed_mps": -0.1}, "out_of_range"),
        ({"speed_mps": 141.0}, "out_of_range"),
        ({"speed_mps": np.inf}, "out_of_range"),
        ({"heading_deg": 361.0}, "out_of_range"),
        ({"altitude_m": 10_001.0}, "out_of_range"),
        ({"accuracy_m": -1.0}, "out_of_range"),
        ({"odometer_m": 1.1e10}, "out_of_range"),
        ({"ignition": 2}, "out_of_range"),
        ({"fuel_percent": 101.0}, "out_of_range"),
        ({"rpm": 20_001.0}, "out_of_range"),
        ({"coolant_c": 251.0}, "out_of_range"),
        ({"battery_v": -1.0}, "out_of_range"),
        ({"lat_deg": 0.0, "lon_deg": 0.0}, "no_position"),
        ({"lat_deg": 0.00009, "lon_deg": -0.00009}, "no_position"),
        ({"lat_deg": np.nan}, "no_position"),
        ({"speed_mps": 67.1}, "implausible_speed"),
        ({"at_us": START_US + 600 * SECOND_US + 1}, "time_in_future"),
        ({"at_us": START_US - 30 * DAY_US - 1}, "time_too_old"),
        ({"at_us": 0, "lat_deg": 0.0, "lon_deg": 0.0, "speed_mps": 200.0}, "time_too_old"),
    ],
)
def test_what_cannot_be_is_refused_with_its_code(row, code):
    assert code_of(**row) == code


def test_one_bad_row_does_not_touch_its_neighbours():
    fixes = Fixes.of(at_us=[START_US] * 3, lat_deg=[1.0, 91.0, 2.0], lon_deg=[1.0] * 3)
    assert list(admit(fixes, START_US)) == [0, 1, 0]


def test_a_value_has_one_spelling():
    odd = np.array([0x7FC00123], np.uint32).view(np.float32)
    fixes = canonical(Fixes.of(at_us=[1], lat_deg=[1.0], lon_deg=[1.0], heading_deg=[360.0], speed_mps=odd))
    assert fixes.heading_deg[0] == 0.0
    assert fixes.speed_mps.view(np.uint32)[0] == np.array([np.nan], np.float32).view(np.uint32)[0]


def verdicts(drive: Drive) -> list[int]:
    return list(run_stages(drive.batch(), fresh(1), Reference()).verdict)


def test_a_single_impossible_place_is_left_unused():
    drive = Drive().say().go(140)
    drive.at_s += 1
    drive.say(14.0, lat_deg=41.7).go(140)
    outcome = run_stages(drive.batch(), fresh(1), Reference())
    assert list(np.flatnonzero(outcome.verdict == OUTLIER)) == [11]
    assert outcome.records["odometer_m"][0] == pytest.approx(280, rel=0.001)


def test_three_agreeing_outliers_are_believed_and_the_jump_is_not_driven():
    drive = Drive().say().wait(5).shift(50_000).wait(5).go(700)
    outcome = run_stages(drive.batch(), fresh(1), Reference())
    assert list(outcome.verdict[6:11]) == [OUTLIER, OUTLIER, JUMPED, USED, USED]
    assert outcome.records["odometer_m"][0] == pytest.approx(700, rel=0.01)


def test_outliers_that_disagree_are_never_believed():
    drive = Drive().say()
    for step in range(6):
        drive.at_s += 1
        drive.say(lat_deg=10.0 + step)
    assert verdicts(drive) == [USED] + [OUTLIER] * 6


def test_of_one_instant_the_first_place_counts():
    drive = Drive().say().say(lat_deg=40.71)
    assert verdicts(drive) == [USED, SAME_INSTANT]


def test_a_jump_ends_the_trip_before_it():
    drive = Drive().say().go(1400).shift(90_000).go(1400)
    trips = run_stages(drive.batch(), fresh(1), Reference()).trips
    assert [trip.kind for trip in trips] == ["opened", "closed", "opened"]
    assert trips[1].ended_us == START_US + 100 * SECOND_US
    assert trips[1].distance_m == pytest.approx(1400, rel=0.01)
