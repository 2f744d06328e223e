"""The reference pages say what the code declares, and refuse an event that changed under its name."""

import json
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import grimp
import pytest

from motorpool.kernel.errors import MotorpoolError
from motorpool.kernel.events import Event
from tools import reference


@dataclass(frozen=True, slots=True)
class DoorOpened(Event):
    """A door was opened."""

    NAME = "doors.door_opened.v1"
    STREAM = "door"
    AUDIENCE = "doors.read"
    door_id: UUID
    by: str | None = None


def schema(**types: str) -> dict[str, Any]:
    described = {name: {"type": kind.strip("?"), "required": "?" not in kind} for name, kind in types.items()}
    return {"doors.door_opened.v1": {"stream": "door", "audience": None, "fields": described}}


def test_a_setting_is_a_row_with_its_unit() -> None:
    port = SimpleNamespace(name="MOTORPOOL_DAYS", kind="int", default="7", unit="days", sentence="Days | kept.")
    assert "| `MOTORPOOL_DAYS` | int | `7` | days | Days \\| kept. |" in reference.settings_page([port])


def test_an_event_shows_its_audience_and_fields() -> None:
    page = reference.events_page([DoorOpened])
    assert "A door was opened. Stream `door`, seen live with `doors.read`." in page
    assert "| `door_id` | UUID |  |" in page
    assert "| `by` | str \\| None | may be missing |" in page


def test_a_dataclass_with_slots_is_listed_once() -> None:
    assert list(reference.subclasses(Event, __name__)) == [DoorOpened]


def test_only_the_products_own_classes_are_listed() -> None:
    assert "doors.door_opened.v1" not in [kind.NAME for kind in reference.events()]


def test_an_error_shows_code_status_and_sentence() -> None:
    page = reference.errors_page(reference.subclasses(MotorpoolError))
    assert "| `not_found` | 404 | There is nothing here by that id. |" in page


def test_a_new_optional_field_is_no_change() -> None:
    assert reference.changed_events(schema(door_id="UUID"), schema(door_id="UUID", by="str?")) == []


@pytest.mark.parametrize(
    "after", [schema(door_id="str"), schema(), schema(door_id="UUID", by="str"), schema(door_id="UUID?")]
)
def test_a_changed_event_needs_a_new_version(after: dict[str, Any]) -> None:
    (said,) = reference.changed_events(schema(door_id="UUID"), after)
    assert "doors.door_opened.v2" in said


def test_an_event_that_is_gone_is_refused() -> None:
    (said,) = reference.changed_events(schema(door_id="UUID"), {})
    assert "is gone" in said


def test_nothing_is_written_when_an_event_changed(tmp_path: Path) -> None:
    (tmp_path / "events.json").write_text(json.dumps(schema(door_id="UUID")))
    with pytest.raises(reference.EventChanged):
        reference.write(tmp_path, {"errors.md": "new", "events.json": json.dumps(schema(door_id="int"))})
    assert not (tmp_path / "errors.md").exists()


def test_only_pages_that_differ_are_written(tmp_path: Path) -> None:
    texts = {"events.json": "{}", "errors.md": "one"}
    assert reference.write(tmp_path, texts) == ["events.json", "errors.md"]
    assert reference.write(tmp_path, texts | {"errors.md": "two"}) == ["errors.md"]


def test_a_missing_module_is_said_plainly() -> None:
    with pytest.raises(reference.Missing, match=r"motorpool\.nowhere\.X does not exist"):
        reference.find("motorpool.nowhere", "X")


def test_the_drawing_counts_imports_between_packages() -> None:
    graph = grimp.ImportGraph()
    graph.add_module("motorpool")
    graph.add_module("motorpool.features")
    for module in ("motorpool.runtime", "motorpool.kernel", "motorpool.runtime.db", "motorpool.kernel.ids"):
        graph.add_module(module)
    graph.add_import(importer="motorpool.runtime.db", imported="motorpool.kernel.ids")
    assert "  runtime -->|1| kernel\n" in reference.imports_page(graph)
