"""No body, text or time that makes no sense ends in a fault: every route refuses it with a status, a code and a sentence."""

from uuid import uuid4

import pytest

from tests.support.instances import Motorpool
from tests.support.people import member
from tests.support.routes import BODIES, Case, World, assert_problem, build_world, name_of

each = pytest.mark.parametrize


@pytest.fixture(scope="module")
async def world(motorpool: Motorpool) -> World:
    """The demo company with one of everything."""
    return await build_world(await motorpool.client(), "zzAlpha", (await member(motorpool, "driver"))[0])


ANY_TEXT = [
    (b'{"name": "a\\u0000b"}', 400),
    (b'{"name": "\\ud800"}', 400),
    (b'{"name": NaN}', 400),
    (b'{"name": Infinity}', 400),
    (b'{"year": 1e400}', 400),
    (b'{"name": "' + b"x" * 100_000 + b'"}', 422),
    (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, 400),
    (b"[" * 20_000, 400),
    (b'{"name": ' + b"9" * 5_000 + b"}", 400),
    (b'{"name": 5}', 422),
    (b'{"name": ["x"]}', 422),
    (b"[]", 422),
    (b"null", 422),
    (b"", 422),
    (b"\xff\xfe", 400),
    (b'{"name": "a\xff"}', 400),
    (b" " * 2_000_000, 413),
    (b'{"name": "' + b"x" * 2_000_000 + b'"}', 413),
]


@each(("body", "status"), ANY_TEXT, ids=lambda one: repr(one[:24]) if isinstance(one, bytes) else str(one))
@each("case", BODIES, ids=name_of)
async def test_a_body_that_makes_no_sense_is_refused(world: World, case: Case, body: bytes, status: int) -> None:
    headers = {"content-type": "application/json", "if-match": '"1"'}
    answer = await world.client.request(case.method, case.path(world.ids()), content=body, headers=headers)
    assert_problem(answer, answer.status_code)
    assert 400 <= answer.status_code < 500
    if case.template in ("/vehicles", "/fleets"):
        assert answer.status_code == status


@each(
    "kinds",
    [
        ["application/json", "text/plain"],
        ["text/plain", "application/json"],
        ["application/merge-patch+json"],
        ["text/plain"],
        [],
    ],
)
async def test_no_content_type_brings_a_nul_to_the_database(world: World, kinds: list[str]) -> None:
    headers = [("content-type", kind) for kind in kinds]
    answer = await world.client.post("/vehicles", content=b'{"name": "a\\u0000b"}', headers=headers)
    assert answer.status_code in (400, 422), answer.text


TEXTS = [
    "%00",
    "a%00b",
    "%ff",
    "%F0%9F%9A%97" * 40,
    "x" * 5_000,
    "'; drop table vehicles; --",
    "%25",
    "%5C",
    "%ED%A0%80",
]


@each("text", TEXTS)
@each(
    "parameter",
    [
        "/search?q=",
        "/vehicles?q=",
        "/vehicles?cursor=",
        "/vehicles?fleet_id=",
        "/positions/latest?bbox=",
        "/trips?from=",
        "/vehicles/",
        "/devices/",
    ],
)
async def test_no_text_in_an_address_ends_in_a_fault(world: World, parameter: str, text: str) -> None:
    answer = await world.client.get(f"{parameter}{text}")
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert_problem(answer, answer.status_code)


@each(
    "at",
    [
        "0001-01-01T00:00:00%2B23:59",
        "9999-12-31T23:59:59-23:59",
        "2026-01-01T00:00:00%2B23:00",
        "2026-01-01T00:00:00",
        "now",
        "1e300",
        "-1",
    ],
)
async def test_no_time_in_an_address_ends_in_a_fault(world: World, at: str) -> None:
    for path in (f"/trips?from={at}", f"/vehicles/{world.vehicle['id']}/positions?to={at}"):
        answer = await world.client.get(path)
        assert answer.status_code in (200, 422), answer.text


@each("at", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
async def test_no_time_of_an_assignment_ends_in_a_fault(world: World, at: str) -> None:
    device = (await world.client.post("/devices", json={"identifiers": [str(uuid4())]})).json()
    body = {"vehicle_id": None, "from": at}
    answer = await world.client.post(f"/devices/{device['id']}/assignments", json=body)
    assert answer.status_code in (201, 422), answer.text


async def test_a_name_that_unfolds_to_pages_is_kept_and_found(world: World) -> None:
    name = "\ufdfa" * 199 + "!"
    made = await world.client.post("/vehicles", json={"name": name})
    assert made.status_code == 201, made.text
    assert (await world.client.get("/vehicles", params={"q": "\ufdfa"})).json()["data"][0]["id"] == made.json()["id"]


@each("method", ["PUT", "DELETE", "PATCH", "POST", "OPTIONS", "HEAD"])
async def test_a_method_an_address_does_not_take_is_refused(world: World, method: str) -> None:
    answer = await world.client.request(method, "/positions/latest")
    assert answer.status_code == 405
