"""Tests: a mock of our own code proves that the mock works, and a skipped test proves nothing.

Use a fake behind a port, which passes the same contract test as the real thing, or the real thing. What
cannot run everywhere is installed by `make test`, never skipped.
"""

import ast
import re
from collections.abc import Iterator

from tools.lints.tree import Problem, Tree, line_of, python_files

RULE = "test"
FAKE = "Pass a fake through a port or an argument"
RUN = "Make it run, or delete it"
MARKS = {f"pytest.mark.{name}" for name in ("skip", "skipif", "xfail")}
SKIPS = MARKS | {"pytest.skip", "pytest.xfail", "pytest.importorskip", "unittest.skip"}
PATCH = "from unittest.mock import patch\n"
MONKEY = "def test_a(monkeypatch):\n    monkeypatch."
WEB = re.compile(r"\bvi\.(?:mock|doMock)\(|\b(?:it|test|describe)\.(?:skip|todo|only|fails)\b")

GOOD = (
    {"tests/unit/a.py": f'{MONKEY}setenv("MOTORPOOL_PORT", "0")\n'},
    {"tests/unit/a.py": f"import os\n{MONKEY}setattr(os, 'getpid', lambda: 1)\n"},
    {"tests/unit/a.py": "def test_a():\n    list_orders(skip=1)\n"},
    {"src/motorpool/a.py": "from motorpool import b\nb.patch('motorpool.a')\n"},
    {"web/src/a.test.ts": "it('adds', () => {});\n"},
)
BAD = (
    {"tests/unit/a.py": 'from unittest import mock\n@mock.patch("motorpool.a")\ndef test_a(): ...\n'},
    {"tests/unit/a.py": f'{PATCH}with patch("motorpool.a"): ...\n'},
    {"tests/unit/a.py": f'{PATCH}from motorpool import a\npatch.object(a, "b")\n'},
    {"tests/unit/a.py": f'{MONKEY}setattr("motorpool.runtime.db.begin", None)\n'},
    {"tests/unit/a.py": f'from motorpool.runtime import db\n{MONKEY}setattr(db, "x", 1)\n'},
    {"tests/unit/a.py": "import pytest\n@pytest.mark.skipif(True, reason='slow')\ndef test_a(): ...\n"},
    {"tests/unit/a.py": "import pytest\ndef test_a():\n    pytest.skip()\n"},
    {"web/src/a.test.ts": "it.skip('adds', () => {});\n"},
    {"web/src/a.test.ts": "vi.mock('./apply');\n"},
)


def check(tree: Tree) -> Iterator[Problem]:
    """Patches of our own code, and tests that do not run."""
    for path, module in python_files({p: text for p, text in tree.items() if p.startswith("tests/")}):
        ours = _our_names(module)
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and _patches(node, ours):
                yield Problem(path, node.lineno, RULE, "our own code is replaced", FAKE)
            if isinstance(node, ast.Attribute) and ast.unparse(node) in SKIPS:
                yield Problem(path, node.lineno, RULE, f"`{ast.unparse(node)}`", RUN)
    for path, text in tree.items():
        if re.search(r"\.(?:test|spec)\.tsx?$", path):
            for found in WEB.finditer(text):
                remedy = FAKE if "ock(" in found[0] else RUN
                yield Problem(path, line_of(text, found.start()), RULE, f"`{found[0]}`", remedy)


def _our_names(module: ast.Module) -> frozenset[str]:
    """Names in this file that were imported from our package."""
    names = set[str]()
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "motorpool":
            names |= {alias.asname or alias.name for alias in node.names}
        if isinstance(node, ast.Import):
            names |= {(alias.asname or "motorpool") for alias in node.names if alias.name.split(".")[0] == "motorpool"}
    return frozenset(names)


def _patches(call: ast.Call, ours: frozenset[str]) -> bool:
    """Whether a call replaces something of ours: `patch(…)`, `patch.object(…)`, `monkeypatch.setattr(…)`."""
    written = ast.unparse(call.func)
    if not re.search(r"(^|\.)patch(\.object|\.multiple|\.dict)?$|(^|\.)(setattr|setitem)$", written) or not call.args:
        return False
    target = call.args[0]
    if isinstance(target, ast.Constant):
        return isinstance(target.value, str) and target.value.split(".")[0] == "motorpool"
    return ast.unparse(target).split(".")[0] in ours
