"""Positions survive the wire exactly, and of many rows of a vehicle the newest stays."""

import struct

import numpy as np
import pytest
from hypothesis import given

from motorpool.runtime.realtime.positions import (
    NOT_SAID,
    Positions,
    Tick,
    decode_positions,
    encode_positions,
    join,
)
from tests.support.places import ROWS, Row, of_rows, rows_of


@given(ROWS)
def test_a_frame_decodes_to_what_was_encoded(rows: list[Row]) -> None:
    decoded, server_time_ms = decode_positions(encode_positions(of_rows(rows), 1_700_000_000_123.5))
    assert rows_of(decoded) == rows
    assert server_time_ms == 1_700_000_000_123.5


@given(ROWS)
def test_a_tick_unpacks_to_what_was_packed(rows: list[Row]) -> None:
    unpacked = Tick.unpack(Tick(7, of_rows(rows)).pack())
    assert unpacked.tenant_no == 7
    assert rows_of(unpacked.positions) == rows


def test_the_frame_is_laid_out_as_the_protocol_says() -> None:
    frame = encode_positions(of_rows([(1.5, 2, -3, 4, 5, 6, 3), (2.5, 9, 8, -7, 6, 5, 1)]), 42.0)
    assert frame[:16] == struct.pack("<BBHId", 0x50, 1, 0, 2, 42.0)
    assert frame[16:] == struct.pack("<2d2I2i2i2H2H2B", 1.5, 2.5, 2, 9, -3, 8, 4, -7, 5, 6, 6, 5, 3, 1)


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\x50\x01",
        encode_positions(Positions.none(), 0.0)[:-1],
        encode_positions(of_rows([(1.0, 1, 0, 0, 0, 0, 0)]), 0.0) + b"\0",
        Tick(1, Positions.none()).pack(),
        b"\x50\x02" + bytes(14),
        struct.pack("<BBHId", 0x50, 1, 0, 2**32 - 1, 0.0),
    ],
)
def test_bytes_that_are_no_frame_are_refused(frame: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode_positions(frame)


@pytest.mark.parametrize("message", [b"", b"T" * 15, b"\x54\x01" + bytes(30), b"\x50\x01" + bytes(14)])
def test_bytes_that_are_no_tick_are_refused(message: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Tick.unpack(message)


@given(ROWS)
def test_latest_keeps_of_every_vehicle_the_newest_and_of_equals_the_last(rows: list[Row]) -> None:
    expected: dict[int, Row] = {}
    for row in rows:
        if row[1] not in expected or expected[row[1]][0] <= row[0]:
            expected[row[1]] = row
    kept = rows_of(of_rows(rows).latest())
    assert sorted(kept) == sorted(expected.values())


@given(ROWS, ROWS)
def test_joining_keeps_every_row_in_order(some: list[Row], more: list[Row]) -> None:
    assert rows_of(join([of_rows(some), of_rows(more)])) == some + more
    assert rows_of(join([])) == []


def test_units_of_the_pipeline_become_units_of_the_wire() -> None:
    positions = Positions.from_si(
        at_us=np.array([1_700_000_000_123_456, 0]),
        vehicle_no=np.array([3, 4]),
        lat_deg=np.array([30.12345678, -90.0]),
        lon_deg=np.array([-97.5, 180.0]),
        speed_mps=np.array([13.888, np.nan], np.float32),
        heading_deg=np.array([359.999, np.nan], np.float32),
        motion=np.array([1, 0], np.int8),
    )
    assert rows_of(positions) == [
        (1_700_000_000_123.456, 3, 301_234_568, -975_000_000, 1_389, 0, 1),
        (0.0, 4, -900_000_000, 1_800_000_000, NOT_SAID, NOT_SAID, 0),
    ]


def test_a_speed_beyond_the_column_is_not_taken_for_not_said() -> None:
    one = np.array([1])
    fast = Positions.from_si(
        at_us=one,
        vehicle_no=one,
        lat_deg=one,
        lon_deg=one,
        speed_mps=np.array([9e9]),
        heading_deg=one,
        motion=one,
    )
    assert fast.speed_cmps.tolist() == [NOT_SAID - 1]
