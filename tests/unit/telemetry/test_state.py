import numpy as np
import pytest

from motorpool.telemetry.pipeline import run_stages
from motorpool.telemetry.reference import Reference
from motorpool.telemetry.state import (
    CORE,
    DEPARTING,
    STATE,
    before_of,
    core_of,
    fresh,
    pack,
    pack_cores,
    put,
    take,
    unpack,
)
from support.drives import Drive


def test_a_vehicle_never_heard_is_all_zero():
    assert not any(fresh(2).tobytes())


def test_a_record_survives_packing_and_without_a_departure_takes_half_the_room():
    parked = run_stages(Drive().say().wait(30).batch(), fresh(1), Reference()).records
    assert unpack(pack(parked[0])).tobytes() == parked.tobytes()
    assert len(pack(parked[0])) == 1 + CORE.itemsize


def test_many_records_are_packed_as_each_alone():
    records = fresh(3)
    records["odometer_m"] = [1.0, 2.0, 3.0]
    assert pack_cores(core_of(records)) == [pack(record) for record in records]
    assert pack_cores(core_of(records)[:0]) == []


def test_records_are_taken_and_put_by_slot():
    state = fresh(5)
    state["odometer_m"] = np.arange(5.0)
    taken = take(state, np.array([4, 1], np.int32), room=1)
    assert list(taken["odometer_m"]) == [4.0, 1.0, 0.0]
    taken["odometer_m"] += 10
    assert list(state["odometer_m"]) == [0.0, 1.0, 2.0, 3.0, 4.0]
    put(state, np.array([4, 1], np.int32), taken[:2])
    assert list(state["odometer_m"]) == [0.0, 11.0, 2.0, 3.0, 14.0]
    put(state, np.zeros(0, np.int32), taken[:0])
    with pytest.raises(ValueError, match="contiguous"):
        put(state[::2], np.array([0], np.int32), taken[:1])


def test_a_departure_is_packed_with_the_state_before_it():
    departing = run_stages(Drive().say().go(60).batch(), fresh(1), Reference()).records
    assert departing["phase"][0] == DEPARTING
    assert unpack(pack(departing[0])).tobytes() == departing.tobytes()
    assert before_of(departing)["last_any_at_us"][0] < departing["last_any_at_us"][0]
    assert len(pack(departing[0])) == 1 + STATE.itemsize


@pytest.mark.parametrize("packed", [b"", b"\x01", b"\x02" + bytes(CORE.itemsize), b"\x01" + bytes(CORE.itemsize - 1)])
def test_foreign_bytes_are_refused(packed):
    with pytest.raises(ValueError, match="not a state of version 1"):
        unpack(packed)


def test_the_parts_of_records_write_through():
    records = fresh(3)
    core_of(records)["odometer_m"] = 5.0
    before_of(records)["odometer_m"] = 7.0
    assert list(records["odometer_m"]) == [5.0] * 3
    assert list(records["before"]["odometer_m"]) == [7.0] * 3
    with pytest.raises(TypeError, match="dtype STATE"):
        core_of(np.zeros(1, CORE))


def test_the_layout_is_the_one_of_version_1():
    assert (CORE.itemsize, STATE.itemsize) == (312, 624)
    assert all(offset % dtype.alignment == 0 for dtype, offset, *_ in CORE.fields.values())
