"""Columns packed into PostgreSQL's binary COPY are read back as they were, and are the bytes the driver itself would send."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import numpy as np
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from motorpool.kernel.time import from_us, to_us
from motorpool.telemetry import copying
from tests.support.instances import Databases

TYPES = ["int4", "int2", "int8", "float4", "float8", "timestamptz", "bool", "uuid", "jsonb", "bytea"]
TABLE = f"create temporary table copied ({', '.join(f'c{place} {kind}' for place, kind in enumerate(TYPES))})"
ROWS = st.lists(
    st.tuples(
        st.integers(-(2**31), 2**31 - 1),
        st.integers(-(2**15), 2**15 - 1),
        st.integers(-(2**63), 2**63 - 1),
        st.none() | st.floats(allow_nan=False, width=32),
        st.none() | st.floats(allow_nan=False),
        st.integers(-30_000_000_000_000_000, 250_000_000_000_000_000).filter(lambda us: us % 1000 != 1) | st.none(),
        st.none() | st.booleans(),
        st.none() | st.uuids(),  # never all zero: that is null
        st.none() | st.sampled_from([{"a": 1}, {"sensors": {"ü": [1, None]}}, []]),
        st.none() | st.binary(max_size=40),
    ),
    max_size=12,
)
Row = tuple[Any, ...]
bounded = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def db(databases: Databases) -> Iterator[psycopg.Connection[Row]]:
    """A connection with a table of every type."""
    with psycopg.connect(databases.new()) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(TABLE.encode())
        connection.commit()
        yield connection


def packed(rows: list[Row]) -> bytes:
    """Rows as our columns pack them."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(TYPES)
    at_us = np.array([0 if value is None else value for value in columns[5]], dtype=np.int64)
    numbers = [np.array([np.nan if value is None else value for value in column]) for column in columns[3:5]]
    fixed = [
        copying.int4(np.array(columns[0], dtype=np.int64)),
        copying.int2(np.array(columns[1], dtype=np.int64)),
        copying.int8(np.array(columns[2], dtype=np.int64)),
        copying.float4(numbers[0].astype(np.float32)),
        copying.float8(numbers[1].astype(np.float64)),
        copying.timestamptz(at_us, np.array([value is None for value in columns[5]], dtype=np.bool_)),
        copying.tristate(np.array([-1 if value is None else int(value) for value in columns[6]], dtype=np.int8)),
        copying.uuid(np.array([b"" if value is None else value.bytes for value in columns[7]], dtype="V16")),
    ]
    texts = [None if value is None else json.dumps(value).encode() for value in columns[8]]
    return copying.pack(fixed, [copying.jsonb(texts), list(columns[9])])


def copied(db: psycopg.Connection[Row], stream: bytes) -> list[Row]:
    """Rows the server has after a COPY of a stream."""
    with db.transaction(force_rollback=True):
        with db.cursor().copy("copy copied from stdin (format binary)") as copy:
            copy.write(stream)
        found = db.execute("select *, (extract(epoch from c5) * 1000000)::bigint, c3::float8 from copied").fetchall()
    return [(*row[:3], row[11], row[4], row[10], *row[6:10]) for row in found]


def order(row: Row) -> str:
    """Something to sort rows by; rows of one layout come together."""
    return repr(row)


@given(ROWS)
@bounded
def test_the_server_reads_what_was_packed(db: psycopg.Connection[Row], rows: list[Row]) -> None:
    assert sorted(copied(db, packed(rows)), key=order) == sorted(rows, key=order)


def stored(db: psycopg.Connection[Row], write: Callable[[psycopg.Copy], None]) -> bytes:
    """What the server gives out, in one order, of what was written to it."""
    with db.transaction(force_rollback=True):
        with db.cursor().copy("copy copied from stdin (format binary)") as copy:
            write(copy)
        with db.cursor().copy("copy (select * from copied order by copied::text) to stdout (format binary)") as copy:
            return b"".join(bytes(part) for part in copy)


@given(ROWS)
@bounded
def test_the_driver_itself_would_have_stored_the_same_bytes(db: psycopg.Connection[Row], rows: list[Row]) -> None:
    def write_row_by_row(copy: psycopg.Copy) -> None:
        copy.set_types(TYPES)
        for row in rows:
            at = None if row[5] is None else from_us(row[5])
            copy.write_row((*row[:5], at, *row[6:8], None if row[8] is None else Jsonb(row[8]), row[9]))

    assert stored(db, lambda copy: copy.write(packed(rows))) == stored(db, write_row_by_row)


def test_rows_that_miss_different_columns_are_all_there(db: psycopg.Connection[Row]) -> None:
    full: Row = (1, 2, 3, 1.5, 2.5, to_us(from_us(5)), True, UUID(int=7), {"a": 1}, b"x")
    rows = [
        tuple(None if place == missing else value for place, value in enumerate(full))
        for missing in (3, 4, 5, 6, 7, 8, 9, 99)
    ]
    assert sorted(copied(db, packed(rows * 3)), key=order) == sorted(rows * 3, key=order)


def test_no_rows_are_a_stream_too(db: psycopg.Connection[Row]) -> None:
    assert packed([]) == copying.HEADER + copying.TRAILER
    assert copied(db, packed([])) == []
