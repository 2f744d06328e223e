import numpy as np
import pytest

from motorpool.telemetry.batch import COLUMNS, UNKNOWN, Batch, Fixes
from support.drives import batch_of


def three() -> Fixes:
    return Fixes.of(at_us=[3, 1, 2], lat_deg=[1.0, 2.0, 3.0], lon_deg=[0, 0, 0], extra=[None, b"{}", None])


def test_what_is_not_given_was_not_said():
    fixes = three()
    assert np.isnan(fixes.speed_mps).all()
    assert np.isnan(fixes.odometer_m).all()
    assert list(fixes.ignition) == [UNKNOWN] * 3
    assert list(Fixes.of(at_us=[1], lat_deg=[0.0], lon_deg=[0.0]).extra) == [None]


def test_every_column_has_its_dtype():
    fixes = three()
    assert {name: getattr(fixes, name).dtype for name in COLUMNS} == {n: np.dtype(d) for n, d in COLUMNS.items()}


def test_unknown_missing_and_unfitting_columns_are_refused():
    with pytest.raises(TypeError, match="unknown columns: sped"):
        Fixes.of(at_us=[1], lat_deg=[0.0], lon_deg=[0.0], sped=[1.0])
    with pytest.raises(TypeError, match="missing columns: lon_deg"):
        Fixes.of(at_us=[1], lat_deg=[0.0])
    with pytest.raises(TypeError, match="at_us must be int64"):
        Fixes.of(at_us=[1.5], lat_deg=[0.0], lon_deg=[0.0])
    with pytest.raises(TypeError, match="speed_mps must be float32"):
        Fixes.of(at_us=[1], lat_deg=[0.0], lon_deg=[0.0], speed_mps=["fast"])
    with pytest.raises(ValueError, match=r"another length than at_us \(1\): lat_deg"):
        Fixes.of(at_us=[1], lat_deg=[0.0, 1.0], lon_deg=[0.0])


def test_taking_and_joining_keep_rows_whole():
    fixes = three()
    again = Fixes.concat([fixes.take([1]), fixes.take(np.array([True, False, True]))])
    assert list(again.at_us) == [1, 3, 2]
    assert list(again.lat_deg) == [2.0, 1.0, 3.0]
    assert list(again.extra) == [b"{}", None, None]
    assert len(Fixes.concat([])) == 0


def test_a_batch_keeps_its_columns_together():
    batch = batch_of(three(), slot=[0, 1, 2], device_no=[7, 8, 9])
    joined = Batch.concat([batch.take([2, 0]), batch.take([1])])
    assert list(joined.slot) == [2, 0, 1]
    assert list(joined.device_no) == [9, 7, 8]
    assert list(joined.fixes.at_us) == [2, 3, 1]
    assert len(joined) == 3


def test_a_batch_of_columns_of_different_length_is_refused():
    batch = batch_of(three())
    with pytest.raises(ValueError, match="slot has another length"):
        Batch(batch.fixes, batch.slot[:2], batch.device_no, batch.is_source, batch.content)
