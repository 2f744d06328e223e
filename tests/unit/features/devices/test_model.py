"""The rules of devices: identifiers, names, and which assignment holds."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motorpool.features.devices.model import Assignment, IdentifiersMissing, identifiers_of, is_name, now_assigned

START = datetime(2026, 1, 1, tzinfo=UTC)


@given(st.lists(st.text(max_size=20)))
def test_identifiers_keep_their_order_without_blanks_and_repetition(values: list[str]) -> None:
    stripped = [value.strip() for value in values if value.strip()]
    if not stripped:
        with pytest.raises(IdentifiersMissing):
            identifiers_of(values)
        return
    found = identifiers_of(values)
    assert sorted(set(stripped)) == sorted(found)
    assert [stripped.index(one) for one in found] == sorted(stripped.index(one) for one in found)


@pytest.mark.parametrize("text", ["356307042441013", "my-phone", "Ünit 5", "a b", "東京", "🚗"])
def test_what_can_be_read_is_a_name(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize("text", ["", " ", "a ", " a", "\0", "a\nb", "\x1f", "\u200b", "\ud800", "\u2028"])
def test_what_cannot_be_read_or_hides_blanks_is_none(text: str) -> None:
    assert not is_name(text)


@given(st.lists(st.integers(0, 50), unique=True), st.integers(-5, 55))
def test_the_last_beginning_that_has_come_holds(days: list[int], day: int) -> None:
    assignments = [Assignment(START + timedelta(days=one), UUID(int=one), True) for one in days]
    found = now_assigned(assignments, START + timedelta(days=day))
    past = [one for one in days if one <= day]
    assert (found.vehicle_id if found else None) == (UUID(int=max(past)) if past else None)
