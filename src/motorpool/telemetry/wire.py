"""Positions as programs send them – JSON or lines of JSON – into columns. Pure; one bad row does not cost the others."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import compress
from typing import Annotated, Any
from uuid import UUID

import msgspec
import numpy as np
from msgspec.structs import astuple
from numpy.typing import NDArray

from motorpool.kernel.errors import Invalid, Malformed
from motorpool.kernel.time import EPOCH
from motorpool.telemetry.batch import COLUMNS, UNKNOWN, Fixes
from motorpool.telemetry.inbox import Rejection, Submission

ROWS_AT_ONCE = 5_000
EXTRA_BYTES = 16_384

Identifier = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class Row(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """One position on the wire; SI units by name."""

    device: Identifier
    at: Instant
    lat: float
    lon: float
    speed_mps: float | None = None
    heading_deg: float | None = None
    altitude_m: float | None = None
    accuracy_m: float | None = None
    odometer_m: float | None = None
    ignition: bool | None = None
    fuel_percent: float | None = None
    rpm: float | None = None
    coolant_c: float | None = None
    battery_v: float | None = None
    dtcs: list[Code] | None = None
    sensors: dict[str, Any] | None = None


FIELDS = Row.__struct_fields__


class Envelope(msgspec.Struct):
    """A batch on the wire."""

    positions: list[Row]


class RawEnvelope(msgspec.Struct):
    """A batch whose rows are looked at one by one."""

    positions: list[msgspec.Raw]


class BatchUnreadable(Malformed):
    """The body is not a batch of positions."""


class BatchTooLong(Invalid):
    """A batch holds at most 5 000 positions; send the rest in a second one."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A batch of n rows as read: what goes to the inbox, the row each of its fixes was, and what could not be read."""

    submission: Submission
    index: NDArray[np.int64]
    rejected: tuple[Rejection, ...]


BATCH = msgspec.json.Decoder(Envelope)
RAW_BATCH = msgspec.json.Decoder(RawEnvelope)
ONE = msgspec.json.Decoder(Row)
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # an escaped NUL; two backslashes are one, and no escape
EXTRA = msgspec.json.Encoder(order="sorted")


def parse_batch(body: bytes, tenant_id: UUID) -> Parsed:
    """A JSON batch `{"positions": […]}`. Raises BatchUnreadable, BatchTooLong."""
    try:
        rows = BATCH.decode(body).positions
    except (msgspec.ValidationError, RecursionError):
        return _one_by_one(_raw_rows(body), tenant_id)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BatchUnreadable(f"The body is not JSON: {error}.") from error
    if len(rows) > ROWS_AT_ONCE:
        raise BatchTooLong
    return _parsed(rows, list(range(len(rows))), [], tenant_id)


def parse_lines(body: bytes, tenant_id: UUID) -> Parsed:
    """Lines of JSON, one position each; empty lines count as rows and are passed over. Raises BatchTooLong."""
    lines = body.split(b"\n")
    if len(lines) > ROWS_AT_ONCE + 1:
        raise BatchTooLong
    return _one_by_one([line for line in lines if line.strip()], tenant_id)


def _raw_rows(body: bytes) -> Sequence[msgspec.Raw]:
    try:
        rows = RAW_BATCH.decode(body).positions
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else error
        raise BatchUnreadable(f'The body must be {{"positions": [...]}}: {reason}.') from error
    if len(rows) > ROWS_AT_ONCE:
        raise BatchTooLong
    return rows


def _one_by_one(raw: Sequence[bytes | msgspec.Raw], tenant_id: UUID) -> Parsed:
    rows, index, rejected = [], [], []
    for at, text in enumerate(raw):
        try:
            rows.append(ONE.decode(text))
            index.append(at)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
            reason = "nested too deeply" if isinstance(error, RecursionError) else str(error).replace("`$.", "`")
            rejected.append(Rejection(at, "malformed", f"This row could not be read: {reason}."))
    return _parsed(rows, index, rejected, tenant_id)


def _parsed(rows: list[Row], index: list[int], rejected: list[Rejection], tenant_id: UUID) -> Parsed:
    extras = [None if row.dtcs is None and row.sensors is None else _extra(row) for row in rows]
    faults = [_text_fault(row, extra) for row, extra in zip(rows, extras, strict=True)]
    if any(faults):
        rejected += [Rejection(at, "malformed", fault) for at, fault in zip(index, faults, strict=True) if fault]
        sound = [not fault for fault in faults]
        rows, index = list(compress(rows, sound)), list(compress(index, sound))
        extras = list(compress(extras, sound))
    columns: dict[str, Sequence[Any]] = dict.fromkeys(FIELDS, ())
    if rows:
        columns = dict(zip(FIELDS, zip(*map(astuple, rows), strict=True), strict=True))
    identifiers: dict[str, int] = {}
    device = np.array([identifiers.setdefault(one, len(identifiers)) for one in columns["device"]], dtype=np.int32)
    submission = Submission(tuple(identifiers), device, _fixes(columns, extras), tenant_id)
    return Parsed(submission, np.array(index, dtype=np.int64), tuple(sorted(rejected, key=lambda one: one.index)))


def _extra(row: Row) -> bytes:
    said = {name: value for name, value in (("dtcs", row.dtcs), ("sensors", row.sensors)) if value is not None}
    return EXTRA.encode(said)


def _text_fault(row: Row, extra: bytes | None) -> str:
    if "\0" in row.device or (extra is not None and NUL.search(extra)):
        return "This row holds a NUL character."
    if extra is not None and len(extra) > EXTRA_BYTES:
        return f"Sensors and trouble codes of a row may be {EXTRA_BYTES} bytes together."
    return ""


def _fixes(said: dict[str, Sequence[Any]], extras: list[bytes | None]) -> Fixes:
    extra = np.empty(len(extras), dtype=object)
    extra[:] = extras
    columns: dict[str, Any] = {
        name: _numbers(said[name], np.dtype(COLUMNS[name]))
        for name in COLUMNS
        if name not in ("at_us", "lat_deg", "lon_deg", "ignition", "extra")
    }
    return Fixes.of(
        at_us=np.array([_microseconds(at) for at in said["at"]], dtype=np.int64),
        lat_deg=np.array(said["lat"], dtype=np.float64),
        lon_deg=np.array(said["lon"], dtype=np.float64),
        ignition=np.array([UNKNOWN if one is None else one for one in said["ignition"]], dtype=np.int8),
        extra=extra,
        **columns,
    )


def _microseconds(at: datetime) -> int:
    past = at - EPOCH
    return (past.days * 86_400 + past.seconds) * 1_000_000 + past.microseconds


def _numbers(values: Sequence[float | None], dtype: "np.dtype[Any]") -> NDArray[Any]:
    """Numbers of a column; what does not fit its dtype becomes infinite and is refused as out of range."""
    with np.errstate(over="ignore"):
        return np.array(values, dtype=np.float64).astype(dtype)


def parser_of(content_type: str) -> Callable[[bytes, UUID], Parsed]:
    """The reader of a content type: lines for NDJSON, a batch for everything else."""
    kind = content_type.split(";")[0].strip().lower()
    return parse_lines if kind in ("application/x-ndjson", "application/jsonl", "application/ndjson") else parse_batch
