"""Vehicles and fleets over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from motorpool.features.vehicles import commands, queries
from motorpool.features.vehicles.queries import VehicleFilter
from motorpool.features.vehicles.schemas import (
    FleetOut,
    NewFleet,
    NewVehicle,
    NewViewer,
    Status,
    VehicleChange,
    VehicleOut,
)
from motorpool.runtime.http.lists import Cursor, Limit, answer_list
from motorpool.runtime.http.shapes import ListOut
from motorpool.runtime.http.work import actor_of, etag, expected_version, work
from motorpool.runtime.sql import Page

router = APIRouter(tags=["vehicles"])

Order = Literal["name", "-name", "created_at", "-created_at"]
Words = Annotated[str | None, Query(max_length=200, description="Words of name, plate, VIN, make or model")]


@router.get("/vehicles", response_model=ListOut[VehicleOut])
async def list_vehicles(  # noqa: PLR0913, PLR0917 - each is a documented query parameter
    request: Request,
    q: Words = None,
    fleet_id: UUID | None = None,
    status: Status | None = None,
    sort: Order = "name",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Vehicles with their last position. `Accept: text/csv` or `application/x-ndjson` gives them all."""
    await actor_of(request, "vehicles.read")
    wanted = VehicleFilter(q=q, fleet_id=fleet_id, status=status)

    async def load(at: str | None) -> Page:
        async with work(request, "vehicles.read") as doing:
            return await queries.vehicles(doing, wanted, sort, limit, at)

    return await answer_list(request, load, queries.vehicle_out, limit, cursor)


@router.post("/vehicles", response_model=VehicleOut, status_code=201)
async def add_vehicle(body: NewVehicle, request: Request) -> Response:
    """Add a vehicle; 409 when another one has its VIN."""
    async with work(request, "vehicles.write") as doing:
        vehicle = await commands.add_vehicle(doing, body)
        out = await queries.vehicle(doing, vehicle.id)
        return doing.reply(out, 201, {**etag(out.version), "location": f"/api/v1/vehicles/{out.id}"})


@router.get("/vehicles/{id}", response_model=VehicleOut)
async def read_vehicle(id: UUID, request: Request, response: Response) -> VehicleOut:
    """One vehicle with its last position."""
    async with work(request, "vehicles.read") as doing:
        out = await queries.vehicle(doing, id)
    response.headers.update(etag(out.version))
    return out


@router.patch("/vehicles/{id}", response_model=VehicleOut)
async def change_vehicle(id: UUID, body: VehicleChange, request: Request) -> Response:
    """Change fields of a vehicle; needs If-Match with its ETag."""
    async with work(request, "vehicles.write") as doing:
        await commands.change_vehicle(doing, id, body, expected_version(request))
        out = await queries.vehicle(doing, id)
        return doing.reply(out, headers=etag(out.version))


@router.post("/vehicles/{id}/viewers", status_code=204)
async def add_viewer(id: UUID, body: NewViewer, request: Request) -> Response:
    """Let a person whose role sees only own vehicles see this one."""
    async with work(request, "vehicles.write") as doing:
        await commands.add_viewer(doing, id, body.person_id)
        return doing.reply(None, 204)


@router.delete("/vehicles/{id}/viewers/{person_id}", status_code=204)
async def remove_viewer(id: UUID, person_id: UUID, request: Request) -> Response:
    """Hide this vehicle again from a person whose role sees only own vehicles."""
    async with work(request, "vehicles.write") as doing:
        await commands.remove_viewer(doing, id, person_id)
        return doing.reply(None, 204)


@router.get("/fleets", response_model=ListOut[FleetOut])
async def list_fleets(request: Request, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """Fleets by name, with how many vehicles are in each."""
    await actor_of(request, "vehicles.read")

    async def load(at: str | None) -> Page:
        async with work(request, "vehicles.read") as doing:
            return await queries.fleets(doing, limit, at)

    return await answer_list(request, load, FleetOut.model_validate, limit, cursor)


@router.post("/fleets", response_model=FleetOut, status_code=201)
async def add_fleet(body: NewFleet, request: Request) -> Response:
    """Make a fleet; 409 when another one has its name."""
    async with work(request, "vehicles.write") as doing:
        out = await queries.fleet(doing, await commands.add_fleet(doing, body))
        return doing.reply(out, 201, etag(out.version))


@router.get("/fleets/{id}", response_model=FleetOut)
async def read_fleet(id: UUID, request: Request, response: Response) -> FleetOut:
    """One fleet."""
    async with work(request, "vehicles.read") as doing:
        out = await queries.fleet(doing, id)
    response.headers.update(etag(out.version))
    return out


@router.patch("/fleets/{id}", response_model=FleetOut)
async def rename_fleet(id: UUID, body: NewFleet, request: Request) -> Response:
    """Give a fleet another name; needs If-Match with its ETag."""
    async with work(request, "vehicles.write") as doing:
        await commands.rename_fleet(doing, id, body, expected_version(request))
        out = await queries.fleet(doing, id)
        return doing.reply(out, headers=etag(out.version))
