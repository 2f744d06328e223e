"""Devices over HTTP, and the way in for positions."""

from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from motorpool.features.devices import commands, queries
from motorpool.features.devices.schemas import (
    AssignmentOut,
    DeviceChange,
    DeviceOut,
    NewAssignment,
    NewDevice,
    PositionsIn,
    ReceiptOut,
)
from motorpool.kernel.time import utc_now
from motorpool.runtime.http.lists import Cursor, Limit, answer_list
from motorpool.runtime.http.shapes import ListOut, PageOut
from motorpool.runtime.http.work import actor_of, etag, expected_version, work
from motorpool.runtime.sql import Page
from motorpool.telemetry.inbox import Inbox, Receipt, Rejection
from motorpool.telemetry.wire import Parsed, parser_of

router = APIRouter(tags=["devices"])

# The body is read in columns, not by FastAPI, so its shape is told here; a document of its own would need its own components.
POSITION = PositionsIn.model_json_schema()["$defs"]["PositionIn"]
BATCH = {
    "title": "PositionsIn",
    "type": "object",
    "required": ["positions"],
    "properties": {"positions": {"type": "array", "maxItems": 5000, "items": POSITION}},
}
TELEMETRY_BODY = {
    "required": True,
    "content": {"application/json": {"schema": BATCH}, "application/x-ndjson": {"schema": {"type": "string"}}},
}


@router.post("/telemetry", response_model=ReceiptOut, openapi_extra={"requestBody": TELEMETRY_BODY})
async def receive_positions(request: Request) -> Response:
    """Take up to 5 000 positions, as a JSON batch or lines of JSON; answered when they are committed.

    Rows that cannot be taken are listed with their index, a code and a sentence; the others are kept.
    """
    actor = await actor_of(request, "telemetry.write")
    parse = parser_of(request.headers.get("content-type", "application/json"))
    parsed = parse(await request.body(), actor.tenant_id)
    inbox: Inbox = request.app.state.inbox
    receipt = await inbox.submit(parsed.submission) if len(parsed.submission.fixes) else Receipt(0, 0, ())
    return Response(msgspec.json.encode(_told(parsed, receipt)), media_type="application/json")


def _told(parsed: Parsed, receipt: Receipt) -> dict[str, object]:
    """The receipt in the rows of the request."""
    moved = [Rejection(int(parsed.index[one.index]), one.code, one.detail) for one in receipt.rejected]
    rejected = sorted([*parsed.rejected, *moved], key=lambda one: one.index)
    return {"accepted": receipt.accepted, "duplicates": receipt.duplicates, "rejected": rejected}


@router.get("/devices", response_model=ListOut[DeviceOut])
async def list_devices(
    request: Request, vehicle_id: UUID | None = None, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """Devices by name; with `vehicle_id` those that speak or spoke for that vehicle."""
    await actor_of(request, "devices.read")

    async def load(at: str | None) -> Page:
        async with work(request, "devices.read") as doing:
            return await queries.devices(doing, vehicle_id, limit, at)

    return await answer_list(request, load, DeviceOut.model_validate, limit, cursor)


@router.post("/devices", response_model=DeviceOut, status_code=201)
async def add_device(body: NewDevice, request: Request) -> Response:
    """Add a tracker; 409 when one of its identifiers is taken."""
    async with work(request, "devices.write") as doing:
        out = await queries.device(doing, await commands.add_device(doing, body, utc_now()))
        return doing.reply(out, 201, {**etag(out.version), "location": f"/api/v1/devices/{out.id}"})


@router.get("/devices/{id}", response_model=DeviceOut)
async def read_device(id: UUID, request: Request, response: Response) -> DeviceOut:
    """One device."""
    async with work(request, "devices.read") as doing:
        out = await queries.device(doing, id)
    response.headers.update(etag(out.version))
    return out


@router.patch("/devices/{id}", response_model=DeviceOut)
async def change_device(id: UUID, body: DeviceChange, request: Request) -> Response:
    """Change name, model or identifiers of a device; needs If-Match with its ETag."""
    async with work(request, "devices.write") as doing:
        await commands.change_device(doing, id, body, expected_version(request))
        out = await queries.device(doing, id)
        return doing.reply(out, headers=etag(out.version))


@router.get("/devices/{id}/assignments")
async def list_assignments(id: UUID, request: Request) -> ListOut[AssignmentOut]:
    """For which vehicles a device spoke and speaks, oldest first."""
    async with work(request, "devices.read") as doing:
        found = await queries.assignments(doing, id)
    return ListOut(data=found, page=PageOut(next=None, limit=max(len(found), 1)))


@router.post("/devices/{id}/assignments", response_model=DeviceOut, status_code=201)
async def assign_device(id: UUID, body: NewAssignment, request: Request) -> Response:
    """Say from when on a device speaks for which vehicle, or for none; the assignment before ends there."""
    async with work(request, "devices.write") as doing:
        await commands.assign_device(doing, id, body, utc_now())
        return doing.reply(await queries.device(doing, id), 201)
