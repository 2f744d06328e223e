"""Every SQL constant of the package, with the role it runs as, ready to be prepared."""

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import motorpool

SOURCE = Path(motorpool.__file__).parent
LOOKED_AT = ("runtime", "features", "telemetry", "apps", "migrations")
SQL = re.compile(r"\s*(select|insert|update|delete|with|copy|create|alter|drop|grant|set)\s", re.IGNORECASE)
PREPARABLE = re.compile(r"\s*(select|insert|update|delete|with)\s", re.IGNORECASE)
PLACEHOLDER = re.compile(r"%\((\w+)\)s|%s")

ASKED_BY = ("execute", "executemany", "all", "one", "run", "many", "SQL")

ROLE_OF_MODULE = {
    "runtime.db": ("app", "control"),
    "runtime.http.work": ("app",),
    "runtime.outbox": ("relay",),
    "runtime.outbox_sql": ("relay",),
    "features": ("app",),
    "telemetry": ("ingest",),
    "telemetry.api": ("app",),
    "apps.worker": ("relay",),
    "migrations.run": ("owner",),
}
"""The longest prefix that fits says which roles run the constants of a module."""

ROLE_OF_CONSTANT = {
    "runtime.db.WHO_COULD_BYPASS": ("app", "ingest", "identity", "relay", "control"),
    "runtime.outbox.LOCK_CURSOR": ("app",),
    "runtime.outbox.MOVE_CURSOR": ("app", "relay"),
    "runtime.outbox_sql.APPEND_EVENT": ("app", "ingest", "control"),
    "runtime.outbox_sql.READ_EVENTS_OF_TENANT": ("app",),
    "runtime.outbox_sql.NEWEST_OF_TENANT": ("app",),
    "features.accounts.store.PERSON_BY_EMAIL": ("identity", "control"),
    "features.accounts.store.TENANT_BY_SLUG": ("identity", "control"),
    "features.accounts.store.INSERT_TENANT": ("control",),
    "features.accounts.store.INSERT_PERSON": ("control",),
    "features.accounts.store.INSERT_MEMBERSHIP": ("control",),
    **{
        f"features.accounts.store.{name}": ("identity",)
        for name in (
            "PERSON_BY_ID", "MEMBERSHIPS_OF", "INSERT_SESSION", "REVOKE_SESSION", "SESSION_BY_TOKEN", "SESSION_BY_ID",
            "API_KEY_BY_ID", "TENANT_BY_ID",
        )
    },
}  # fmt: skip

TYPES = {
    "id": "uuid", "tenant_id": "uuid", "vehicle_id": "uuid", "device_id": "uuid", "fleet_id": "uuid", "person_id": "uuid",
    "stream_id": "uuid", "actor_id": "uuid", "correlation_id": "uuid", "causation_id": "uuid", "trip_id": "uuid",
    "numbers": "int[]", "data": "jsonb", "cursor": "bigint", "position": "bigint", "limit": "int", "day": "date",
    "first": "timestamptz", "checkpoint_at": "timestamptz", "open_started_at": "timestamptz", "from_at": "timestamptz",
    "expires_at": "timestamptz", "vehicle_no": "int", "tenant_no": "int", "device_no": "int", "shard": "int", "epoch": "bigint",
}  # fmt: skip
"""Types of placeholders as the driver sends them; text goes untyped."""

UNTYPED = {"runtime.db.ENTER"}
"""Settings are text whatever their name."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A constant `module.NAME`, its text, and the roles that run it."""

    name: str
    text: str
    roles: tuple[str, ...]

    def numbered(self) -> tuple[str, int]:
        """The text with `$1, $2 …` for its placeholders, and how many there are."""
        order: dict[str, int] = {}

        def number(found: re.Match[str]) -> str:
            name = found[1] or f"unnamed {len(order)}"
            place = f"${order.setdefault(name, len(order) + 1)}"
            kind = None if self.name in UNTYPED else TYPES.get(name)
            return f"{place}::{kind}" if kind else place

        return PLACEHOLDER.sub(number, self.text).replace("%%", "%"), len(order)


def modules() -> Iterator[tuple[str, Path]]:
    """(dotted name below motorpool, file) of every module that may hold SQL."""
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        if parts[0] in LOOKED_AT and parts[:2] != ("migrations", "versions") and path.name != "env.py":
            yield ".".join(part for part in parts if part != "__init__"), path


def statements() -> list[Statement]:
    """Every module-level constant that is SQL and stands on its own."""
    return [
        Statement(f"{module}.{name}", text, roles_of(module, name))
        for module, path in modules()
        for name, text in constants(importlib.import_module(f"motorpool.{module}"), path)
        if SQL.match(text)
    ]


def constants(module: ModuleType, path: Path) -> Iterator[tuple[str, str]]:
    """Upper-case text constants a module itself assigns."""
    for node in ast.parse(path.read_text()).body:
        for target in node.targets if isinstance(node, ast.Assign) else []:
            if isinstance(target, ast.Name) and target.id.isupper() and isinstance(getattr(module, target.id), str):
                yield target.id, getattr(module, target.id)


def roles_of(module: str, name: str) -> tuple[str, ...]:
    """The roles that run a constant; none when nobody said."""
    known = ROLE_OF_CONSTANT.get(f"{module}.{name}")
    if known is not None:
        return known
    fitting = [prefix for prefix in ROLE_OF_MODULE if module == prefix or module.startswith(f"{prefix}.")]
    return ROLE_OF_MODULE[max(fitting, key=len)] if fitting else ()


def sql_inside_functions() -> list[str]:
    """`module: text` of every SQL text that is written inside a function, where no test would find it."""
    found = []
    for module, path in modules():
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                found += [f"{module}: {text}" for text in _texts(function) if SQL.match(text)]
    return sorted(set(found))


def _texts(function: ast.AST) -> Iterator[str]:
    for call in ast.walk(function):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in ASKED_BY:
            yield from (one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str))
