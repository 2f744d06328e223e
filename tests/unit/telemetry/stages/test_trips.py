import pytest

from motorpool.telemetry.batch import OFF, ON
from motorpool.telemetry.changes import Stop, TripChange
from motorpool.telemetry.pipeline import Outcome, run_stages
from motorpool.telemetry.reference import Reference
from motorpool.telemetry.state import DRIVING, fresh, unpack
from support.drives import START_US, Drive


def folded(drive: Drive) -> Outcome:
    return run_stages(drive.batch(), fresh(1), Reference())


def closed(drive: Drive) -> list[TripChange]:
    return [trip for trip in folded(drive).trips if trip.kind == "closed"]


def stops(drive: Drive) -> list[Stop]:
    return folded(drive).stops


def second(at_us: int) -> float:
    return (at_us - START_US) / 1e6


def test_a_drive_from_rest_to_rest_is_a_trip():
    outcome = folded(Drive().say().wait(60).go(2800).wait(400))
    opened, ended = outcome.trips
    assert (opened.kind, ended.kind) == ("opened", "closed")
    assert second(opened.started_us) == 60
    assert opened.started_us == ended.started_us
    assert second(ended.ended_us) == 260
    assert ended.distance_m == pytest.approx(2800, rel=0.01)
    assert ended.odometer_end_m - ended.odometer_start_m == pytest.approx(ended.distance_m)
    assert (ended.drive_s, ended.idle_s, ended.stops) == (200, 0, 0)
    assert ended.max_speed_mps == 14
    assert ended.end_lon_deg > ended.start_lon_deg


def test_a_trip_is_told_a_hundred_metres_from_its_beginning():
    assert folded(Drive().say().go(84)).trips == []
    assert [trip.kind for trip in folded(Drive().say().go(112)).trips] == ["opened"]


def test_moving_within_the_yard_is_no_trip():
    drive = Drive().say()
    for _ in range(5):
        drive.go(60, speed_mps=4.0, heading_deg=90).wait(90).go(60, speed_mps=4.0, heading_deg=270).wait(90)
    assert folded(drive).trips == []


@pytest.mark.parametrize("says_speed", [True, False])
def test_a_fix_every_two_minutes_gives_trips(says_speed):
    drive = Drive(every_s=120, says_speed=says_speed).say().wait(360)
    drive.go(12_000, speed_mps=10.0).wait(1200).go(6_000, speed_mps=10.0).wait(1200)
    first, then = closed(drive)
    assert first.distance_m == pytest.approx(12_000, rel=0.01)
    assert (second(first.started_us), second(first.ended_us)) == (360, 1560)
    assert then.distance_m == pytest.approx(6_000, rel=0.01)


def test_a_bus_that_stands_at_every_fix_still_drives():
    drive = Drive(every_s=120).say()
    for _ in range(10):
        drive.at_s += 120
        drive.shift(900).say(0.0)
    outcome = folded(drive.wait(600))
    assert [trip.kind for trip in outcome.trips] == ["opened", "closed"]
    assert outcome.trips[1].distance_m == pytest.approx(9000, rel=0.01)
    assert outcome.stops == []


def test_a_gap_ends_the_trip_at_the_last_fix_before_it():
    drive = Drive().say().go(2800).silence(900).shift(4000).wait(5)
    (trip,) = closed(drive)
    assert second(trip.ended_us) == 200
    assert trip.distance_m == pytest.approx(2800, rel=0.01)
    assert folded(drive).records["odometer_m"][0] == pytest.approx(6800, rel=0.01)


def test_a_shorter_silence_does_not():
    drive = Drive().say().go(2800).silence(800).shift(4000).go(1000)
    outcome = folded(drive)
    assert [trip.kind for trip in outcome.trips] == ["opened"]
    assert outcome.records["trip_distance_m"][0] == pytest.approx(7800, rel=0.01)


def test_halts_of_a_minute_are_stops_and_shorter_ones_are_driving():
    drive = Drive().say().go(1400).wait(90).go(1400).wait(30).go(1400).wait(120).go(1400).wait(400)
    (trip,) = closed(drive)
    assert trip.stops == 2
    assert [round(stop.ended_us - stop.started_us) / 1e6 for stop in stops(drive)] == pytest.approx([90, 120], abs=5)
    assert trip.idle_s == pytest.approx(210, abs=8)
    assert trip.drive_s + trip.idle_s == second(trip.ended_us) - second(trip.started_us)


def test_a_stop_says_where_and_when_and_belongs_to_its_trip():
    drive = Drive().say().go(1400).wait(90)
    place = drive.lon_deg
    drive.go(1400).wait(400)
    (trip,), (stop,) = closed(drive), stops(drive)
    assert stop.trip_started_us == trip.started_us
    assert stop.lon_deg == pytest.approx(place)
    assert second(stop.started_us) == 100
    assert second(stop.ended_us) == pytest.approx(190, abs=3)
    assert stop.left_us > stop.ended_us


def test_standing_with_the_ignition_off_is_not_idling():
    drive = Drive(ignition=ON).say().go(1400).wait(40)
    drive.ignition = OFF
    drive.wait(60)
    drive.ignition = ON
    drive.wait(20).go(1400).wait(400)
    (stop,) = stops(drive)
    assert stop.idle_s == pytest.approx(60, abs=4)
    assert closed(drive)[0].idle_s == stop.idle_s


def test_the_ignition_off_for_two_minutes_ends_the_trip_where_the_halt_began():
    drive = Drive(ignition=ON).say().go(1400).wait(30)
    drive.ignition = OFF
    assert closed(drive.wait(110)) == []
    (trip,) = closed(drive.wait(20))
    assert second(trip.ended_us) == 100


def test_a_device_that_sleeps_while_parked_has_ended_its_trip_when_it_wakes():
    drive = Drive(ignition=ON).say().go(1400).wait(2).silence(600).wait(1).go(1400)
    first, then = (trip for trip in folded(drive).trips if trip.kind == "opened")
    assert second(closed(drive)[0].ended_us) == 100
    assert second(then.started_us) > 700
    assert first.started_us < then.started_us


def test_the_checkpoint_is_the_state_before_the_trips_first_row():
    (opened, _) = folded(Drive().say().wait(60).go(2800).wait(400)).trips
    checkpoint = unpack(opened.checkpoint)
    alone = run_stages(Drive().say().wait(60).batch(), fresh(1), Reference()).records
    assert checkpoint.tobytes() == alone.tobytes()
    assert opened.checkpoint_us == alone["last_any_at_us"][0]


def test_a_vehicle_first_heard_on_its_way_has_the_empty_state_as_checkpoint():
    (opened,) = folded(Drive().say(14.0).go(2800)).trips
    assert unpack(opened.checkpoint).tobytes() == fresh(1).tobytes()
    assert second(opened.started_us) == 0


def test_a_gap_may_begin_a_trip_inside_which_the_former_is_still_open():
    drive = Drive(every_s=10).say().go(2800).silence(1000).shift(500).go(2800)
    opened = [trip for trip in folded(drive).trips if trip.kind == "opened"]
    checkpoint = unpack(opened[1].checkpoint)
    assert checkpoint["phase"][0] == DRIVING
    assert checkpoint["trip_started_us"][0] == opened[0].started_us
