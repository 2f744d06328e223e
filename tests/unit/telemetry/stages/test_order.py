import numpy as np

from motorpool.telemetry.batch import Batch, Fixes
from motorpool.telemetry.stages.order import newer, sort_once, starts_of
from motorpool.telemetry.state import fresh
from support.drives import batch_of


def rows(slots, ats, content, source=True) -> Batch:
    n = len(slots)
    batch = batch_of(Fixes.of(at_us=ats, lat_deg=np.ones(n), lon_deg=np.ones(n)), slots, 1, source)
    return Batch(batch.fixes, batch.slot, batch.device_no, batch.is_source, np.array(content, np.int64))


def test_rows_come_by_vehicle_then_time_then_content():
    batch = rows([1, 0, 0, 0], [1, 5, 5, 2], [0, 9, -9, 3])
    order, again = sort_once(batch)
    assert list(order) == [3, 2, 1, 0]
    assert list(again) == []


def test_the_source_of_position_comes_first_in_its_instant():
    batch = rows([0, 0], [1, 1], [1, 2], source=[False, True])
    assert list(sort_once(batch)[0]) == [1, 0]


def test_equal_rows_are_kept_once_and_the_first_of_them():
    batch = rows([0, 0, 0, 1], [7, 7, 7, 7], [4, 4, 5, 4])
    order, again = sort_once(batch)
    assert list(order) == [0, 2, 3]
    assert list(again) == [1]


def test_live_is_strictly_newer_than_all_that_was_heard():
    state = fresh(2)
    state["last_any_at_us"][0] = 5
    assert list(newer(rows([0, 0, 0, 1], [4, 5, 6, 1], [0] * 4), state)) == [False, False, True, True]


def test_the_rows_of_each_vehicle_lie_between_its_starts():
    assert list(starts_of(np.array([3, 3, 5, 9, 9], np.int32))) == [0, 2, 3, 5]
    assert list(starts_of(np.zeros(0, np.int32))) == [0]
