"""The Makefile stays a table of contents: short, every target described, every module it runs there."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z]+):", TEXT, re.MULTILINE))


def test_it_fits_on_a_screen() -> None:
    assert TEXT.count("\n") <= 60


def test_every_target_is_described_and_phony() -> None:
    described = set(re.findall(r"^([a-z]+):.*## \S", TEXT, re.MULTILINE))
    phony = re.search(r"^\.PHONY: (.+)$", TEXT, re.MULTILINE)
    assert phony is not None
    assert described == TARGETS == set(phony[1].split())


@pytest.mark.parametrize("target", ["run", "test", "check", "bench", "screens", "fix"])
def test_a_target_people_rely_on_is_there(target: str) -> None:
    assert target in TARGETS


@pytest.mark.parametrize("module", sorted(set(re.findall(r"python -m ([\w.]+)", TEXT))))
def test_a_module_it_runs_exists(module: str) -> None:
    assert find_spec(module) is not None


def test_what_a_clean_machine_runs_is_make_test() -> None:
    assert re.search(r"^make test$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
