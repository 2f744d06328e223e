"""The journeys of docs/journeys name functions that exist, in the files they stand in."""

from pathlib import Path

import pytest

from tools.journeys import complaints, steps

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs" / "journeys").glob("*.md"))

PYTHON = "LIMIT = 3\nasync def serve(reader):\n    def inner(): ...\nclass Hub:\n    def fan_out(self): ...\n"
TYPESCRIPT = "export function apply(state: State) {}\nexport const draw = () => 1;\nclass Socket {\n  open() {}\n}\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for path, text in {"src/motorpool/apps/hub.py": PYTHON, "web/src/apply.ts": TYPESCRIPT}.items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(text)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_everything_a_journey_names_exists(page: Path) -> None:
    assert complaints(ROOT, page.stem, page.read_text()) == []


def test_there_is_a_journey() -> None:
    assert "life-of-a-position" in [page.stem for page in PAGES]


@pytest.mark.parametrize(
    ("where", "name"),
    [
        ("apps/hub.py", "serve(reader, …)"),
        ("apps/hub.py", "Hub"),
        ("apps/hub.py", "Hub.fan_out(…)"),
        ("apps/hub.py", "LIMIT"),
        ("web/src/apply.ts", "apply(state)"),
        ("web/src/apply.ts", "draw"),
        ("web/src/apply.ts", "Socket.open()"),
    ],
)
def test_a_name_that_exists_is_found(repository: Path, where: str, name: str) -> None:
    assert complaints(repository, "life", f"| 1 | `{where}` | `{name}` | it happens |\n") == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("| 2 | `apps/hub.py` | `gone(x)` | it happens |", "life, step 2: apps/hub.py has no gone"),
        ("| 2 | `apps/hub.py` | `fan_out()` | it happens |", "life, step 2: apps/hub.py has no fan_out"),
        ("| 2a | `apps/gone.py` | `serve()` | it happens |", "life, step 2a: there is no file apps/gone.py"),
        ("| 3 | `web/src/apply.ts` | `gone()` | it happens |", "life, step 3: web/src/apply.ts has no gone"),
        ("| 3 | `web/src/apply.ts` | | it happens |", "life, step 3: no function is named"),
        ("nothing at all", "life has no steps"),
    ],
)
def test_a_name_that_is_gone_is_told(repository: Path, row: str, said: str) -> None:
    assert complaints(repository, "life", row + "\n") == [said]


def test_a_row_with_two_functions_is_two_steps() -> None:
    found = steps("life", "| 1 | `apps/hub.py` | `Hub.fan_out(a)`, then `serve(b)` | it happens |\n")
    assert [step.name for step in found] == ["Hub.fan_out", "serve"]
