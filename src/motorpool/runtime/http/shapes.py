"""Shapes all features use: strict input, pages, the types of fields."""

from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

T = TypeVar("T")


def _readable(value: str) -> str:
    if any(ord(sign) < 32 and sign not in "\t\n\r" for sign in value):
        raise ValueError("must not hold control characters")
    return value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_readable)]
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
