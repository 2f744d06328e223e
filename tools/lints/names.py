"""Names: a word that fits everything says nothing, and the next person puts everything there.

Whole names only: `VehicleService` is poor but says something, `Service` says nothing. TypeScript files are
kebab-case, so that an import reads the same on every file system.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tools.lints.tree import Problem, Tree, line_of, python_files, typescript_files

RULE = "name"
BANNED = frozenset(
    ["manager", "managers", "helper", "helpers", "util", "utils", "misc", "common", "base", "data", "info"]
    + ["handle", "process", "service", "services"]
)
ROOTS = ("src/", "tests/", "tools/", "benchmarks/", "web/")
CODE = (".py", ".ts", ".tsx", ".css", ".sql")
KEBAB = re.compile(r"(?:_{0,2}|\$)[a-z0-9]+(?:-[a-z0-9]+)*(?:\.\$?[a-z0-9]+(?:-[a-z0-9]+)*)*\.tsx?")
NAMED = re.compile(r"\b(?:function|class|interface)\s+(\w+)|\bconst\s+(\w+)\s*=\s*(?:async\s*)?(?:\([^()]*\)|\w+)\s*=>")

GOOD = (
    {"src/motorpool/telemetry/batch.py": "class Batch: ...\ndef database_url(): ...\n"},
    {"src/motorpool/features/parts/model.py": "def run(data): ...\n"},
    {"web/src/map/vehicle-layer.tsx": "export function VehicleLayer() {\n  const data = 1;\n}\n"},
    {"web/src/routes/$vehicle.tsx": "", "web/src/routes/__root.tsx": "", "web/vite.config.ts": ""},
)
BAD = (
    {"src/motorpool/runtime/utils.py": ""},
    {"src/motorpool/common/ids.py": ""},
    {"src/motorpool/runtime/db.py": "class Manager: ...\n"},
    {"src/motorpool/runtime/db.py": "class Work:\n    async def process(self): ...\n"},
    {"src/motorpool/runtime/db.py": "def _handle(): ...\n"},
    {"web/src/map/VehicleLayer.tsx": ""},
    {"web/src/lib/helpers.ts": ""},
    {"web/src/lib/format.ts": "export const handle = (row: Row) => row;\n"},
)


def check(tree: Tree) -> Iterator[Problem]:
    """Folders, files, classes and functions with a banned name; TypeScript files that are not kebab-case."""
    for path in tree:
        if path.startswith(ROOTS):
            yield from _path_problems(path)
    for path, line, name in _definitions(tree):
        if _is_banned(name):
            yield _banned(path, line, name)


def _definitions(tree: Tree) -> Iterator[tuple[str, int, str]]:
    for path, module in python_files(tree):
        for node in ast.walk(module):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node.lineno, node.name
    for path, text in typescript_files(tree):
        for found in NAMED.finditer(text):
            yield path, line_of(text, found.start()), found[1] or found[2]


def _path_problems(path: str) -> Iterator[Problem]:
    pure = PurePosixPath(path)
    for part in (*pure.parent.parts, *([pure.stem.split(".")[0]] if pure.suffix in CODE else [])):
        if _is_banned(part):
            yield _banned(path, 1, part)
    if pure.suffix in (".ts", ".tsx") and not KEBAB.fullmatch(pure.name):
        yield Problem(path, 1, RULE, f"`{pure.name}` is not kebab-case", "Rename it, for example vehicle-list.tsx")


def _is_banned(name: str) -> bool:
    return name.strip("_").lower() in BANNED


def _banned(path: str, line: int, name: str) -> Problem:
    return Problem(
        path,
        line,
        RULE,
        f"`{name}` could be anything",
        "Name what it is or does, in the words of docs/reference/words.md",
    )
