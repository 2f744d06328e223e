"""The generated pages of docs/reference are what the code says now."""

import json

import pytest

from motorpool.kernel.errors import MotorpoolError
from tools.reference import PAGES, changed_events, events, import_everything, pages, subclasses


@pytest.fixture(scope="module")
def generated() -> dict[str, str]:
    return pages()


@pytest.mark.parametrize("name", ["settings.md", "events.md", "events.json", "errors.md", "imports.md", "openapi.json"])
def test_the_committed_page_is_the_generated_one(name: str, generated: dict[str, str]) -> None:
    assert (PAGES / name).read_text() == generated[name], "run `make docs` and commit what it writes"


def test_a_code_and_an_event_name_mean_one_thing_each() -> None:
    import_everything()
    codes = [kind.code for kind in subclasses(MotorpoolError)]
    names = [kind.NAME for kind in events()]
    assert sorted(codes) == sorted(set(codes))
    assert sorted(names) == sorted(set(names))


def test_every_stored_event_can_still_be_read(generated: dict[str, str]) -> None:
    stored = json.loads((PAGES / "events.json").read_text())
    assert changed_events(stored, json.loads(generated["events.json"])) == []
