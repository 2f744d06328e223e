"""Documents point at files, settings and make targets that exist."""

import re
from pathlib import Path

import pytest

from motorpool.runtime.settings import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
TOP = sorted(ROOT.glob("*.md"))
PAGES = [*TOP, *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
SETTING = re.compile(r"\bMOTORPOOL_[A-Z_]+[A-Z]\b(?!<)")
TARGET = re.compile(r"\bmake ([a-z]+)\b(?=`|\s{2,}|$|\s+#)", re.MULTILINE)


def broken_links(page: Path) -> list[str]:
    """Relative links of a page that lead nowhere."""
    return [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_link_leads_somewhere(page: Path) -> None:
    assert broken_links(page) == []


def test_a_link_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("[a](page.md) [b](gone.md#part) [c](https://example.org) [d](#part)")
    assert broken_links(tmp_path / "page.md") == ["gone.md"]


def test_every_setting_that_is_named_exists() -> None:
    known = {setting.name for setting in SETTINGS}
    named = {name for page in PAGES for name in SETTING.findall(page.read_text())}
    assert named - known == set()
    assert len(named) > 5


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {name for page in PAGES for name in TARGET.findall(page.read_text())}
    assert named - targets == set()
    assert {"run", "test"} <= named
