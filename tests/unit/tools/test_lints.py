"""Every lint of our own accepts its good examples and refuses its bad ones, with a place and a remedy."""

from types import ModuleType

import pytest

from tools.lints.__main__ import LINTS, problems
from tools.lints.tree import repository


def examples(kind: str) -> list[object]:
    return [
        pytest.param(lint, tree, id=f"{lint.__name__.split('.')[-1]}-{number}")
        for lint in LINTS
        for number, tree in enumerate(getattr(lint, kind), 1)
    ]


@pytest.mark.parametrize(("lint", "tree"), examples("GOOD"))
def test_a_good_example_passes(lint: ModuleType, tree: dict[str, str]) -> None:
    assert [str(problem) for problem in lint.check(tree)] == []


@pytest.mark.parametrize(("lint", "tree"), examples("BAD"))
def test_a_bad_example_is_refused_once_with_place_and_remedy(lint: ModuleType, tree: dict[str, str]) -> None:
    found = list(lint.check(tree))
    assert len({problem.line for problem in found}) == 1, [str(problem) for problem in found]
    assert found[0].path in tree
    assert str(found[0]).startswith(f"{found[0].path}:{found[0].line}: {lint.RULE}: ")
    assert found[0].remedy


def test_the_line_of_a_table_inside_a_long_statement_is_told() -> None:
    text = '"""Words."""\n\nA = """\nselect id\nfrom devices\n"""\n'
    tree = {"src/motorpool/features/vehicles/queries.py": text}
    assert [problem.line for problem in problems(tree)] == [5]


def test_the_repository_is_read_with_files_git_does_not_know_yet() -> None:
    tree = repository()
    assert "tools/lints/tree.py" in tree
    assert not any(path.startswith((".venv/", "web/node_modules/")) for path in tree)
