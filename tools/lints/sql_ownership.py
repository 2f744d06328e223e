"""SQL ownership: a table has one owner; whoever else writes it breaks rules it cannot see.

A feature's `feature.py`, and a module of `telemetry`, has a line `Owns: vehicles, fleets` in its docstring.
SQL in a feature or in telemetry names only what it owns, and views that end in `_public`. Elsewhere in the
product, SQL names nothing that a feature or telemetry owns. Outside features, a module that must read a table
of another says `Reads: tenants` in its docstring; that never allows writing.
"""

import ast
import re
from collections.abc import Iterator, Mapping

from tools.lints.tree import Problem, Tree, line_of, python_files

RULE = "ownership"
SQL = re.compile(
    r"\s*(?:--[^\n]*\n\s*)*(?:with|select|insert|update|delete|copy|merge|WITH|SELECT|INSERT|UPDATE|DELETE|COPY|MERGE)\s"
)
NOISE = re.compile(
    r"--[^\n]*|'(?:[^']|'')*'|\bis (?:not )?distinct from\b|\bfor (?:no key )?(?:update|share)\b"
    r"|\bdo update\b|\b(?:extract|substring|trim|overlay)\s*\([^()]*?\bfrom\b",
    re.IGNORECASE,
)
COMMON = re.compile(
    r"(?:\bwith(?: recursive)?|,)\s+(\w+)(?:\s*\([^()]*\))?\s+as\s+(?:(?:not )?materialized\s+)?\(",
    re.IGNORECASE,
)
TABLE = re.compile(
    r"\b(delete from|insert into|merge into|update|copy|from|join|using)\s+"
    r"(?:only\s+|lateral\s+)?([a-z_][\w.]*)(?!\s*\(|[\w.])",
    re.IGNORECASE,
)
INTO = re.compile(r"\b(insert into|copy)\s+([a-z_][\w.]*)", re.IGNORECASE)
READING = ("from", "join", "using")
NOT_TABLES = frozenset(["select", "set", "lateral", "values", "unnest", "stdin", "stdout", "only"])
STRICT = ("motorpool.features.", "motorpool.telemetry")

_OWNER = '"""Vehicles and their fleets.\n\nOwns: vehicles, fleets\n"""\n'
_READER = '"""Who asks.\n\nReads: vehicles, because the scope is asked before any feature.\n"""\n'
_FOLDER = "src/motorpool/features/vehicles"
GOOD = (
    {
        f"{_FOLDER}/feature.py": _OWNER,
        f"{_FOLDER}/store.py": 'A = "select id from vehicles join devices_public using (id)"\n',
    },
    {
        f"{_FOLDER}/feature.py": _OWNER,
        f"{_FOLDER}/store.py": 'A = "with new as (select 1) select * from new, generate_series(1, 2)"\n',
    },
    {
        f"{_FOLDER}/feature.py": _OWNER,
        f"{_FOLDER}/store.py": 'A = "insert into fleets (id) values (%s) on conflict do update set id = 1"\n',
    },
    {
        f"{_FOLDER}/feature.py": _OWNER,
        "src/motorpool/runtime/auth.py": f'{_READER}A = "select 1 from vehicles"\n',
    },
    {f"{_FOLDER}/model.py": 'A = "Select a vehicle from the list"\n'},
    {"src/motorpool/runtime/outbox.py": 'A = "select id from events for update skip locked"\n'},
)
BAD = (
    {f"{_FOLDER}/feature.py": _OWNER, f"{_FOLDER}/store.py": 'A = "select id from devices"\n'},
    {f"{_FOLDER}/feature.py": _OWNER, f"{_FOLDER}/store.py": 'A = "insert into devices (id) values (1)"\n'},
    {
        f"{_FOLDER}/feature.py": _OWNER,
        f"{_FOLDER}/store.py": 'A = "with a as (select 1) update devices set id = 1"\n',
    },
    {f"{_FOLDER}/store.py": 'A = "select id from vehicles"\n'},
    {f"{_FOLDER}/store.py": f'{_READER}A = "select id from vehicles"\n'},
    {
        f"{_FOLDER}/feature.py": _OWNER,
        "src/motorpool/runtime/auth.py": f'{_READER}A = "update vehicles set a = 1"\n',
    },
    {f"{_FOLDER}/feature.py": _OWNER, "src/motorpool/apps/cli.py": 'A = "delete from vehicles"\n'},
    {
        f"{_FOLDER}/feature.py": _OWNER,
        "src/motorpool/features/trips/queries.py": 'A = f"select {x} from fleets"\n',
    },
    {
        "src/motorpool/telemetry/store.py": '"""Rows.\n\nOwns: positions, latest\n"""\n',
        "src/motorpool/features/trips/queries.py": 'A = "select at from positions"\n',
    },
)


def check(tree: Tree) -> Iterator[Problem]:
    """Tables named in SQL outside their owner."""
    modules = {path: module for path, module in python_files(tree) if path.startswith("src/motorpool/")}
    owned = _owned(modules)
    guarded = {table: unit for unit, tables in owned.items() if unit.startswith(STRICT) for table in tables}
    for path, module in modules.items():
        unit = _unit(path)
        free = owned.get(unit, frozenset())
        read = free if unit.startswith("motorpool.features.") else free | _named(module, "Reads")
        for verb, table, line in _tables(module) if unit != "motorpool.migrations" else ():
            if table in (read if verb in READING else free) or table.endswith("_public"):
                continue
            if unit.startswith(STRICT) or table in guarded:
                yield _problem(path, line, table, unit, guarded.get(table))


def _problem(path: str, line: int, table: str, unit: str, owner: str | None) -> Problem:
    wrong = f"`{table}` belongs to {owner}" if owner else f"no `Owns:` line of {unit} names `{table}`"
    remedy = f"Read `{table}_public` or call the owner's api; a table of its own is named in the `Owns:` line"
    return Problem(path, line, RULE, wrong, remedy)


def _unit(path: str) -> str:
    """Who a file belongs to: its feature, or its package."""
    parts = path.removeprefix("src/").removesuffix(".py").split("/")
    return ".".join(parts[: 3 if parts[1:2] == ["features"] else 2])


def _owned(modules: Mapping[str, ast.Module]) -> dict[str, frozenset[str]]:
    owned: dict[str, frozenset[str]] = {}
    for path, module in modules.items():
        owned[_unit(path)] = owned.get(_unit(path), frozenset()) | _named(module, "Owns")
    return owned


def _named(module: ast.Module, word: str) -> frozenset[str]:
    """The names after `Owns:` or `Reads:` in a module's docstring, up to the end of the paragraph."""
    found = re.search(rf"^{word}:\s*(.+(?:\n(?!\w+:)[^\n]+)*)", ast.get_docstring(module) or "", re.MULTILINE)
    return frozenset(re.findall(r"\w+", found[1])) if found else frozenset()


def _tables(module: ast.Module) -> Iterator[tuple[str, str, int]]:
    """Verb, table and line of every table that SQL in this module names."""
    for text, line in _statements(module):
        plain = NOISE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
        ours = {name.lower() for name in COMMON.findall(plain)} | NOT_TABLES
        for found in sorted((*TABLE.finditer(plain), *INTO.finditer(plain)), key=lambda one: one.start()):
            name = found[2].lower()
            if name not in ours and not name.startswith(("pg_", "information_schema.")):
                yield found[1].lower(), name, line + line_of(plain, found.start()) - 1


def _statements(module: ast.Module) -> Iterator[tuple[str, int]]:
    """String constants that are SQL; the gaps of an f-string become a word that is no table."""
    inner = {id(part) for node in ast.walk(module) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(module):
        text = ""
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            text = node.value
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(p.value) if isinstance(p, ast.Constant) else " select " for p in node.values)
        if SQL.match(text) and isinstance(node, ast.expr):
            yield text, node.lineno
