"""Shapes all features use: strict input, pages, the types of fields."""

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

T = TypeVar("T")


def _readable(value: str) -> str:
    if any(ord(sign) < 32 and sign not in "\t\n\r" for sign in value):
        raise ValueError("must not hold control characters")
    return value


def _utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("must lie between the years 1 and 9999") from error


Instant = Annotated[AwareDatetime, AfterValidator(_utc)]
Readable = AfterValidator(_readable)
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Readable]
ShortText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(_readable)
]
Integer = Annotated[int, Field(strict=True, ge=-(2**31), le=2**31 - 1)]
Boolean = Annotated[bool, Field(strict=True)]


class Input(BaseModel):
    """What a client sends: nothing unknown, no infinities."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, str_max_length=10_000)


class Output(BaseModel):
    """What a client gets."""

    model_config = ConfigDict(from_attributes=True)


class PageOut(Output):
    """Where a list goes on: send `next` as `cursor`; null at the end."""

    next: str | None
    limit: int


class ListOut(Output, Generic[T]):
    """A page of a list."""

    data: list[T]
    page: PageOut


def page_out(next_cursor: str | None, limit: int) -> dict[str, Any]:
    """The `page` of a list answer."""
    return {"next": next_cursor, "limit": limit}
