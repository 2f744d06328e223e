"""Write `docs/reference/` from the code: `python -m tools.reference` (or `make docs`).

Each page has one function here. `tests/contract/test_reference.py` writes them again in memory and compares,
so a page cannot go stale. An event that changed under its old name is refused: stored events of that name
would not be read.
"""

import importlib
import json
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import grimp

import motorpool
from motorpool.kernel.errors import MotorpoolError
from motorpool.kernel.events import Event

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "reference"
SERVED = PAGES.parent.parent / "src/motorpool/apps/openapi.json"
"""What the API answers at /openapi.json."""
HEAD = "<!-- Written by `make docs` from the code. Do not edit. -->\n\n"
# Alembic's files act when they are imported, and hold no event and no error.
NOT_IMPORTED = ("motorpool.migrations.env", "motorpool.migrations.versions")

Schema = dict[str, Any]
Kind = TypeVar("Kind")


class Missing(Exception):
    """What a page is written from does not exist."""


class EventChanged(Exception):
    """A stored event has a new shape under its old name."""


def import_everything() -> None:
    """Import every module of the product, so that all subclasses are known."""
    for module in pkgutil.walk_packages(motorpool.__path__, "motorpool."):
        if not module.name.startswith(NOT_IMPORTED) and not module.name.endswith(".__main__"):
            importlib.import_module(module.name)


def find(module: str, name: str) -> Any:
    """An attribute of a module of the product. Raises Missing with the place where it should be."""
    try:
        return getattr(importlib.import_module(module), name)
    except (ModuleNotFoundError, AttributeError) as error:
        raise Missing(
            f"{module}.{name} does not exist, and a page of docs/reference is written from it: {error}"
        ) from error


def subclasses(parent: type[Kind], package: str = "motorpool.") -> Iterator[type[Kind]]:
    """All classes of a package below `parent`, each once.

    A dataclass with slots is made twice, and the first of the two still counts as a subclass: the one its
    module knows is the real one.
    """
    for child in parent.__subclasses__():
        yield from subclasses(child, package)
        known = getattr(sys.modules[child.__module__], child.__name__, None)
        if known is child and child.__module__.startswith(package):
            yield child


def sentence(kind: type) -> str:
    """The first line of a class's docstring; empty for what a dataclass writes by itself."""
    first = (kind.__doc__ or "").strip().split("\n")[0]
    return "" if first.startswith(f"{kind.__name__}(") else first


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    cells = [list(head)]
    cells.append(["---"] * len(cells[0]))
    cells += [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in cells)


def settings_page(settings: Iterable[Any]) -> str:
    """Every setting: name, kind, default, unit, sentence."""
    rows = (
        (f"`{one.name}`", one.kind, f"`{one.default}`" if one.default else "(empty)", one.unit, one.sentence)
        for one in settings
    )
    head = "# Settings\n\nEnvironment variables, read at start. A value that cannot be used stops the start.\n\n"
    return HEAD + head + table(("name", "kind", "default", "unit", "what it does"), rows)


def event_schema(kind: type[Event]) -> Schema:
    """What is stored of an event: stream, audience, and each field's type and whether it must be there."""
    hints = get_type_hints(kind)
    described = {
        field.name: {
            "type": _type_name(hints[field.name]),
            "required": field.default is MISSING and field.default_factory is MISSING,
        }
        for field in fields(kind)
    }
    return {"stream": kind.STREAM, "audience": kind.AUDIENCE, "fields": described}


def _type_name(hint: Any) -> str:
    return hint.__name__ if isinstance(hint, type) else str(hint).replace("uuid.", "").replace("datetime.", "")


def events() -> list[type[Event]]:
    """All events of the product that have a name, by name."""
    return sorted((kind for kind in subclasses(Event) if kind.NAME), key=lambda kind: kind.NAME)


def events_page(kinds: Iterable[type[Event]]) -> str:
    """Every event with its fields, for those who subscribe."""
    head = "# Events\n\nFacts, stored in the transaction that made them true. A changed event gets a new name.\n"
    parts = [HEAD, head]
    for kind in kinds:
        schema = event_schema(kind)
        audience = f"seen live with `{kind.AUDIENCE}`" if kind.AUDIENCE else "seen live by nobody"
        parts.append(f"\n## {kind.NAME}\n\n{sentence(kind)} Stream `{kind.STREAM}`, {audience}.\n\n")
        rows = (
            (f"`{name}`", one["type"], "" if one["required"] else "may be missing")
            for name, one in schema["fields"].items()
        )
        parts.append(table(("field", "type", ""), rows))
    return "".join(parts)


def events_snapshot(kinds: Iterable[type[Event]]) -> str:
    """The schemas of all events as JSON, to be compared with the stored ones."""
    return json.dumps({kind.NAME: event_schema(kind) for kind in kinds}, indent=1, sort_keys=True) + "\n"


def changed_events(before: Schema, after: Schema) -> list[str]:
    """Sentences about events whose stored form would not be read any more; new optional fields are fine."""
    said = []
    for name, old in before.items():
        new = after.get(name)
        if new is None:
            said.append(f"{name} is gone, but stored events of that name must still be read")
            continue
        known = old["fields"]
        broken = {field for field, one in known.items() if new["fields"].get(field) != one}
        added = {field for field, one in new["fields"].items() if field not in known and one["required"]}
        if old["stream"] != new["stream"] or broken or added:
            what = ", ".join(sorted(broken | added)) or "its stream"
            said.append(f"{name} changed ({what}): give the new form a new version, {_next_version(name)}")
    return said


def _next_version(name: str) -> str:
    stem, _, number = name.rpartition(".v")
    return f"{stem}.v{int(number) + 1}"


def errors_page(kinds: Iterable[type[MotorpoolError]]) -> str:
    """Every error a client may see."""
    rows = sorted((f"`{kind.code}`", str(kind.status), sentence(kind)) for kind in kinds)
    head = "# Errors\n\n`application/problem+json`: `code` is stable, `detail` is a sentence for people.\n\n"
    return HEAD + head + table(("code", "status", "sentence"), rows)


def imports_page(graph: grimp.ImportGraph) -> str:
    """Who imports whom, package by package and feature by feature, drawn with the number of imports."""
    packages = _drawing(graph, graph.find_children("motorpool"))
    features = _drawing(graph, graph.find_children("motorpool.features"))
    head = "# Imports\n\nArrows point at what is imported, with their number. Rules: ARCHITECTURE.md.\n\n"
    return f"{HEAD}{head}## Packages\n\n{packages}\n## Features\n\n{features}"


def _drawing(graph: grimp.ImportGraph, nodes: Iterable[str]) -> str:
    inside = {node: {node} | graph.find_descendants(node) for node in sorted(nodes)}
    owner = {module: node for node, modules in inside.items() for module in modules}
    counts: dict[tuple[str, str], int] = {}
    for module, node in owner.items():
        for imported in graph.find_modules_directly_imported_by(module):
            target = owner.get(imported)
            if target and target != node:
                counts[node, target] = counts.get((node, target), 0) + 1
    lines = [f"  {node.rpartition('.')[2]}" for node in inside]
    lines += [f"  {a.rpartition('.')[2]} -->|{n}| {b.rpartition('.')[2]}" for (a, b), n in sorted(counts.items())]
    return "```mermaid\nflowchart TD\n" + "\n".join(lines) + "\n```\n"


def pages() -> dict[str, str]:
    """File name → text of every generated page. Raises Missing."""
    import_everything()
    kinds = events()
    return {
        "settings.md": settings_page(find("motorpool.runtime.settings", "SETTINGS")),
        "events.md": events_page(kinds),
        "events.json": events_snapshot(kinds),
        "errors.md": errors_page(subclasses(MotorpoolError)),
        "imports.md": imports_page(grimp.build_graph("motorpool", cache_dir=None)),
        "openapi.json": json.dumps(find("motorpool.apps.api", "openapi")(), indent=1, sort_keys=True) + "\n",
    }


def write(folder: Path, texts: dict[str, str]) -> list[str]:
    """Write pages that differ; the names of those. Raises EventChanged before anything is written."""
    stored = folder / "events.json"
    before = json.loads(stored.read_text()) if stored.exists() else {}
    if said := changed_events(before, json.loads(texts["events.json"])):
        raise EventChanged("\n".join(said))
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, text in texts.items():
        page = folder / name
        if not page.exists() or page.read_text() != text:
            page.write_text(text)
            changed.append(name)
    return changed


def main() -> int:
    """Write the pages and say which changed."""
    try:
        texts = pages()
        changed = write(PAGES, texts)
        SERVED.write_text(texts["openapi.json"])
    except (Missing, EventChanged) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"docs/reference: {', '.join(changed) or 'nothing'} changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
