"""The stages on a recording: what a transport manager would call plausible."""

import numpy as np
import pytest

from motorpool.telemetry.batch import Batch
from motorpool.telemetry.pipeline import Outcome, run_stages
from motorpool.telemetry.reference import Reference
from motorpool.telemetry.stages.sanitize import CODES, OUTLIER
from motorpool.telemetry.state import fresh
from support.buses import admitted_buses, buses
from support.memory_store import MemoryStore


@pytest.fixture(scope="module")
def rows() -> Batch:
    return admitted_buses()


@pytest.fixture(scope="module")
def outcome(rows) -> Outcome:
    return run_stages(rows, fresh(490), Reference())


def test_the_door_refuses_the_known_dirt_and_nothing_else():
    _, _, codes = buses()
    refused = {CODES[code]: int(count) for code, count in enumerate(np.bincount(codes)) if code and count}
    assert refused == {"no_position": 80, "implausible_speed": 88}


def test_duplicates_are_found_and_outliers_are_few(outcome):
    assert len(outcome.duplicates) == 16_580
    assert 0 < (outcome.verdict == OUTLIER).sum() < 100


def test_every_bus_that_was_heard_for_long_makes_trips(rows, outcome):
    with_trips = {trip.slot for trip in outcome.trips}
    heard_for_long = np.flatnonzero(np.bincount(rows.slot) >= 100)
    assert len(heard_for_long) > 450
    assert set(heard_for_long) <= with_trips


def test_trips_are_as_long_as_those_of_buses(outcome):
    trips = [trip for trip in outcome.trips if trip.kind == "closed"]
    distance_km = np.array([trip.distance_m for trip in trips]) / 1000
    minutes = np.array([trip.ended_us - trip.started_us for trip in trips]) / 6e7
    speed_mps = np.array([trip.distance_m / trip.drive_s for trip in trips])
    assert len(trips) > 10_000
    assert 10 < np.median(distance_km) < 40
    assert 30 < np.median(minutes) < 120
    assert 3 < np.median(speed_mps) < 10
    assert distance_km.min() >= 0.1
    assert minutes.min() > 0
    assert speed_mps.max() < 67


def test_figures_of_each_trip_agree_with_each_other(outcome):
    last_end = np.zeros(490, np.int64)
    for trip in outcome.trips:
        if trip.kind == "closed":
            assert trip.odometer_end_m - trip.odometer_start_m == pytest.approx(trip.distance_m, abs=1e-3)
            assert 0 <= trip.idle_s <= (trip.ended_us - trip.started_us) / 1e6 - trip.drive_s + 1e-6
            assert trip.started_us >= last_end[trip.slot]
            last_end[trip.slot] = trip.ended_us


def test_odometers_count_what_trips_count_and_little_more(outcome):
    in_trips = sum(trip.distance_m for trip in outcome.trips if trip.kind == "closed")
    total = outcome.records["odometer_m"].sum()
    assert 0.8 * total < in_trips <= total


def test_stops_lie_inside_their_trips(outcome):
    ends = {(t.slot, t.started_us): t.ended_us for t in outcome.trips if t.kind == "closed"}
    closed = [stop for stop in outcome.stops if (stop.slot, stop.trip_started_us) in ends]
    assert len(closed) > 5_000
    for stop in closed:
        assert stop.trip_started_us <= stop.started_us < stop.ended_us < stop.left_us
        assert stop.ended_us <= ends[stop.slot, stop.trip_started_us]
        assert stop.ended_us - stop.started_us >= 60_000_000


@pytest.mark.parametrize("seed", range(3))
def test_a_slice_of_them_in_any_order_ends_in_the_same_picture(rows, seed):
    rng = np.random.default_rng(seed)
    some = rng.choice(490, 8, replace=False)
    few = rows.take(np.isin(rows.slot, some) & (rows.fixes.at_us < np.percentile(rows.fixes.at_us, 8)))
    whole, pieces = MemoryStore(490), MemoryStore(490)
    whole.hear(few)
    for part in np.array_split(rng.permutation(len(few)), 20):
        pieces.hear(few.take(part))
    assert len(few) > 300
    assert pieces.picture() == whole.picture()
