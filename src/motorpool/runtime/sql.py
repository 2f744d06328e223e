"""Lists in SQL: conditions, sort and keyset pages, composed from named constants. No text of a user ever becomes SQL."""

import base64
import binascii
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from motorpool.kernel.errors import Malformed
from motorpool.runtime.db import Work


class CursorInvalid(Malformed):
    """This cursor does not belong to this list; begin again without one."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition in SQL with the values of its placeholders."""

    sql: str
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sort:
    """A declared order of a list: columns that together are unique, with how to read each from a cursor."""

    name: str
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    kinds: tuple[type, ...]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page and the cursor of the next; None at the end."""

    rows: list[dict[str, Any]]
    next: str | None


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise CursorInvalid
    return value


def _integer(value: Any) -> int:
    if type(value) is not int or not -(2**63) <= value < 2**63:
        raise CursorInvalid
    return value


def _instant(value: Any) -> datetime:
    at = datetime.fromisoformat(_text(value))
    if at.tzinfo is None:
        raise CursorInvalid
    return at.astimezone(UTC)


READERS: dict[type, Callable[[Any], Any]] = {
    str: _text,
    int: _integer,
    UUID: lambda value: UUID(_text(value)),
    datetime: _instant,
}


async def page(
    work: Work, select: str, conditions: Sequence[Condition], sort: Sort, limit: int, cursor: str | None
) -> Page:
    """One page of `select`, a constant that ends before its `where`. Raises CursorInvalid."""
    given = [*conditions, *([_after(sort, cursor)] if cursor else [])]
    direction = "desc" if sort.descending else "asc"
    query = (
        compose(select, given)
        + f" order by {', '.join(f'{column} {direction}' for column in sort.columns)} limit %(page_limit)s"
    )
    params = {name: value for one in given for name, value in one.params.items()}
    rows = await work.all(query, {**params, "page_limit": limit + 1})
    shown = rows[:limit]
    return Page(rows=shown, next=_cursor(sort, shown[-1]) if len(rows) > limit else None)


def compose(select: str, conditions: Sequence[Condition]) -> str:
    """`select` with its conditions joined by `and`."""
    if not conditions:
        return select
    return f"{select} where " + " and ".join(f"({one.sql})" for one in conditions)


def _after(sort: Sort, cursor: str) -> Condition:
    sign = "<" if sort.descending else ">"
    names = [f"after_{index}" for index in range(len(sort.columns))]
    values = _read_cursor(sort, cursor)
    placeholders = ", ".join(f"%({name})s" for name in names)
    return Condition(f"({', '.join(sort.columns)}) {sign} ({placeholders})", dict(zip(names, values, strict=True)))


def _cursor(sort: Sort, row: dict[str, Any]) -> str:
    raw = msgspec.json.encode([_mark(sort), *(row[key] for key in sort.keys)])
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _mark(sort: Sort) -> int:
    """What tells the cursors of one list and order from those of all others."""
    return zlib.crc32(" ".join((sort.name, *sort.columns)).encode())


def _read_cursor(sort: Sort, cursor: str) -> list[Any]:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        mark, *values = msgspec.json.decode(raw, type=list[Any])
        if mark != _mark(sort) or len(values) != len(sort.kinds):
            raise CursorInvalid
        return [READERS[kind](value) for kind, value in zip(sort.kinds, values, strict=True)]
    except (binascii.Error, msgspec.MsgspecError, ValueError, OverflowError, RecursionError) as error:
        raise CursorInvalid from error
