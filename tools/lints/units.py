"""Units: a number called `speed` has cost spacecraft; here every quantity carries its unit in its name.

SI inside (`speed_mps`, `distance_m`, `temperature_c`), converted at the edge. Looks at parameters and fields
of Python, fields of TypeScript and columns of SQL. A `timedelta` knows its unit and may be called `duration`.
"""

import ast
import re
from collections.abc import Iterator

from tools.lints.tree import Function, Problem, Tree, line_of, python_files, typescript_files

RULE = "unit"
UNITS = {
    "speed": "speed_mps", "velocity": "velocity_mps", "distance": "distance_m", "odometer": "odometer_m",
    "mileage": "odometer_m", "range": "range_m", "radius": "radius_m", "altitude": "altitude_m",
    "elevation": "elevation_m", "accuracy": "accuracy_m", "heading": "heading_deg", "bearing": "bearing_deg",
    "course": "heading_deg",
    "temperature": "temperature_c", "coolant": "coolant_c", "voltage": "voltage_v", "battery": "battery_v",
    "current": "current_a", "pressure": "pressure_pa", "power": "power_w", "energy": "energy_wh",
    "weight": "mass_kg", "mass": "mass_kg", "fuel": "fuel_percent or fuel_l", "duration": "duration_s",
    "elapsed": "elapsed_s", "age": "age_s", "price": "price_cents", "cost": "cost_cents",
}  # fmt: skip
TYPES = r"(?:smallint|int|integer|bigint|real|double precision|float[48]?|numeric)\b"
COLUMN = re.compile(rf"^\s*({'|'.join(UNITS)})\s+{TYPES}", re.MULTILINE | re.IGNORECASE)
# `bearing` is the map library's own word for its camera.
TYPESCRIPT_NAMES = "|".join(name for name in UNITS if name != "bearing")
TYPESCRIPT_FIELD = re.compile(rf"^\s*(?:readonly\s+)?({TYPESCRIPT_NAMES})\??:\s*(?:number\b|\w+Array\b)", re.MULTILINE)

GOOD = (
    {"src/motorpool/telemetry/batch.py": "class Fixes:\n    speed_mps: float\n    heading_deg: float\n"},
    {"src/motorpool/apps/cli.py": "def replay(speed_factor: float): ...\n"},
    {"src/motorpool/runtime/db.py": "def wait(duration: timedelta): ...\n"},
    {"src/motorpool/migrations/a.sql": "create table trips (\n  distance_m double precision\n);\n"},
    {"web/src/realtime/columns.ts": "export type Fix = {\n  speed_mps: number;\n  range: Range;\n};\n"},
    {"web/src/map/view.ts": "export type View = {\n  bearing: number;\n};\n"},
)
BAD = (
    {"src/motorpool/telemetry/batch.py": "class Fixes:\n    speed: float\n"},
    {"src/motorpool/science/geo/sphere.py": "def move(lat_deg, lon_deg, *, distance): ...\n"},
    {"src/motorpool/migrations/a.sql": "create table trips (\n  distance double precision\n);\n"},
    {"src/motorpool/migrations/a.py": 'A = """\ncreate table trips (\n  odometer bigint\n)"""\n'},
    {"web/src/realtime/columns.ts": "export type Fix = {\n  heading?: number;\n};\n"},
)


def check(tree: Tree) -> Iterator[Problem]:
    """Quantities without a unit."""
    for path, module in python_files(tree):
        for name, line in _quantities(module):
            yield _problem(path, line, name)
    for path, text in tree.items():
        if path.startswith("src/motorpool/migrations/"):
            yield from _matches(path, text, COLUMN)
    for path, text in typescript_files(tree):
        yield from _matches(path, text, TYPESCRIPT_FIELD)


def _quantities(module: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(module):
        if isinstance(node, Function):
            every = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
            yield from ((arg.arg, arg.lineno) for arg in every if _is_bare(arg.arg, arg.annotation))
        if isinstance(node, ast.ClassDef):
            fields = (
                item for item in node.body if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
            )
            named = ((item.target.id, item) for item in fields if isinstance(item.target, ast.Name))
            yield from ((name, item.lineno) for name, item in named if _is_bare(name, item.annotation))


def _is_bare(name: str, annotation: ast.expr | None) -> bool:
    """Whether the name is a quantity and its type is a number, an array or not said."""
    if name not in UNITS:
        return False
    written = ast.unparse(annotation) if annotation else "float"
    return bool(
        re.search(
            r"\b(float|int|Any|Decimal|ndarray|NDArray|[A-Za-z]*(?:Int|Float)s?\d*|float32|float64)\b",
            written,
        )
    )


def _matches(path: str, text: str, pattern: re.Pattern[str]) -> Iterator[Problem]:
    for found in pattern.finditer(text):
        yield _problem(path, line_of(text, found.start(1)), found[1])


def _problem(path: str, line: int, name: str) -> Problem:
    return Problem(
        path,
        line,
        RULE,
        f"`{name}` does not say its unit",
        f"Call it {UNITS[name.lower()]}, or say what else it is",
    )
