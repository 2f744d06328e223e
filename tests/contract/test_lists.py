"""What holds of every list: limits, cursors, pages that cover everything once, and the same rows as CSV and NDJSON."""

import asyncio
import base64
import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx2 import AsyncClient
from hypothesis import given
from hypothesis import strategies as st

from motorpool.kernel.errors import Malformed
from motorpool.runtime.sql import Sort, _cursor, _read_cursor
from tests.support.instances import Motorpool
from tests.support.people import member
from tests.support.routes import World, build_world

each = pytest.mark.parametrize
PAGED = ["/vehicles", "/fleets", "/devices", "/trips", "/stops", "/positions/latest", "/vehicles/{id}/positions"]
MANY = 25


@pytest.fixture(scope="module")
async def world(motorpool: Motorpool) -> World:
    """The demo company with twenty-six of everything that is listed."""
    client = await motorpool.client()
    person_id, _ = await member(motorpool, "driver")
    world = await build_world(client, "zzAlpha", person_id)
    start = datetime.now(UTC) - timedelta(hours=10)
    rows = [
        {"device": f"many-{n:02}", "at": (start + timedelta(seconds=s)).isoformat(), "lat": 40 + n / 10 + s * 9e-5, "lon": 9.0, "speed_mps": 10.0}
        for n in range(MANY)
        for s in range(0, 300, 30)
    ]  # fmt: skip
    assert (await client.post("/telemetry", json={"positions": rows})).json()["rejected"] == []
    for n in range(MANY):
        assert (await client.post("/fleets", json={"name": f"Fleet {n:02}"})).status_code == 201
    return world


def address(world: World, path: str) -> str:
    """The address of a list."""
    filled = path.replace("{id}", world.vehicle["id"])
    return filled + (f"?vehicle_id={world.vehicle['id']}" if path == "/stops" else "?")


async def page(client: AsyncClient, url: str, cursor: str | None = None, **params: Any) -> dict[str, Any]:
    """A page of a list."""
    given_cursor = {"cursor": cursor} if cursor else {}
    answer = await client.get(url, params={**dict(_query(url)), **params, **given_cursor})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def _query(url: str) -> list[tuple[str, str]]:
    return [(part.split("=")[0], part.split("=")[1]) for part in url.partition("?")[2].split("&") if part]


async def everything(client: AsyncClient, url: str, **params: Any) -> list[dict[str, Any]]:
    """All rows of a list, page by page."""
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        one = await page(client, url, cursor, **params)
        found += one["data"]
        cursor = one["page"]["next"]
        if cursor is None:
            return found


@each("path", PAGED)
async def test_a_list_has_a_page_with_its_limit(world: World, path: str) -> None:
    found = await page(world.client, address(world, path), limit=1)
    assert len(found["data"]) == 1
    assert found["page"]["limit"] == 1
    assert found["page"]["next"] is not None or path == "/stops"


@each("path", PAGED)
@each("limit", ["0", "-1", "5001", "x", "1.5", "", "99999999999999999999"])
async def test_a_limit_out_of_bounds_is_refused(world: World, path: str, limit: str) -> None:
    answer = await world.client.get(f"{address(world, path)}&limit={limit}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "limit"


@each(("path", "most"), [("/vehicles", 200), ("/trips", 200), ("/positions/latest", 5000)])
async def test_the_largest_page_is_as_documented(world: World, path: str, most: int) -> None:
    assert (await page(world.client, path, limit=most))["page"]["limit"] == most
    assert (await world.client.get(path, params={"limit": most + 1})).status_code == 422


def cursor_of(*values: Any) -> str:
    """A cursor somebody made up."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


BROKEN = [
    "x",
    "====",
    "bm9wZQ",
    "%F0%9F%9A%97",
    cursor_of(),
    cursor_of(1, 2),
    cursor_of("name", "a", str(uuid4())),
    "[" * 999,
]


@each("accept", ["application/json", "text/csv", "application/x-ndjson"])
@each("cursor", BROKEN)
@each("path", PAGED)
async def test_a_broken_cursor_is_told_with_its_status(world: World, path: str, cursor: str, accept: str) -> None:
    answer = await world.client.get(f"{address(world, path)}&cursor={cursor}", headers={"accept": accept})
    assert answer.status_code == 400
    assert answer.json()["code"] == "cursor_invalid"


@each(
    "values",
    [
        ("a\0b", None),
        (5, None),
        ("a", 5),
        ("a", "x"),
        (None, None),
        ("a", None, None),
        ({}, []),
        (1e300, None),
        (True, None),
    ],
)
async def test_a_cursor_with_values_of_another_kind_is_told(world: World, values: tuple[Any, ...]) -> None:
    true = (await page(world.client, "/vehicles?", limit=1))["page"]["next"]
    mark = json.loads(base64.urlsafe_b64decode(true + "=="))[0]
    made = cursor_of(mark, *(str(uuid4()) if value is None and values != (None, None) else value for value in values))
    fits = values == ("a", None)
    answer = await world.client.get("/vehicles", params={"cursor": made})
    assert answer.status_code == (200 if fits else 400)


async def test_a_cursor_of_another_list_or_order_is_told(world: World) -> None:
    cursors = {path: (await page(world.client, address(world, path), limit=1))["page"]["next"] for path in PAGED}
    for theirs, cursor in cursors.items():
        for path in PAGED:
            answer = await world.client.get(f"{address(world, path)}&cursor={cursor or 'none'}")
            assert answer.status_code == (200 if theirs == path and cursor else 400), (theirs, path)
    for order in ("-name", "created_at", "-created_at"):
        answer = await world.client.get("/vehicles", params={"sort": order, "cursor": cursors["/vehicles"]})
        assert answer.status_code == 400


@each("path", PAGED)
async def test_pages_of_any_size_are_the_whole(world: World, path: str) -> None:
    url = address(world, path)
    whole = (await page(world.client, url, limit=200))["data"]
    for limit in (1, 7, len(whole), len(whole) + 1):
        assert await everything(world.client, url, limit=limit) == whole


@each("sort", ["name", "-name", "created_at", "-created_at"])
async def test_vehicles_come_in_the_order_that_was_asked_for(world: World, sort: str) -> None:
    found = await everything(world.client, "/vehicles", sort=sort, limit=7)
    keys = [one[sort.removeprefix("-")].casefold() for one in found]
    assert keys == sorted(keys, reverse=sort.startswith("-"))
    assert len({one["id"] for one in found}) == len(found) > MANY


async def test_pages_cover_what_was_there_exactly_once_while_rows_are_added(world: World) -> None:
    before = {one["id"] for one in await everything(world.client, "/vehicles", limit=200)}
    adding = True

    async def add() -> int:
        count = 0
        while adding:
            await world.client.post("/vehicles", json={"name": f"{'amz'[count % 3]} added {count}"})
            count += 1
        return count

    task = asyncio.create_task(add())
    walks = [
        await everything(world.client, "/vehicles", limit=2, sort=sort) for sort in ("name", "-name", "-created_at")
    ]
    adding = False
    assert await task > 0
    for walk in walks:
        ids = [one["id"] for one in walk]
        assert len(ids) == len(set(ids))
        assert before <= set(ids)


async def test_names_that_differ_only_in_case_or_are_the_same_are_not_lost_between_pages(world: World) -> None:
    for name in ("Twin", "twin", "TWIN", "Twin", "Twín"):
        await world.client.post("/vehicles", json={"name": name})
    found = await everything(world.client, "/vehicles", q="twin", limit=1)
    assert len(found) == 5


@each("path", PAGED)
async def test_lines_of_json_are_the_rows_of_the_pages(world: World, path: str) -> None:
    url = address(world, path)
    answer = await world.client.get(f"{url}&limit=3", headers={"accept": "application/x-ndjson"})
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    assert [json.loads(line) for line in answer.text.splitlines()] == await everything(world.client, url, limit=200)


@each("path", PAGED)
async def test_csv_has_a_line_for_each_row_and_the_same_columns_in_all(world: World, path: str) -> None:
    url = address(world, path)
    answer = await world.client.get(f"{url}&limit=3", headers={"accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    header, *lines = csv.reader(io.StringIO(answer.text))
    rows = await everything(world.client, url, limit=200)
    assert len(lines) == len(rows)
    assert {len(line) for line in lines} == {len(header)}
    for line, row in zip(lines, rows, strict=True):
        for name, value in zip(header, line, strict=True):
            assert value == written(row, name), name


def written(row: dict[str, Any], column: str) -> str:
    """How a value of a row stands in a CSV."""
    value: Any = row
    for name in column.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, dict | list):
        return json.dumps(value)
    return "" if value is None else str(value)


async def test_an_empty_csv_still_has_its_columns(world: World) -> None:
    answer = await world.client.get("/trips", params={"from": "9999-01-01T00:00:00Z"}, headers={"accept": "text/csv"})
    assert answer.text.splitlines()[0].startswith("id,vehicle_id,started_at")
    assert len(answer.text.splitlines()) == 1


@each("name", ["=1+1", "+1", "-1", "@x", "\t=1", '=HYPERLINK("http://x")'])
async def test_a_spreadsheet_takes_no_name_for_a_formula(world: World, name: str) -> None:
    made = (await world.client.post("/vehicles", json={"name": name})).json()
    answer = await world.client.get("/vehicles", headers={"accept": "text/csv"})
    (line,) = [line for line in csv.DictReader(io.StringIO(answer.text)) if line["id"] == made["id"]]
    assert line["name"][0] not in "=+-@\t"
    assert line["name"].endswith(name.strip())


NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=50)
TIMES = st.datetimes(timezones=st.just(UTC))


@given(NAMES, st.uuids(), TIMES, st.integers(-(2**63), 2**63 - 1))
def test_a_cursor_gives_back_the_values_of_its_row(name: str, id: UUID, at: datetime, number: int) -> None:
    sort = Sort("any", ("a", "b", "c", "d"), ("name", "id", "at", "number"), (str, UUID, datetime, int))
    row = {"name": name, "id": id, "at": at, "number": number}
    assert _read_cursor(sort, _cursor(sort, row)) == [name, id, at, number]


@given(
    st.one_of(st.text(max_size=100), st.binary(max_size=100).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
)
def test_no_text_as_a_cursor_does_anything_but_be_refused(text: str) -> None:
    sort = Sort("any", ("a",), ("at",), (datetime,))
    with pytest.raises(Malformed):
        _read_cursor(sort, text)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from([str, int, UUID, datetime]), JSON_VALUES)
def test_a_cursor_of_our_list_with_any_value_is_read_or_refused(kind: type, value: Any) -> None:
    sort = Sort("any", ("a",), ("key",), (kind,))
    (mark,) = json.loads(base64.urlsafe_b64decode(_cursor(Sort("any", ("a",), (), ()), {}) + "=="))
    try:
        (read,) = _read_cursor(sort, cursor_of(mark, value))
    except Malformed:
        return
    assert isinstance(read, kind)
