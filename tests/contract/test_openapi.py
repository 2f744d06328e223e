"""The document says what the API does: Schemathesis makes requests of it and holds every answer against it."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from motorpool.apps.api import OPENAPI, openapi
from tests.support.instances import Motorpool
from tests.support.people import member
from tests.support.routes import World, build_world

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 20


def schema_of(document: dict[str, Any]) -> Any:
    """A document for Schemathesis, which shall not make up tokens: it is signed in."""
    found = schemathesis.openapi.from_dict(document)
    found.config.generation.update(with_security_parameters=False)
    return found


SCHEMA = schema_of(openapi())


def operations() -> Iterator[APIOperation[Any, Any, Any, Any]]:
    """Every operation of the document."""
    for result in SCHEMA.get_all_operations():
        yield result.ok()


@pytest.fixture(scope="module")
async def world(motorpool: Motorpool) -> World:
    """The demo company with one of everything."""
    return await build_world(await motorpool.client(), "zzAlpha", (await member(motorpool, "driver"))[0])


def test_the_document_that_is_served_is_that_of_the_code() -> None:
    assert json.loads(OPENAPI.read_text()) == openapi(), "run `make docs` and commit what it writes"


async def test_the_served_document_is_the_committed_one(motorpool: Motorpool) -> None:
    answer = await motorpool.anonymous().get(f"{motorpool.address}/openapi.json")
    assert answer.content == OPENAPI.read_bytes()


def references(value: Any) -> Iterator[str]:
    """Everything a document refers to."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for one in value.values():
            yield from references(one)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)


def test_whatever_the_document_refers_to_is_in_it() -> None:
    found = openapi()
    assert {one.rpartition("/")[2] for one in references(found)} <= found["components"]["schemas"].keys()
    assert {one.rpartition("/")[0] for one in references(found)} == {"#/components/schemas"}


def test_every_operation_says_who_may_and_how_it_refuses() -> None:
    found = openapi()
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            assert "default" in operation["responses"], (method, path)
            assert operation["description"].strip().endswith((".", "key.", ")")), (method, path)
    assert set(found["components"]["securitySchemes"]) == {"bearer", "session"}


def put_known(case: Case, world: World) -> None:
    """Let a request be about something that is there."""
    kind = case.operation.path.split("/")[3]
    if "id" in case.path_parameters and kind != "api-keys":
        case.path_parameters["id"] = world.ids()[kind]
    if "vehicle_id" in case.query:
        case.query["vehicle_id"] = world.vehicle["id"]


def check(operation: APIOperation[Any, Any, Any, Any], world: World, address: str, token: str) -> int:
    """Make requests of an operation and look at the answers; how many were good ones."""
    good = 0

    @given(case=operation.as_strategy(), known=st.booleans(), version=st.integers(1, 40))
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    def run(case: Case, known: bool, version: int) -> None:
        nonlocal good
        if known:
            put_known(case, world)
        headers = {"authorization": f"Bearer {token}"}
        if case.method == "PATCH":
            headers["if-match"] = f'"{version}"'
        response = case.call(base_url=address, headers=headers)
        case.validate_response(response, checks=CHECKS)
        good += response.status_code < 300

    run()
    return good


@pytest.mark.parametrize("operation", list(operations()), ids=lambda one: one.label)
async def test_every_answer_is_as_the_document_says(
    motorpool: Motorpool, world: World, operation: APIOperation[Any, Any, Any, Any]
) -> None:
    good = await asyncio.to_thread(check, operation, world, motorpool.address, await motorpool.token())
    if operation.method == "get" and "{" not in operation.path:
        assert good > 0


async def test_an_answer_that_breaks_the_document_is_found(motorpool: Motorpool, world: World) -> None:
    broken = openapi()
    broken["components"]["schemas"]["VehicleOut"]["properties"]["no"]["type"] = "string"
    operation = schema_of(broken)["/api/v1/vehicles/{id}"]["GET"]
    with pytest.raises(FailureGroup) as found:
        await asyncio.to_thread(check, operation, world, motorpool.address, await motorpool.token())
    assert 'is not of type "string"' in str(found.value.exceptions[0])
