"""A list as the client wants it: a page of JSON, or the whole as CSV or NDJSON in a stream."""

import csv
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated

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
    """One page as JSON; with `Accept: text/csv` or NDJSON every row from the cursor on, as it is read."""
    kind = MEDIA.get(request.headers.get("accept", "").split(",")[0].split(";")[0].strip())
    if kind is not None:
        rows = _rows(load, shape, cursor)
        media = "text/csv" if kind == "csv" else "application/x-ndjson"
        return StreamingResponse(_csv(rows) if kind == "csv" else _ndjson(rows), media_type=media)
    found = await load(cursor)
    out = ListOut[BaseModel].model_construct(
        data=[shape(row) for row in found.rows], page=PageOut(next=found.next, limit=limit)
    )
    return Response(out.model_dump_json(serialize_as_any=True), media_type="application/json")


async def _rows(load: Load, shape: Shape, cursor: str | None) -> AsyncIterator[BaseModel]:
    while True:
        found = await load(cursor)
        for row in found.rows:
            yield shape(row)
        if found.next is None:
            return
        cursor = found.next


async def _ndjson(rows: AsyncIterator[BaseModel]) -> AsyncIterator[bytes]:
    async for row in rows:
        yield row.model_dump_json().encode() + b"\n"


async def _csv(rows: AsyncIterator[BaseModel]) -> AsyncIterator[bytes]:
    first = True
    async for row in rows:
        flat = _flat(row.model_dump(mode="json"))
        out = io.StringIO()
        writer = csv.writer(out)
        if first:
            writer.writerow(flat)
            first = False
        writer.writerow(_plain(value) for value in flat.values())
        yield out.getvalue().encode()


def _flat(value: dict[str, object], prefix: str = "") -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, one in value.items():
        if isinstance(one, dict):
            flat.update(_flat(one, f"{prefix}{name}."))
        else:
            flat[f"{prefix}{name}"] = one
    return flat


def _plain(value: object) -> object:
    """A value that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t"):
        return "'" + value
    return value
