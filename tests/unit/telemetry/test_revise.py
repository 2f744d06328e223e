import numpy as np
import pytest

from motorpool.telemetry.batch import Batch, Fixes
from motorpool.telemetry.reference import Reference
from motorpool.telemetry.revise import Revision, revise
from motorpool.telemetry.state import fresh, unpack
from support.drives import Drive, batch_of
from support.memory_store import MemoryStore


def three_trips() -> Batch:
    drive = Drive(every_s=5).say()
    for _ in range(3):
        drive.go(4200).wait(600)
    return drive.batch()


def without_then_with(rows: Batch, late: np.ndarray) -> tuple[MemoryStore, Revision]:
    store = MemoryStore(1)
    store.hear(rows.take(~late))
    store.hear(rows.take(late))
    (revision,) = store.revisions
    return store, revision


def seconds_of(rows: Batch) -> np.ndarray:
    return (rows.fixes.at_us - rows.fixes.at_us[0]) / 1e6


def test_late_rows_inside_a_trip_revise_it_and_those_after_only_shift():
    rows = three_trips()
    late = (seconds_of(rows) > 50) & (seconds_of(rows) < 200)
    rows.fixes.lat_deg[late] += 0.002
    store, revision = without_then_with(rows, late)
    assert len(revision.revised) == 1
    assert len(revision.quiet) == 2
    assert (revision.added, revision.removed) == ((), ())
    assert revision.revised[0].distance_m > 4400
    shift = revision.quiet[0].odometer_start_m - store.told[3].odometer_start_m
    assert shift == pytest.approx(revision.revised[0].distance_m - store.told[1].distance_m)


def test_what_was_right_is_not_told_again():
    rows = three_trips()
    late = np.zeros(len(rows), bool)
    late[-40] = True  # one fix of the last rest
    _, revision = without_then_with(rows, late)
    assert (revision.added, revision.revised, revision.removed) == ((), (), ())


def test_a_gap_that_is_filled_makes_one_trip_of_two():
    rows = Drive(every_s=10).say().go(30_000).wait(600).batch()
    late = (seconds_of(rows) > 500) & (seconds_of(rows) < 1700)
    store, revision = without_then_with(rows, late)
    assert len(revision.revised) == len(revision.removed) == 1
    (trip,) = store.trips[0].values()
    assert trip.distance_m == pytest.approx(30_000, rel=0.01)


def test_a_late_hour_becomes_a_trip_of_its_own():
    rows = three_trips()
    middle = (seconds_of(rows) > 890) & (seconds_of(rows) < 1210)
    store, revision = without_then_with(rows, middle)
    assert len(store.trips[0]) == 3
    assert len(revision.added) + len(revision.revised) >= 1


def test_a_trip_that_did_not_end_is_open_again():
    rows = Drive(every_s=10).say().go(28_000).batch()
    store = MemoryStore(1)
    late = (seconds_of(rows) > 500) & (seconds_of(rows) < 1500)
    store.hear(rows.take(~late))
    assert {trip.kind for trip in store.trips[0].values()} == {"closed", "opened"}
    store.hear(rows.take(late))
    (trip,) = store.trips[0].values()
    assert (trip.kind, trip.ended_us) == ("opened", None)
    assert trip.distance_m == pytest.approx(28_000, rel=0.01)


def test_rows_older_than_everything_are_folded_from_the_empty_state():
    rows = three_trips()
    store = MemoryStore(1)
    store.hear(rows.take(seconds_of(rows) > 900))
    store.hear(rows.take(seconds_of(rows) <= 900))
    whole = MemoryStore(1)
    whole.hear(rows)
    assert store.picture() == whole.picture()


def test_the_checkpoint_handed_in_is_not_changed_and_no_rows_change_nothing():
    (opened, *_) = [trip for trip in _told(three_trips()) if trip.kind == "opened"]
    checkpoint = unpack(opened.checkpoint)
    before = checkpoint.tobytes()
    nothing = batch_of(Fixes.concat([]))
    revision = revise(checkpoint, nothing, [], Reference())
    assert revision.record.tobytes() == before
    assert revision == Revision(revision.record, (), (), (), (), ())
    revise(fresh(1), three_trips(), [], Reference())
    assert checkpoint.tobytes() == before


def test_what_the_store_got_wrong_is_said():
    rows = three_trips()
    state = MemoryStore(1)
    state.hear(rows.take(slice(0, 40)))
    with pytest.raises(ValueError, match="not newer than the checkpoint"):
        revise(state.state, rows, [], Reference())
    with pytest.raises(ValueError, match="open in the checkpoint"):
        revise(state.state, rows.take(slice(40, None)), [], Reference())
    with pytest.raises(ValueError, match="several vehicles"):
        revise(fresh(1), Batch.concat([rows, Drive().say().batch(slot=7)]), [], Reference())


def _told(rows: Batch) -> list:
    store = MemoryStore(1)
    store.hear(rows)
    return store.told
