"""Events: facts in the past tense, few, typed, kept for ever.

An event class is a frozen dataclass with `NAME` (`feature.fact_in_past.v1`), `STREAM` (the kind of thing it happened to) and
`AUDIENCE` (the permission to see it live; None: nobody). It carries ids and business values, never a person's name, address,
e-mail or telephone number.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from types import UnionType
from typing import Any, ClassVar, Self, get_args, get_origin, get_type_hints
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Event:
    """A fact. Subclasses name what happened and to which stream it belongs."""

    NAME: ClassVar[str] = ""
    STREAM: ClassVar[str] = ""
    AUDIENCE: ClassVar[str | None] = None

    def stream_id(self) -> UUID:
        """The id of the thing it happened to: by rule the field `<STREAM>_id`."""
        found = getattr(self, f"{self.STREAM}_id")
        assert isinstance(found, UUID)  # noqa: S101 - a wrongly declared event is a programming error
        return found

    def to_data(self) -> dict[str, Any]:
        """The fields as JSON values: ids and times as text."""
        return {field.name: _to_json(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        """The event of stored JSON values; fields added later take their defaults."""
        hints = get_type_hints(cls)
        return cls(**{f.name: _from_json(hints[f.name], data[f.name]) for f in fields(cls) if f.name in data})


def _to_json(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value


def _from_json(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    kind = next(iter(a for a in get_args(hint) if a is not type(None))) if get_origin(hint) is UnionType else hint
    if kind is UUID:
        return UUID(value)
    return datetime.fromisoformat(value) if kind is datetime else value
