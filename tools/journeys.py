"""Read the tables of `docs/journeys/*.md` and find out whether what they name still exists."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

ROW = re.compile(r"\|\s*(?P<number>\d+\w?)\s*\|\s*`(?P<where>[^`]+)`\s*\|\s*(?P<names>[^|]*)\|")
DECLARED = re.compile(r"\b(?:function\*?|const|class|let)\s+([A-Za-z_$][\w$]*)")
METHOD = re.compile(
    r"^\s+(?:(?:public|private|async|static|readonly|get|set)\s+)*#?([A-Za-z_$][\w$]*)\s*"
    r"(?:\(|= (?:async )?\()",
    re.MULTILINE,
)
NAME = re.compile(r"`([A-Za-z_$][\w.$]*)")


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a journey: the file, and a function or class in it; a method is `Class.method`."""

    page: str
    number: str
    where: str
    name: str


def steps(page: str, text: str) -> list[Step]:
    """The steps of one page; two functions in a row are two steps, none is an empty name."""
    found = []
    for row in ROW.finditer(text):
        names = NAME.findall(row["names"]) or [""]
        found += [Step(page, row["number"], row["where"], name) for name in names]
    return found


def path_of(root: Path, where: str) -> Path:
    """The file a row means: from the root for `web/…` and `tests/…`, otherwise inside the Python package."""
    outside = where.startswith(("web/", "tests/", "tools/"))
    return root / where if outside else root / "src" / "motorpool" / where


def complaints(root: Path, page: str, text: str) -> list[str]:
    """What is no longer true in a page, as sentences."""
    found = steps(page, text)
    return [said for step in found if (said := _complaint(root, step))] or ([] if found else [f"{page} has no steps"])


def _complaint(root: Path, step: Step) -> str:
    place = f"{step.page}, step {step.number}"
    path = path_of(root, step.where)
    if not path.is_file():
        return f"{place}: there is no file {step.where}"
    if not step.name:
        return f"{place}: no function is named"
    text = path.read_text(encoding="utf-8")
    known = _python_names(text) if path.suffix == ".py" else _typescript_names(text)
    return "" if step.name in known else f"{place}: {step.where} has no {step.name}"


def _python_names(text: str) -> set[str]:
    names = set[str]()
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names |= {node.name} | {f"{node.name}.{inner}" for inner in _functions(node)}
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def _functions(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    return {inner.name for inner in node.body if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef)}


def _typescript_names(text: str) -> set[str]:
    """Functions, constants and classes at any depth; a method by its name and by `Class.method`."""
    names = set(DECLARED.findall(text))
    classes = re.findall(r"\bclass\s+([A-Za-z_$][\w$]*)", text)
    methods = set(METHOD.findall(text)) if classes else set()
    return names | methods | {f"{one}.{inner}" for one in classes for inner in methods}
