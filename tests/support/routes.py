"""Every route of the API with what it needs and what it does, for tests that walk over all of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from fastapi.routing import APIRoute
from httpx2 import AsyncClient

from motorpool.apps import registry
from motorpool.apps.routes import router as instance_router

Json = dict[str, Any]


@dataclass(slots=True)
class World:
    """What a company has, by the names that routes use in their paths."""

    client: AsyncClient
    fleet: Json = field(default_factory=dict)
    vehicle: Json = field(default_factory=dict)
    device: Json = field(default_factory=dict)
    trip: Json = field(default_factory=dict)
    api_key: Json = field(default_factory=dict)
    person_id: UUID = field(default_factory=uuid4)
    canary: str = ""

    def ids(self) -> dict[str, str]:
        """The id of each kind of thing."""
        return {
            "vehicles": self.vehicle["id"],
            "fleets": self.fleet["id"],
            "devices": self.device["id"],
            "trips": self.trip["id"],
            "api-keys": self.api_key["id"],
            "person_id": str(self.person_id),
        }


@dataclass(frozen=True, slots=True)
class Case:
    """A route, the permission it asks for (None: none), a body it takes and its good answer."""

    route: str
    permission: str | None = None
    status: int = 200
    body: Callable[[World], Json] | None = None
    query: Callable[[World], dict[str, str]] | None = None
    public: bool = False

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.route.split(" ")[0]

    @property
    def template(self) -> str:
        """The path below /api/v1 with its placeholders."""
        return self.route.split(" ")[1]

    def path(self, ids: dict[str, str]) -> str:
        """The path with ids put in."""
        kind = self.template.split("/")[1]
        return self.template.replace("{id}", ids.get(kind, "")).replace("{person_id}", ids["person_id"])


def position(world: World) -> Json:
    """A batch of one position."""
    return {
        "positions": [{"device": f"{world.canary}-one", "at": datetime.now(UTC).isoformat(), "lat": 47.5, "lon": 9.5}]
    }


CASES = (
    Case("GET /instance", public=True),
    Case("GET /map/town", public=True),
    Case("POST /auth/login", public=True, body=lambda _: {"email": "admin@demo.example", "password": "motorpool-demo"}),
    Case("POST /auth/logout", public=True, status=204),
    Case("GET /auth/me"),
    Case("GET /tenant", "tenant.read"),
    Case("PATCH /tenant", "tenant.write", body=lambda _: {"settings": {"currency": "EUR"}}),
    Case("GET /api-keys", "api_keys.read"),
    Case("POST /api-keys", "api_keys.write", 201, body=lambda _: {"name": "Key", "permissions": []}),
    Case("DELETE /api-keys/{id}", "api_keys.write", 204),
    Case("GET /vehicles", "vehicles.read"),
    Case("POST /vehicles", "vehicles.write", 201, body=lambda _: {"name": "Vehicle"}),
    Case("GET /vehicles/{id}", "vehicles.read"),
    Case("PATCH /vehicles/{id}", "vehicles.write", body=lambda _: {"make": "Ford"}),
    Case("POST /vehicles/{id}/viewers", "vehicles.write", 204, body=lambda w: {"person_id": str(w.person_id)}),
    Case("DELETE /vehicles/{id}/viewers/{person_id}", "vehicles.write", 204),
    Case("GET /fleets", "vehicles.read"),
    Case("POST /fleets", "vehicles.write", 201, body=lambda _: {"name": f"Fleet {uuid4()}"}),
    Case("GET /fleets/{id}", "vehicles.read"),
    Case("PATCH /fleets/{id}", "vehicles.write", body=lambda _: {"name": f"Fleet {uuid4()}"}),
    Case("GET /devices", "devices.read"),
    Case("POST /devices", "devices.write", 201, body=lambda _: {"identifiers": [str(uuid4())]}),
    Case("GET /devices/{id}", "devices.read"),
    Case("PATCH /devices/{id}", "devices.write", body=lambda _: {"model": "FMB920"}),
    Case("GET /devices/{id}/assignments", "devices.read"),
    Case("POST /devices/{id}/assignments", "devices.write", 201, body=lambda w: {"vehicle_id": w.vehicle["id"]}),
    Case("POST /telemetry", "telemetry.write", body=position),
    Case("GET /positions/latest", "positions.read"),
    Case("GET /vehicles/{id}/positions", "positions.read"),
    Case("GET /trips", "trips.read"),
    Case("GET /trips/{id}", "trips.read"),
    Case("GET /stops", "trips.read", query=lambda w: {"vehicle_id": w.vehicle["id"]}),
    Case("GET /search", "vehicles.read", query=lambda _: {"q": "vehicle"}),
)


BODIES = [case for case in CASES if case.body is not None and case.template != "/telemetry"]


def name_of(value: object) -> str:
    """How a test of a case is called."""
    return value.route if isinstance(value, Case) else str(value)


def routes() -> Iterator[str]:
    """`METHOD /path` of every route the features and the instance bring."""
    for router in (*(one for feature in registry.FEATURES for one in feature.routers), instance_router):
        for route in router.routes:
            assert isinstance(route, APIRoute)
            yield from (f"{method} {route.path}" for method in sorted(route.methods))


async def build_world(client: AsyncClient, canary: str, person_id: UUID) -> World:
    """Give a company one of everything, every text of it beginning with `canary`."""
    world = World(client, person_id=person_id, canary=canary)
    world.fleet = await _made(client, "/fleets", {"name": f"{canary} fleet"})
    more = {"plate": f"{canary}-P", "make": f"{canary} make", "model": f"{canary} model", "fleet_id": world.fleet["id"]}
    world.vehicle = await _made(client, "/vehicles", {"name": f"{canary} vehicle", **more})
    device = {
        "identifiers": [f"{canary}-one", f"{canary}-two"],
        "name": f"{canary} device",
        "model": f"{canary} tracker",
    }
    world.device = await _made(client, "/devices", device)
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=5)
    body = {"vehicle_id": world.vehicle["id"], "from": (start - timedelta(days=1)).isoformat()}
    await _made(client, f"/devices/{world.device['id']}/assignments", body)
    world.api_key = await _made(client, "/api-keys", {"name": f"{canary} key"})
    moving = [(s, s) for s in range(0, 600, 10)]
    halt = [(s, 600) for s in range(600, 780, 10)]
    again = [(s, s - 180) for s in range(780, 1200, 10)]
    parked = [(s, 1020) for s in range(1200, 2400, 30)]
    rows = [
        {"device": f"{canary}-one", "at": (start + timedelta(seconds=s)).isoformat(), "lat": 47 + north * 9e-5, "lon": 9.0,
         "speed_mps": 10.0 if s - north in (0, 180) and s < 1200 and not 600 <= s < 780 else 0.0,
         "sensors": {"said": f"{canary} sensor"}, "dtcs": ["P0300"]}
        for s, north in (*moving, *halt, *again, *parked)
    ]  # fmt: skip
    answer = await client.post("/telemetry", json={"positions": rows})
    assert answer.json()["accepted"] == len(rows), answer.text
    (world.trip,) = (await client.get("/trips", params={"vehicle_id": world.vehicle["id"]})).json()["data"]
    return world


async def _made(client: AsyncClient, path: str, body: Json) -> Json:
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def call(client: AsyncClient, case: Case, world: World, ids: dict[str, str], **headers: str) -> Any:
    """Make the good call of a case with the given ids; a PATCH with the version that is now, whoever may read it."""
    path = case.path(ids)
    if case.method == "PATCH" and "if-match" not in headers:
        etag = (await world.client.get(path)).headers.get("etag", '"1"')
        headers["if-match"] = etag
    query = case.query(world) if case.query else None
    body = case.body(world) if case.body else None
    return await client.request(case.method, path, params=query, json=body, headers=headers)


def assert_problem(answer: Any, status: int, code: str | None = None) -> None:
    """The answer is a problem document with that status, a code and a sentence."""
    assert answer.status_code == status, f"{answer.status_code} {answer.text[:300]}"
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status
    assert told["code"].replace("_", "").isalnum()
    assert told["type"].endswith(told["code"])
    assert told["title"]
    assert " " in told["detail"]
    if code is not None:
        assert told["code"] == code
