"""An event read from the log is the event that was told."""

import json
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motorpool.apps.registry import EVENTS
from motorpool.kernel.events import Event

VALUES: dict[Any, st.SearchStrategy[Any]] = {
    UUID: st.uuids(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    int: st.integers(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    str: st.text(),
    list[str]: st.lists(st.text()),
    type(None): st.none(),
}


def of(kind: type[Event]) -> st.SearchStrategy[Event]:
    """Any event of a kind."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{one.name: _value(hints[one.name]) for one in fields(kind)})


def _value(hint: Any) -> st.SearchStrategy[Any]:
    return st.one_of(*(VALUES[one] for one in get_args(hint))) if get_origin(hint) is UnionType else VALUES[hint]


@pytest.mark.parametrize("kind", EVENTS.values(), ids=lambda kind: kind.NAME)
@given(data=st.data())
def test_an_event_survives_the_log(kind: type[Event], data: st.DataObject) -> None:
    told = data.draw(of(kind))
    assert kind.from_data(json.loads(json.dumps(told.to_data()))) == told
    assert isinstance(told.stream_id(), UUID)


@pytest.mark.parametrize("kind", EVENTS.values(), ids=lambda kind: kind.NAME)
def test_an_event_is_frozen_in_the_past_and_has_a_version(kind: type[Event]) -> None:
    feature, _, rest = kind.NAME.partition(".")
    fact, _, version = rest.rpartition(".")
    assert feature
    assert fact.endswith(("ed",))
    assert version.removeprefix("v").isdigit()
    assert is_dataclass(kind)
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert kind.AUDIENCE is None or "." in kind.AUDIENCE
    assert not {"email", "phone", "address"} & {one.name for one in fields(kind)}


def test_a_field_that_is_not_known_any_more_is_passed_over() -> None:
    kind = EVENTS["vehicles.fleet_added.v1"]
    told = kind.from_data({"fleet_id": str(UUID(int=1)), "name": "North", "colour": "red"})
    assert told.to_data() == {"fleet_id": str(UUID(int=1)), "name": "North"}
