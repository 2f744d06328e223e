"""Sizes: what does not fit on a few screens is not read before it is changed.

Hard limits; the aims are lower (CONTRIBUTING). Exceptions stand in `exceptions.toml`, each with its reason,
and their number is stored there: it may only go down.
"""

import ast
import re
import statistics
import tomllib
from collections.abc import Iterator

from tools.lints.tree import Function, Problem, Tree, python_files, typescript_files

RULE = "size"
PYTHON_FILE, PYTHON_FUNCTION, TYPESCRIPT_FILE, COMPONENT = 400, 50, 250, 150
EXCEPTIONS = "tools/lints/exceptions.toml"
COMPONENT_START = re.compile(r"^(?:export )?(?:default )?(?:async )?(?:function|const|class) ([A-Z][A-Za-z0-9]*)\b")

_NONE = {EXCEPTIONS: "most = 0\n"}
GOOD = (
    {"src/motorpool/short.py": "x = 1\n" * PYTHON_FILE},
    {"src/motorpool/short.py": "def f():\n" + "    x = 1\n" * (PYTHON_FUNCTION - 1)},
    {"web/src/list.tsx": "export function List() {\n" + "  x\n" * (COMPONENT - 2) + "}\n"},
    {
        "src/motorpool/long.py": "x = 1\n" * (PYTHON_FILE + 1),
        EXCEPTIONS: 'most = 1\n[[size]]\nwhat = "src/motorpool/long.py"\nreason = "a table of constants"\n',
    },
)
BAD = (
    {"src/motorpool/long.py": "x = 1\n" * (PYTHON_FILE + 1)},
    {"src/motorpool/long.py": "def f():\n" + "    x = 1\n" * PYTHON_FUNCTION},
    {"web/src/long.ts": "x\n" * (TYPESCRIPT_FILE + 1)},
    {"web/src/list.tsx": "export function List() {\n" + "  x\n" * COMPONENT + "}\n"},
    {EXCEPTIONS: 'most = 1\n[[size]]\nwhat = "src/motorpool/gone.py"\nreason = "it was long once"\n'},
    {
        "src/motorpool/long.py": "x = 1\n" * (PYTHON_FILE + 1),
        EXCEPTIONS: 'most = 0\n[[size]]\nwhat = "src/motorpool/long.py"\nreason = "one more than before"\n',
    },
)


def check(tree: Tree) -> Iterator[Problem]:
    """Whatever is over its limit and has no exception, and exceptions that are no longer needed."""
    found = {name: problem for name, problem in _too_long(tree)}
    listed = tomllib.loads(tree.get(EXCEPTIONS, _NONE[EXCEPTIONS]))
    excused = {entry["what"]: entry.get("reason", "") for entry in listed.get(RULE, [])}
    yield from (problem for name, problem in found.items() if not excused.get(name))
    for name in sorted(excused.keys() - found.keys()):
        yield Problem(EXCEPTIONS, 1, RULE, f"{name} needs no exception any more", "Remove it and lower `most`")
    if len(excused) != listed["most"]:
        wrong = f"{len(excused)} exceptions stand here and `most` says {listed['most']}"
        yield Problem(EXCEPTIONS, 1, RULE, wrong, "Split what is too long; when one goes, lower `most`; it never rises")


def summary(tree: Tree) -> str:
    """One line: median, 90th percentile and largest of files and functions, so that the trend is seen."""
    product = {path: text for path, text in tree.items() if path.startswith(("src/", "web/src/"))}
    functions = [length for _, length, _ in _python_functions(product)]
    files = {
        "Python files": [text.count("\n") for path, text in product.items() if path.endswith(".py") and text],
        "functions": functions,
        "TypeScript files": [text.count("\n") for _, text in typescript_files(product)],
    }
    return "lines (median/p90/most): " + ", ".join(f"{name} {_spread(sizes)}" for name, sizes in files.items())


def _spread(sizes: list[int]) -> str:
    if len(sizes) < 2:
        return "/".join(map(str, sizes)) or "none"
    ninetieth = statistics.quantiles(sizes, n=10, method="inclusive")[-1]
    return f"{statistics.median(sizes):.0f}/{ninetieth:.0f}/{max(sizes)}"


def _too_long(tree: Tree) -> Iterator[tuple[str, Problem]]:
    for path, text in tree.items():
        limit = _file_limit(path)
        if limit and text.count("\n") > limit:
            yield path, _problem(path, 1, f"{text.count(chr(10))} lines, the limit of a file is {limit}")
    for name, length, line in _python_functions(tree):
        if length > PYTHON_FUNCTION:
            wrong = f"{length} lines, the limit of a function is {PYTHON_FUNCTION}"
            yield name, _problem(name.split("::")[0], line, f"{name.split('::')[1]} has {wrong}")
    for path, text in typescript_files(tree):
        for name, length, line in _components(path, text):
            if length > COMPONENT:
                wrong = f"{name} has {length} lines, the limit of a component is {COMPONENT}"
                yield f"{path}::{name}", _problem(path, line, wrong)


def _problem(path: str, line: int, wrong: str) -> Problem:
    return Problem(
        path,
        line,
        RULE,
        wrong,
        "Split it where the subject changes; a file becomes a package of the same name",
    )


def _file_limit(path: str) -> int | None:
    if path.endswith((".d.ts", ".gen.ts")):
        return None
    return PYTHON_FILE if path.endswith(".py") else TYPESCRIPT_FILE if path.endswith((".ts", ".tsx")) else None


def _python_functions(tree: Tree) -> Iterator[tuple[str, int, int]]:
    for path, module in python_files(tree):
        for node in ast.walk(module):
            if isinstance(node, Function):
                yield f"{path}::{node.name}", _length(node), node.lineno


def _length(node: Function) -> int:
    """Lines of a function; its docstring is not counted, or it would be written shorter than it should be."""
    docstring = node.body[0] if ast.get_docstring(node, clean=False) is not None else None
    spent = (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1 if docstring else 0
    return (node.end_lineno or node.lineno) - node.lineno + 1 - spent


def _components(path: str, text: str) -> Iterator[tuple[str, int, int]]:
    """Top-level names with a capital in a .tsx file; formatted code closes them at the start of a line."""
    if not path.endswith(".tsx"):
        return
    lines = text.split("\n")
    for start, line in enumerate(lines):
        if found := COMPONENT_START.match(line):
            rest = range(start, len(lines))
            end = next(
                (i for i in rest if lines[i].startswith(("}", ")")) or (i == start and line.endswith(";"))),
                start,
            )
            yield found[1], end - start + 1, start + 1
