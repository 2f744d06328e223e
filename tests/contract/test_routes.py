"""What holds of every route: who may, whose it is, how it refuses, and what it never does."""

import json
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from motorpool.apps.api import OPENAPI
from motorpool.features.accounts.model import ALL, ROLE_PERMISSIONS
from motorpool.runtime.http.guard import SECURITY_HEADERS
from tests.support.instances import Motorpool
from tests.support.people import member
from tests.support.routes import BODIES, CASES, Case, World, assert_problem, build_world, call, name_of, routes

GUARDED = [case for case in CASES if not case.public]
UNSAFE = [case for case in CASES if case.method != "GET" and case.template not in ("/auth/login", "/auth/logout")]
WITH_ID = [case for case in CASES if "{id}" in case.template]
REPEATABLE = [case for case in CASES if case.method == "POST" and case.template != "/telemetry" and not case.public]
PATCHES = [case for case in CASES if case.method == "PATCH"]
READS = [case for case in GUARDED if case.method == "GET"]


each = pytest.mark.parametrize


@pytest.fixture(scope="module")
async def world(motorpool: Motorpool) -> World:
    """The demo company with one of everything."""
    driver_id, _ = await member(motorpool, "driver")
    return await build_world(await motorpool.client(), "zzAlpha", driver_id)


@pytest.fixture(scope="module")
async def foreign(motorpool: Motorpool) -> World:
    """The other company with one of everything."""
    driver_id, _ = await member(motorpool, "driver", "other")
    return await build_world(await motorpool.client("admin@other.example"), "zzBeta", driver_id)


@pytest.fixture(scope="module")
async def roles(motorpool: Motorpool) -> dict[str, httpx2.AsyncClient]:
    """Somebody of each role of the demo company."""
    return {role: (await member(motorpool, role))[1] for role in ROLE_PERMISSIONS}


@pytest.fixture(scope="module")
async def browser(motorpool: Motorpool) -> httpx2.AsyncClient:
    """A browser that is signed in: it has the cookie and no token."""
    client = motorpool.anonymous()
    answer = await client.post("/auth/login", json={"email": "admin@demo.example", "password": "motorpool-demo"})
    assert answer.status_code == 200
    return client


def test_every_route_has_a_case_and_stands_in_the_document() -> None:
    documented = {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, methods in json.loads(OPENAPI.read_text())["paths"].items()
        for method in methods
    }
    assert set(routes()) == documented
    assert documented == {case.route for case in CASES}


def test_every_permission_is_asked_for_somewhere() -> None:
    assert {case.permission for case in CASES} - {None} == set(ALL)


@each("case", GUARDED, ids=name_of)
async def test_nobody_gets_in_without_signing_in(motorpool: Motorpool, world: World, case: Case) -> None:
    answer = await call(motorpool.anonymous(), case, world, world.ids())
    assert_problem(answer, 401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


@each("case", [case for case in CASES if case.public], ids=name_of)
async def test_what_is_public_needs_no_sign_in(motorpool: Motorpool, world: World, case: Case) -> None:
    assert (await call(motorpool.anonymous(), case, world, world.ids())).status_code == case.status


@each("token", ["x", "mpk_", "mpk_" + "0" * 32 + "_x", "a.b.c", "Ω", "eyJhbGciOiJub25lIn0.e30."])
async def test_a_token_nobody_gave_is_no_sign_in(motorpool: Motorpool, token: str) -> None:
    answer = await motorpool.anonymous().get("/vehicles", headers={"authorization": f"Bearer {token}".encode()})
    assert_problem(answer, 401, "unauthenticated")


@each("case", [case for case in GUARDED if case.permission], ids=name_of)
async def test_who_lacks_the_permission_is_refused_whoever_it_is(
    motorpool: Motorpool, world: World, roles: dict[str, httpx2.AsyncClient], case: Case
) -> None:
    assert case.permission is not None
    lacking = [client for role, client in roles.items() if case.permission not in ROLE_PERMISSIONS[role]]
    body = {"name": "All but one", "permissions": sorted(ALL - {case.permission})}
    program = motorpool.anonymous()
    program.headers["authorization"] = f"Bearer {(await world.client.post('/api-keys', json=body)).json()['secret']}"
    for client in (*lacking, program):
        assert_problem(await call(client, case, world, world.ids()), 403, "permission_missing")


@each("case", READS, ids=name_of)
async def test_who_has_the_permission_may_read(world: World, roles: dict[str, httpx2.AsyncClient], case: Case) -> None:
    for role, client in roles.items():
        if role != "driver" and (case.permission is None or case.permission in ROLE_PERMISSIONS[role]):
            assert (await call(client, case, world, world.ids())).status_code == 200, role


@each("case", WITH_ID, ids=name_of)
async def test_another_companys_id_is_answered_like_one_that_never_was(
    world: World, foreign: World, case: Case
) -> None:
    theirs = await call(world.client, case, world, {**foreign.ids(), "person_id": str(world.person_id)})
    random = await call(
        world.client, case, world, {**dict.fromkeys(foreign.ids(), str(uuid4())), "person_id": str(world.person_id)}
    )
    assert_problem(theirs, 404, "not_found")
    assert theirs.content == random.content
    assert "zzBeta" not in theirs.text


@each(
    ("route", "body"),
    [
        ("POST /vehicles", {"name": "x", "fleet_id": "fleets"}),
        ("PATCH /vehicles/{id}", {"fleet_id": "fleets"}),
        ("POST /devices", {"identifiers": ["y"], "vehicle_id": "vehicles"}),
        ("POST /devices/{id}/assignments", {"vehicle_id": "vehicles"}),
        ("POST /vehicles/{id}/viewers", {"person_id": "person_id"}),
    ],
)
async def test_another_companys_id_in_a_body_is_answered_like_one_that_never_was(
    world: World, foreign: World, route: str, body: dict[str, Any]
) -> None:
    case = Case(route)
    path, etag = case.path(world.ids()), (await world.client.get(case.path(world.ids()))).headers.get("etag", "")
    told = []
    for ids in (foreign.ids(), dict.fromkeys(foreign.ids(), str(uuid4()))):
        filled = {name: ids.get(value, value) if isinstance(value, str) else value for name, value in body.items()}
        told.append(await world.client.request(case.method, path, json=filled, headers={"if-match": etag}))
    assert_problem(told[0], 422)
    assert told[0].content == told[1].content


@each("path", ["/vehicles?fleet_id=fleets", "/positions/latest?fleet_id=fleets", "/devices?vehicle_id=vehicles"])
async def test_another_companys_id_in_a_filter_finds_nothing(world: World, foreign: World, path: str) -> None:
    before, _, kind = path.rpartition("=")
    answer = await world.client.get(f"{before}={foreign.ids()[kind]}")
    assert answer.json()["data"] == []


@each("path", ["/trips", "/stops"])
async def test_another_companys_vehicle_has_no_trips_like_one_that_never_was(
    world: World, foreign: World, path: str
) -> None:
    theirs = await world.client.get(path, params={"vehicle_id": foreign.ids()["vehicles"]})
    random = await world.client.get(path, params={"vehicle_id": str(uuid4())})
    assert_problem(theirs, 404, "not_found")
    assert theirs.content == random.content


@each(
    "case",
    [case for case in BODIES if case.template.startswith(("/vehicles", "/fleets", "/devices", "/tenant"))],
    ids=name_of,
)
async def test_a_field_nobody_declared_is_refused(world: World, foreign: World, case: Case) -> None:
    assert case.body is not None
    for name in ("tenant_id", "role", "created_by", "id"):
        body = {**case.body(world), name: foreign.ids()["vehicles"]}
        answer = await world.client.request(case.method, case.path(world.ids()), json=body, headers={"if-match": '"1"'})
        assert_problem(answer, 422, "invalid")
        assert answer.json()["errors"][0]["code"] == "extra_forbidden"


@each("origin", ["https://evil.example", "null", "", "http://127.0.0.1:1"])
@each("case", UNSAFE, ids=name_of)
async def test_a_cookie_from_another_site_does_nothing(
    motorpool: Motorpool, world: World, browser: httpx2.AsyncClient, case: Case, origin: str
) -> None:
    headers = {"origin": origin} if origin else {}
    assert_problem(await call(browser, case, world, world.ids(), **headers), 403, "foreign_origin")


@each("case", [case for case in UNSAFE if case.method == "POST"], ids=name_of)
async def test_a_cookie_from_our_own_site_is_as_good_as_a_token(
    motorpool: Motorpool, world: World, browser: httpx2.AsyncClient, case: Case
) -> None:
    answer = await call(browser, case, world, world.ids(), origin=motorpool.address)
    assert answer.status_code == case.status, answer.text


@each("case", CASES, ids=name_of)
async def test_every_answer_has_the_headers_a_browser_needs(motorpool: Motorpool, world: World, case: Case) -> None:
    answer = await call(motorpool.anonymous(), case, world, world.ids())
    for name, value in SECURITY_HEADERS:
        assert answer.headers[name.decode()] == value.decode()


@each("path", ["/nothing", "/vehicles/not-an-id", "/vehicles?limit=0", "/vehicles?cursor=x"])
async def test_a_refusal_is_a_problem_with_the_same_headers(world: World, path: str) -> None:
    answer = await world.client.get(path)
    assert_problem(answer, answer.status_code)
    assert answer.headers["x-content-type-options"] == "nosniff"


@each("case", REPEATABLE, ids=name_of)
async def test_the_same_key_gives_the_same_answer_and_does_it_once(world: World, case: Case) -> None:
    assert case.body is not None
    key, body, path = str(uuid4()), case.body(world), case.path(world.ids())
    first, second = [await world.client.post(path, json=body, headers={"idempotency-key": key}) for _ in range(2)]
    assert first.status_code == second.status_code == case.status
    assert first.content == second.content
    assert first.headers.get("etag") == second.headers.get("etag")
    assert "idempotent-replay" not in first.headers
    assert second.headers["idempotent-replay"] == "true"
    changed = {**body, "name": "Something else"}
    again = await world.client.post(path, json=changed, headers={"idempotency-key": key})
    assert_problem(again, 422)


async def test_a_key_used_for_another_address_is_refused_and_another_person_may_use_it(
    world: World, roles: dict[str, httpx2.AsyncClient]
) -> None:
    key = {"idempotency-key": str(uuid4())}
    first = await world.client.post("/vehicles", json={"name": "Keyed"}, headers=key)
    assert_problem(
        await world.client.post("/fleets", json={"name": "Keyed"}, headers=key), 422, "idempotency_key_reused"
    )
    other = await roles["fleet_manager"].post("/vehicles", json={"name": "Keyed"}, headers=key)
    assert other.status_code == 201
    assert other.json()["id"] != first.json()["id"]


async def test_a_refused_request_leaves_its_key_free(world: World) -> None:
    key = {"idempotency-key": str(uuid4())}
    assert_problem(await world.client.post("/vehicles", json={"name": ""}, headers=key), 422)
    assert (await world.client.post("/vehicles", json={"name": "Good now"}, headers=key)).status_code == 201


@each("key", ["", "x" * 256])
async def test_a_key_that_is_none_is_refused(world: World, key: str) -> None:
    answer = await world.client.post("/fleets", json={"name": f"{uuid4()}"}, headers={"idempotency-key": key})
    assert_problem(answer, 400)


@each("case", PATCHES, ids=name_of)
async def test_a_change_names_the_version_it_changes(world: World, case: Case) -> None:
    path = case.path(world.ids())
    assert case.body is not None
    body = case.body(world)
    etag = (await world.client.get(path)).headers["etag"]
    assert_problem(await world.client.patch(path, json=body), 428, "precondition_required")
    for wrong in ('"999"', '"x"', "*", '"-1"', '"99999999999999999999"', b'"\xb2"'):
        assert_problem(
            await world.client.patch(path, json=body, headers={"if-match": wrong}), 412, "precondition_failed"
        )
    good = await world.client.patch(path, json=body, headers={"if-match": etag})
    assert good.status_code == 200
    assert good.headers["etag"] == f'"{good.json()["version"]}"' != etag
    assert_problem(await world.client.patch(path, json=body, headers={"if-match": etag}), 412)
