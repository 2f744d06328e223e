"""Positions, trips and stops over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from motorpool.features.trips import queries
from motorpool.features.trips.queries import Range
from motorpool.features.trips.schemas import LatestOut, PositionOut, StopOut, TripOut
from motorpool.features.vehicles import api as vehicles
from motorpool.runtime.http.lists import Cursor, Limit, PositionLimit, answer_list
from motorpool.runtime.http.shapes import Instant, ListOut
from motorpool.runtime.http.work import actor_of, work
from motorpool.runtime.sql import Page

router = APIRouter(tags=["trips"])

Since = Annotated[Instant | None, Query(alias="from", description="Not before this time")]
Until = Annotated[Instant | None, Query(alias="to", description="Before this time")]
BoxText = Annotated[str | None, Query(max_length=200, description="west,south,east,north in degrees")]


@router.get("/positions/latest", response_model=ListOut[LatestOut])
async def latest_positions(
    request: Request,
    fleet_id: UUID | None = None,
    bbox: BoxText = None,
    limit: PositionLimit = 1000,
    cursor: Cursor = None,
) -> Response:
    """Where every vehicle was last, by vehicle number."""
    await actor_of(request, "positions.read")
    box = queries.box_of(bbox) if bbox else None

    async def load(at: str | None) -> Page:
        async with work(request, "positions.read") as doing:
            return await queries.latest(doing, fleet_id, box, limit, at)

    return await answer_list(request, load, queries.latest_out, limit, cursor)


@router.get("/vehicles/{id}/positions", response_model=ListOut[PositionOut])
async def vehicle_positions(  # noqa: PLR0913, PLR0917 - each is a documented query parameter
    id: UUID,
    request: Request,
    since: Since = None,
    until: Until = None,
    limit: PositionLimit = 1000,
    cursor: Cursor = None,
) -> Response:
    """What devices said of a vehicle, oldest first."""
    async with work(request, "positions.read") as doing:
        vehicle = await vehicles.vehicle_ref(doing, id)

    async def load(at: str | None) -> Page:
        async with work(request, "positions.read") as doing:
            return await queries.positions(doing, vehicle.no, Range(since, until), limit, at)

    return await answer_list(request, load, queries.position_out, limit, cursor)


@router.get("/trips", response_model=ListOut[TripOut])
async def list_trips(  # noqa: PLR0913, PLR0917 - each is a documented query parameter
    request: Request,
    vehicle_id: UUID | None = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Trips that began in a time, newest first."""
    async with work(request, "trips.read") as doing:
        vehicle_no = (await vehicles.vehicle_ref(doing, vehicle_id)).no if vehicle_id else None

    async def load(at: str | None) -> Page:
        async with work(request, "trips.read") as doing:
            return await queries.trips(doing, vehicle_no, Range(since, until), limit, at)

    return await answer_list(request, load, queries.trip_out, limit, cursor)


@router.get("/trips/{id}")
async def read_trip(id: UUID, request: Request) -> TripOut:
    """One trip."""
    async with work(request, "trips.read") as doing:
        return await queries.trip(doing, id)


@router.get("/stops", response_model=ListOut[StopOut])
async def list_stops(  # noqa: PLR0913, PLR0917 - each is a documented query parameter
    vehicle_id: UUID,
    request: Request,
    since: Since = None,
    until: Until = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """A vehicle's halts of a minute or more within its trips, newest first."""
    async with work(request, "trips.read") as doing:
        vehicle = await vehicles.vehicle_ref(doing, vehicle_id)

    async def load(at: str | None) -> Page:
        async with work(request, "trips.read") as doing:
            return await queries.stops(doing, vehicle.no, Range(since, until), limit, at)

    return await answer_list(request, load, queries.stop_out, limit, cursor)
