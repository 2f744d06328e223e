"""Times of a recording as microseconds since 1970, whatever they were written as."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motorpool.apps.replay.errors import TimeUnreadable

_FORMATS = ("%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d")
_CLOCKS = (" %H:%M:%S", " %H:%M", " %I:%M:%S %p")
_UNITS = (
    (1e11, 1e6, "seconds"),
    (1e14, 1e3, "milliseconds"),
    (1e17, 1.0, "microseconds"),
    (np.inf, 1e-3, "nanoseconds"),
)
"""Numbers below the first are of this unit: in it, that number lies after the year 5000."""


MOST_BAD = 0.1
"""A column of which more cannot be read is read wrongly."""


@dataclass(frozen=True, slots=True)
class Times:
    """Microseconds since 1970, which of them are there at all, and how they were read (None: nothing to wonder about)."""

    at_us: NDArray[np.int64]
    present: NDArray[np.bool_]
    note: str | None = None


def read_times(column: Any, zone: str) -> Times:
    """The times of an Arrow column: timestamps, text or numbers since 1970. `zone` is for times that do not say theirs.

    Raises TimeUnreadable with the first value that is no time.
    """
    import pyarrow as pa

    kind = column.type
    if pa.types.is_timestamp(kind):
        return _of_timestamps(column, zone)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return _of_numbers(column)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _of_text(column, zone)
    raise TimeUnreadable(f"A column of type {kind} does not hold times.")


def joined(dates: Any, times: Any) -> Any:
    """Text `date time` of a column of dates and one of times of the day."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(dates.cast(pa.string()), times.cast(pa.string()), " ")


def _of_timestamps(column: Any, zone: str) -> Times:
    import pyarrow as pa
    import pyarrow.compute as pc

    note = None
    if column.type.tz is None:
        try:
            column = pc.assume_timezone(column, zone, ambiguous="earliest", nonexistent="latest")
        except pa.ArrowInvalid:
            raise TimeUnreadable(f"There is no time zone {zone!r}; say one such as Europe/Berlin.") from None
        note = f"times have no zone and are read as {zone} (--timezone says otherwise)"
    whole = column.cast(pa.timestamp("us", tz="UTC"), safe=False).cast(pa.int64())
    return Times(pc.fill_null(whole, 0).to_numpy(), pc.is_valid(column).to_numpy(), note)


def _of_numbers(column: Any) -> Times:
    import pyarrow as pa

    value = np.asarray(column.cast(pa.float64(), safe=False).to_numpy(), dtype=np.float64)
    present = np.isfinite(value)
    typical = float(np.median(np.abs(value[present]))) if present.any() else 0.0
    factor, unit = next((factor, unit) for bound, factor, unit in _UNITS if typical < bound)
    at_us = np.round(np.where(present, value, 0.0) * factor)
    if present.any() and np.abs(at_us).max() > 2**62:
        raise TimeUnreadable(f"{value[present].max():g} is no time in {unit} since 1970.")
    return Times(at_us.astype(np.int64), present, f"times are {unit} since 1970")


def _of_text(column: Any, zone: str) -> Times:
    """Text as a number, as ISO 8601 with or without a zone, or in the way most of it fits; the few that do not are left out."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = pc.utf8_trim_whitespace(column)
    blank = pc.fill_null(pc.equal(column, pa.scalar("", column.type)), True)
    column = pc.if_else(blank, pa.scalar(None, column.type), column)
    for kind in (pa.float64(), pa.timestamp("us", tz="UTC"), pa.timestamp("us")):
        whole = _cast(column, kind)
        if whole is not None:
            return read_times(whole, zone)
    best, form = min(_readings(column), key=lambda reading: reading[0].null_count)
    bad = int(best.null_count - column.null_count)
    if bad > MOST_BAD * len(column):
        raise TimeUnreadable(f"{_first_bad(column, best)} is no time; ISO 8601 is always right: 2026-01-31T12:00:00Z.")
    times = _of_timestamps(best, zone)
    left_out = f"; {bad:,} that do not fit are left out, the first is {_first_bad(column, best)}" if bad else ""
    return Times(times.at_us, times.present, f"times are read as {form}{left_out}")


def _readings(column: Any) -> Iterator[tuple[Any, str]]:
    """The column read in every way known, what does not fit as null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for kind, form in ((pa.timestamp("us", tz="UTC"), "ISO 8601"), (pa.timestamp("us"), "ISO 8601 without a zone")):
        yield _cast_what_fits(column, kind), form
    for form in (date + clock for date in _FORMATS for clock in _CLOCKS):
        yield pc.strptime(column, form, "us", error_is_null=True), form


def _cast(column: Any, kind: Any) -> Any:
    import pyarrow as pa

    try:
        return column.cast(kind)
    except pa.ArrowInvalid:
        return None


def _cast_what_fits(column: Any, kind: Any) -> Any:
    """Cast by halves, so that one bad value costs itself alone; gives up when too many are bad."""
    import pyarrow as pa

    left, parts = int(MOST_BAD * len(column)) + 2, list[Any]()
    spans = [(0, len(column))]
    while spans:
        start, length = spans.pop()
        part = _cast(column.slice(start, length), kind) if left or length == 1 else None
        if part is not None:
            parts += part.chunks
        elif length == 1 or not left:
            parts.append(pa.nulls(length, kind))
            left = max(left - 1, 0)
        else:
            spans += [(start + length // 2, length - length // 2), (start, length // 2)]
    return pa.chunked_array(parts, kind)


def _first_bad(column: Any, parsed: Any) -> str:
    """The first text that was not read, and its row."""
    import pyarrow.compute as pc

    bad = pc.and_(pc.is_valid(column), pc.is_null(parsed)).to_numpy()
    row = int(np.argmax(bad))
    return f"{column[row].as_py()!r} (row {row + 1})"
