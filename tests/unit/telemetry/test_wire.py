"""Positions as programs send them become columns; one bad row does not cost the others."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motorpool.kernel.time import to_us
from motorpool.telemetry.batch import COLUMNS
from motorpool.telemetry.wire import BatchTooLong, BatchUnreadable, Parsed, parse_batch, parse_lines, parser_of

TENANT = UUID(int=1)
AT = "2026-01-01T00:00:00Z"
GOOD = {"device": "d", "at": AT, "lat": 1.5, "lon": 2.5}
NUMBERS = (
    "speed_mps",
    "heading_deg",
    "altitude_m",
    "accuracy_m",
    "odometer_m",
    "fuel_percent",
    "rpm",
    "coolant_c",
    "battery_v",
)


def batch(*rows: Any) -> Parsed:
    """A batch of rows as it is read."""
    return parse_batch(json.dumps({"positions": rows}).encode(), TENANT)


NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=100)
NUMBER = st.none() | st.floats(-1e6, 1e6, width=32)
ROWS = st.fixed_dictionaries(
    {
        "device": NAMES,
        "at": st.datetimes(timezones=st.just(UTC)),
        "lat": st.floats(-90, 90),
        "lon": st.floats(-180, 180),
    },
    optional={**dict.fromkeys(NUMBERS, NUMBER), "ignition": st.none() | st.booleans()},
)


@given(st.lists(ROWS, max_size=20))
def test_what_was_said_is_in_the_columns_and_nothing_else(rows: list[dict[str, Any]]) -> None:
    parsed = batch(*({**row, "at": row["at"].isoformat()} for row in rows))
    fixes, submission = parsed.submission.fixes, parsed.submission
    assert parsed.rejected == ()
    assert [submission.identifiers[place] for place in submission.device] == [row["device"] for row in rows]
    assert len(set(submission.identifiers)) == len(submission.identifiers)
    assert fixes.at_us.tolist() == [to_us(row["at"]) for row in rows]
    assert fixes.lat_deg.tolist() == [row["lat"] for row in rows]
    assert fixes.ignition.tolist() == [{None: -1, False: 0, True: 1}[row.get("ignition")] for row in rows]
    for name in NUMBERS:
        said = [np.nan if row.get(name) is None else row[name] for row in rows]
        np.testing.assert_array_equal(getattr(fixes, name), np.array(said, dtype=COLUMNS[name]))


@given(st.lists(st.sampled_from(["good", "bad"]), max_size=30))
def test_bad_rows_are_told_by_their_place_and_good_ones_kept(kinds: list[str]) -> None:
    bad: list[Any] = [
        {**GOOD, "lat": "x"},
        {**GOOD, "more": 1},
        5,
        None,
        [],
        {},
        {**GOOD, "device": ""},
        {**GOOD, "at": "2026-01-01T00:00:00"},
    ]
    rows = [GOOD if kind == "good" else bad[place % len(bad)] for place, kind in enumerate(kinds)]
    lines = b"\n".join(json.dumps(row).encode() for row in rows)
    for parsed in (batch(*rows), parse_lines(lines, TENANT)):
        assert parsed.index.tolist() == [place for place, kind in enumerate(kinds) if kind == "good"]
        assert [one.index for one in parsed.rejected] == [place for place, kind in enumerate(kinds) if kind == "bad"]
        assert {one.code for one in parsed.rejected} <= {"malformed"}
        assert all(one.detail.endswith(".") for one in parsed.rejected)
        assert len(parsed.submission.fixes) == kinds.count("good")


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_bytes_do_anything_but_be_read_or_refused(body: bytes) -> None:
    with suppress(BatchUnreadable):
        parse_batch(body, TENANT)
    parse_lines(body, TENANT)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"positions": 5}', b"\xff", b'{"positions":' + b"[" * 100_000])
def test_a_body_that_is_no_batch_is_refused_in_a_sentence(body: bytes) -> None:
    with pytest.raises(BatchUnreadable, match=r"\.$"):
        parse_batch(body, TENANT)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(JSON_VALUES, st.sampled_from(["device", "at", "lat", "speed_mps", "ignition", "dtcs", "sensors"]))
def test_no_value_of_a_field_costs_the_rows_beside_it(value: Any, name: str) -> None:
    parsed = batch(GOOD, {**GOOD, name: value}, GOOD)
    assert parsed.index.tolist() in ([0, 2], [0, 1, 2])
    assert {one.index for one in parsed.rejected} <= {1}


def test_sensors_and_codes_are_kept_as_compact_json_with_sorted_keys() -> None:
    row = {**GOOD, "sensors": {"b": 1, "a": {"z": None, "y": "ü"}}, "dtcs": ["P0300"]}
    (extra,) = batch(row).submission.fixes.extra.tolist()
    assert extra == '{"dtcs":["P0300"],"sensors":{"a":{"y":"ü","z":null},"b":1}}'.encode()
    assert batch(GOOD).submission.fixes.extra.tolist() == [None]


@pytest.mark.parametrize(
    "said", [{"sensors": {"a": "x" * 20_000}}, {"sensors": {"a": "b\0"}}, {"sensors": {"\0": 1}}, {"device": "a\0b"}]
)
def test_what_the_database_could_not_keep_is_told(said: dict[str, Any]) -> None:
    parsed = batch({**GOOD, **said})
    assert [one.code for one in parsed.rejected] == ["malformed"]
    assert len(parsed.submission.fixes) == 0


def test_a_backslash_before_u0000_is_a_backslash() -> None:
    assert batch({**GOOD, "sensors": {"path": "\\u0000"}}).rejected == ()


def test_a_number_no_column_holds_becomes_infinite_and_is_refused_later_as_out_of_range() -> None:
    parsed = batch({**GOOD, "speed_mps": 1e300, "odometer_m": 1e300})
    assert np.isinf(parsed.submission.fixes.speed_mps).all()
    assert parsed.submission.fixes.odometer_m.tolist() == [1e300]


def test_a_batch_holds_five_thousand_rows_and_not_one_more() -> None:
    assert len(batch(*[GOOD] * 5_000).index) == 5_000
    for rows in ([GOOD] * 5_001, [{}] * 5_001):
        with pytest.raises(BatchTooLong):
            batch(*rows)
    line = json.dumps(GOOD).encode() + b"\n"
    assert len(parse_lines(line * 5_000, TENANT).index) == 5_000
    with pytest.raises(BatchTooLong):
        parse_lines(line * 5_001, TENANT)


def test_times_of_any_zone_are_the_same_moment() -> None:
    moment = to_us(datetime(2026, 1, 1, tzinfo=UTC))
    for text in (
        "2026-01-01T00:00:00+00:00",
        "2026-01-01T05:30:00+05:30",
        "2025-12-31T16:00:00-08:00",
        "2026-01-01T00:00:00.000000Z",
    ):
        assert batch({**GOOD, "at": text}).submission.fixes.at_us.tolist() == [moment]


@pytest.mark.parametrize("kind", ["application/x-ndjson", "application/jsonl; charset=utf-8", "APPLICATION/NDJSON"])
def test_lines_are_told_by_their_content_type(kind: str) -> None:
    assert parser_of(kind) is parse_lines
    assert parser_of("application/json") is parser_of("") is parse_batch
