import numpy as np

from motorpool.telemetry.batch import Batch, Fixes
from motorpool.telemetry.pipeline import run_stages
from motorpool.telemetry.reference import Reference
from motorpool.telemetry.state import fresh
from support.drives import Drive, batch_of

EMPTY = batch_of(Fixes.concat([]))


def test_an_empty_batch_changes_nothing():
    outcome = run_stages(EMPTY, fresh(3), Reference())
    assert len(outcome.batch) == len(outcome.rows) == len(outcome.touched) == len(outcome.records) == 0
    assert outcome.trips == outcome.stops == []
    assert len(outcome.late_slots) == 0


def test_the_state_handed_in_is_not_changed():
    state = fresh(3)
    state["odometer_m"] = 5.0
    before = state.tobytes()
    outcome = run_stages(Drive().say().go(2000).batch(slot=1), state, Reference())
    assert state.tobytes() == before
    assert list(outcome.touched) == [1]
    assert outcome.records["odometer_m"][0] > 1900


def test_each_vehicle_is_folded_by_itself():
    drives = {slot: Drive(lat_deg=40.0 + slot).say().go(1000 * (slot + 1)) for slot in (4, 0, 2)}
    mixed = Batch.concat([drive.batch(slot) for slot, drive in drives.items()])
    order = np.random.default_rng(1).permutation(len(mixed))
    outcome = run_stages(mixed.take(order), fresh(5), Reference())
    assert list(outcome.touched) == [0, 2, 4]
    for index, slot in enumerate(outcome.touched):
        alone = run_stages(drives[int(slot)].batch(0), fresh(1), Reference())
        assert outcome.records[index].tobytes() == alone.records[0].tobytes()
    assert {trip.slot for trip in outcome.trips} == {0, 2, 4}


def test_rows_point_into_the_input_and_duplicates_are_named():
    batch = Drive().say().wait(3).batch()
    doubled = Batch.concat([batch, batch.take([2])])
    outcome = run_stages(doubled.take([4, 3, 2, 1, 0]), fresh(1), Reference())
    assert list(outcome.rows) == [4, 3, 0, 1]
    assert list(outcome.duplicates) == [2]
    assert list(outcome.batch.fixes.at_us) == list(batch.fixes.at_us)


def test_late_rows_are_named_and_pass_no_stage():
    state = fresh(2)
    drive = Drive().say().wait(10)
    state[:1] = run_stages(drive.batch().take(slice(5, 8)), fresh(1), Reference()).records
    outcome = run_stages(drive.batch(), state, Reference())
    assert list(outcome.live) == [False] * 8 + [True] * 3
    assert list(outcome.used) == [False] * 8 + [True] * 3
    assert list(outcome.late_slots) == [0]
    assert list(outcome.touched) == [0]


def test_only_late_rows_touch_no_state():
    drive = Drive().say().wait(10)
    state = run_stages(drive.batch(), fresh(1), Reference()).records
    outcome = run_stages(drive.batch(), state, Reference())
    assert len(outcome.touched) == 0
    assert list(outcome.late_slots) == [0]
