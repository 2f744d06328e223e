"""A list as the client wants it: a page of JSON, or the whole as CSV or NDJSON in a stream."""

import csv
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Annotated, get_args

from fastapi import Query, Request
from pydantic import BaseModel
from starlette.responses import Response, StreamingResponse

from motorpool.runtime.http.shapes import ListOut, PageOut
from motorpool.runtime.sql import Page

Limit = Annotated[int, Query(ge=1, le=200, description="Rows of a page")]
PositionLimit = Annotated[int, Query(ge=1, le=5000, description="Rows of a page")]
Cursor = Annotated[str | None, Query(max_length=1000, description="`page.next` of the page before")]

MEDIA = {"text/csv": "csv", "application/x-ndjson": "ndjson", "application/jsonl": "ndjson"}

Load = Callable[[str | None], Awaitable[Page]]
Shape = Callable[[dict[str, object]], BaseModel]


async def answer_list(request: Request, load: Load, shape: Shape, limit: int, cursor: str | None) -> Response:
    """One page as JSON; with `Accept: text/csv` or NDJSON every row from the cursor on, as it is read.

    The first page is read before anything is answered, so that a wrong cursor is told with its status.
    """
    kind = MEDIA.get(request.headers.get("accept", "").split(",")[0].split(";")[0].strip().lower())
    found = await load(cursor)
    if kind is not None:
        rows = _rows(found, load, shape)
        streamed = _csv(rows, _columns(_answered(request))) if kind == "csv" else _ndjson(rows)
        return StreamingResponse(streamed, media_type="text/csv" if kind == "csv" else "application/x-ndjson")
    out = ListOut[BaseModel].model_construct(
        data=[shape(row) for row in found.rows], page=PageOut(next=found.next, limit=limit)
    )
    return Response(out.model_dump_json(serialize_as_any=True), media_type="application/json")


async def _rows(found: Page, load: Load, shape: Shape) -> AsyncIterator[BaseModel]:
    while True:
        for row in found.rows:
            yield shape(row)
        if found.next is None:
            return
        found = await load(found.next)


async def _ndjson(rows: AsyncIterator[BaseModel]) -> AsyncIterator[bytes]:
    async for row in rows:
        yield row.model_dump_json().encode() + b"\n"


async def _csv(rows: AsyncIterator[BaseModel], columns: list[str]) -> AsyncIterator[bytes]:
    yield _line(columns)
    async for row in rows:
        told = row.model_dump(mode="json")
        yield _line([_plain(_reach(told, column)) for column in columns])


def _line(values: Iterable[object]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue().encode()


def _answered(request: Request) -> type[BaseModel]:
    """The shape of a row of the list a route answers."""
    listed: type[BaseModel] = request.scope["route"].response_model
    (row,) = get_args(listed.model_fields["data"].annotation)
    found: type[BaseModel] = row
    return found


def _columns(shape: type[BaseModel], prefix: str = "") -> list[str]:
    """The columns of a shape, those of a shape within it as `outer.inner`: the same for every row, whatever is null in it."""
    columns: list[str] = []
    for name, one in shape.model_fields.items():
        kinds = (one.annotation, *get_args(one.annotation))
        inner = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
        columns += _columns(inner, f"{prefix}{name}.") if inner else [f"{prefix}{name}"]
    return columns


def _reach(value: object, column: str) -> object:
    for name in column.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return json.dumps(value) if isinstance(value, dict | list) else value


def _plain(value: object) -> object:
    """A value that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value
