"""Columns into PostgreSQL's binary COPY format, without a Python object per value.

Rows that miss the same columns have the same layout, so each such group is one structured array written out whole.
Columns of varying length (JSON, bytes) come last. Format: PostgreSQL manual, "COPY", section "Binary Format".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from struct import Struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

HEADER = b"PGCOPY\n\xff\r\n\0" + b"\0" * 8
TRAILER = b"\xff\xff"
EPOCH_2000_US = 946_684_800_000_000
LENGTH = Struct(">i")
NULL = LENGTH.pack(-1)

Values = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of fixed width: its values big-endian as the server wants them, and where they are missing."""

    values: Values
    missing: NDArray[np.bool_] | None = None


def int4(values: Values) -> Column:
    """A column of type integer."""
    return Column(values.astype(">i4"))


def int2(values: Values) -> Column:
    """A column of type smallint."""
    return Column(values.astype(">i2"))


def int8(values: Values) -> Column:
    """A column of type bigint."""
    return Column(values.astype(">i8"))


def float4(values: Values) -> Column:
    """A column of type real; NaN is null."""
    return Column(values.astype(">f4"), np.isnan(values))


def float8(values: Values) -> Column:
    """A column of type double precision; NaN is null."""
    return Column(values.astype(">f8"), np.isnan(values))


def timestamptz(at_us: Values, missing: NDArray[np.bool_] | None = None) -> Column:
    """A column of type timestamptz from microseconds since 1970 UTC."""
    return Column((at_us - EPOCH_2000_US).astype(">i8"), missing)


def tristate(values: Values) -> Column:
    """A column of type boolean from 1, 0 and −1 for null."""
    return Column((values == 1).astype("u1"), values < 0)


def uuid(values: Values) -> Column:
    """A column of type uuid from 16 bytes each (`V16`); all zero is null."""
    halves = values.view(np.uint64).reshape(-1, 2)
    return Column(values, (halves[:, 0] | halves[:, 1]) == 0)


def jsonb(texts: Iterable[bytes | None]) -> list[bytes | None]:
    """Values of type jsonb from JSON text."""
    return [None if text is None else b"\x01" + text for text in texts]


def pack(fixed: Sequence[Column], varying: Sequence[Sequence[bytes | None]] = ()) -> bytes:
    """The whole COPY stream of n rows: header, rows, trailer. Rows of one layout come together."""
    count = len(fixed[0].values)
    parts = [HEADER]
    for rows in _layouts(fixed, count):
        prefix = _prefix(fixed, rows, len(fixed) + len(varying))
        parts.append(_with_varying(prefix, varying, rows) if varying else prefix.tobytes())
    parts.append(TRAILER)
    return b"".join(parts)


def _layouts(fixed: Sequence[Column], count: int) -> list[NDArray[np.int64]]:
    """The rows of each pattern of missing values."""
    pattern = np.zeros(count, dtype=np.uint64)
    for place, column in enumerate(fixed):
        if column.missing is not None:
            pattern |= column.missing.astype(np.uint64) << np.uint64(place)
    if not count:
        return []
    if (pattern == pattern[0]).all():
        return [np.arange(count)]
    order = np.argsort(pattern, kind="stable")
    edges = np.flatnonzero(np.diff(pattern[order])) + 1
    return np.split(order, edges)


def _prefix(fixed: Sequence[Column], rows: NDArray[np.int64], columns: int) -> Values:
    """The fixed columns of rows of one layout, as one structured array."""
    first = rows[0]
    fields: list[tuple[str, str]] = [("count", ">i2")]
    present = [column.missing is None or not column.missing[first] for column in fixed]
    for place, column in enumerate(fixed):
        fields.append((f"length{place}", ">i4"))
        if present[place]:
            fields.append((f"value{place}", column.values.dtype.str))
    out = np.empty(len(rows), dtype=np.dtype(fields))
    out["count"] = columns
    for place, column in enumerate(fixed):
        out[f"length{place}"] = column.values.dtype.itemsize if present[place] else -1
        if present[place]:
            out[f"value{place}"] = column.values[rows]
    return out


def _with_varying(prefix: Values, varying: Sequence[Sequence[bytes | None]], rows: NDArray[np.int64]) -> bytes:
    whole: list[bytes] = prefix.view(f"V{prefix.dtype.itemsize}").tolist()
    order = rows.tolist()
    columns = [[_field(column[row]) for row in order] for column in varying]
    return b"".join(chain.from_iterable(zip(whole, *columns, strict=True)))


def _field(value: bytes | None) -> bytes:
    return NULL if value is None else LENGTH.pack(len(value)) + value
