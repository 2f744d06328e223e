"""What a lint reads (files by path) and what it says (problems with a place and a remedy)."""

import ast
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

Tree = Mapping[str, str]
"""Path relative to the repository's root → text of the file."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule: where it is, what is wrong, and what to do about it."""

    path: str
    line: int
    rule: str
    wrong: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.wrong}. {self.remedy}"


def repository(root: Path = ROOT) -> dict[str, str]:
    """Every text file git tracks or would track; what is not UTF-8 text is left out."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    texts = ((path, _text(root / path)) for path in sorted(set(listing.split("\0"))) if path)
    return {path: text for path, text in texts if text is not None}


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
        return None


def python_files(tree: Tree) -> Iterator[tuple[str, ast.Module]]:
    """Path and syntax tree of each Python file."""
    for path, text in tree.items():
        if path.endswith(".py"):
            yield path, ast.parse(text, path)


def typescript_files(tree: Tree) -> Iterator[tuple[str, str]]:
    """Path and text of each hand-written TypeScript file; generated types are not ours to judge."""
    for path, text in tree.items():
        if path.endswith((".ts", ".tsx")) and not path.endswith((".d.ts", ".gen.ts")):
            yield path, text


def line_of(text: str, offset: int) -> int:
    """Line number, from 1, of a character offset."""
    return text.count("\n", 0, offset) + 1
