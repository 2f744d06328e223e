"""Addresses that belong to the instance and to no feature: what this is, the demo town, search over everything."""

import gzip
from functools import lru_cache
from importlib.metadata import version
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from motorpool.apps import registry
from motorpool.demo.companies import COMPANIES, PASSWORD
from motorpool.kernel.errors import NotFound
from motorpool.runtime.http.shapes import ListOut, Output, PageOut
from motorpool.runtime.http.work import instance_of, work

router = APIRouter(tags=["instance"])

Words = Annotated[str, Query(min_length=1, max_length=200, description="What to look for")]


class DemoAccountOut(Output):
    """A sign-in of the demo."""

    email: str
    password: str
    tenant: str


class InstanceOut(Output):
    """What this Motorpool is, before anybody signed in."""

    name: str
    version: str
    demo: bool
    demo_accounts: list[DemoAccountOut]
    device_ports: dict[str, int]


class FoundOut(Output):
    """A thing a search found."""

    kind: str
    id: str
    title: str
    detail: str


@router.get("/instance")
async def read_instance(request: Request) -> InstanceOut:
    """What this Motorpool is; no sign-in needed."""
    settings = instance_of(request).settings
    accounts = [
        DemoAccountOut(email=one.admin_email, password=PASSWORD, tenant=one.name) for one in COMPANIES if settings.demo
    ]
    ports = {"osmand": settings.osmand_port, "teltonika": settings.teltonika_port}
    return InstanceOut(
        name="Motorpool",
        version=version("motorpool"),
        demo=settings.demo,
        demo_accounts=accounts,
        device_ports={name: port for name, port in ports.items() if port},
    )


@router.get("/map/town", responses={200: {"content": {"application/geo+json": {}}}})
async def read_town(request: Request) -> Response:
    """The streets of the demo town as GeoJSON; 404 where there is no demo."""
    instance = instance_of(request)
    if not instance.settings.demo:
        raise NotFound("There is no demo town on this instance.")
    packed = _kept_town() or _keep_town(await instance.cpu.run(draw_town))
    headers = {"content-encoding": "gzip", "cache-control": "public, max-age=86400", "vary": "accept-encoding"}
    return Response(packed, media_type="application/geo+json", headers=headers)


_TOWN: list[bytes] = []


def _kept_town() -> bytes | None:
    return _TOWN[0] if _TOWN else None


def _keep_town(packed: bytes) -> bytes:
    _TOWN[:] = [packed]
    return packed


@lru_cache(1)
def draw_town() -> bytes:
    """The town's GeoJSON, packed; half a second of CPU, so it runs in the pool of processes."""
    from motorpool.demo.picture import geojson  # noqa: PLC0415 - only a demo draws it
    from motorpool.demo.town import build  # noqa: PLC0415

    return gzip.compress(msgspec.json.encode(geojson(build(1))), 6)


@router.get("/search")
async def search(q: Words, request: Request) -> ListOut[FoundOut]:
    """The first ten things of each kind that fit the words."""
    async with work(request, "vehicles.read") as doing:
        found = [one for look in registry.SEARCH for one in await look(doing, q, 10)]
    data = [FoundOut.model_validate(one) for one in found]
    return ListOut(data=data, page=PageOut(next=None, limit=10))
