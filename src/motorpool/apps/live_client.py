"""A small client of the realtime protocol, for programs and tests; and the live picture as a fold.

`apply` mirrors `web/src/realtime/apply.ts`. The property both keep: *old snapshot + events = new snapshot*.
"""

import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_websocket

from motorpool.runtime.realtime.positions import Positions, decode_positions

MOST_BYTES = 64_000_000  # a snapshot of a very large fleet

Vehicle = dict[str, Any]
Message = dict[str, Any] | Positions


class LiveClient:
    """One open connection. Iterate for what the server says: dicts, and `Positions` for binary frames."""

    def __init__(self, websocket: ClientConnection) -> None:
        self.websocket = websocket
        self._ids = itertools.count(1)

    async def subscribe(
        self,
        channel: str,
        bbox: tuple[float, float, float, float] | None = None,
        cursor: int | None = None,
    ) -> str:
        """Ask to hear a channel; answers the request's id, which comes back in `subscription_ack` or `error`.

        `bbox` [west, south, east, north in degrees] is for `viewport`; `cursor` is the last event one has.
        """
        extra: dict[str, Any] = {} if bbox is None else {"params": {"bbox": bbox}}
        if cursor is not None:
            extra["cursor"] = cursor
        return await self.say(type="subscribe", channel=channel, **extra)

    async def unsubscribe(self, channel: str) -> str:
        """Hear a channel no longer."""
        return await self.say(type="unsubscribe", channel=channel)

    async def ping(self, at_ms: float) -> None:
        """Say that one is still here; at least once in `heartbeat_interval_s` of the `connection_ack`."""
        await self.websocket.send(msgspec.json.encode({"type": "ping", "at": at_ms}).decode())

    async def say(self, **message: Any) -> str:
        """Send any message, with a request id."""
        id = str(next(self._ids))
        await self.websocket.send(msgspec.json.encode({"id": id, **message}).decode())
        return id

    async def receive(self) -> Message:
        """The next message. Raises websockets.ConnectionClosed at the end."""
        said = await self.websocket.recv()
        if isinstance(said, bytes):
            return decode_positions(said)[0]
        decoded: dict[str, Any] = msgspec.json.decode(said)
        return decoded

    async def __aiter__(self) -> AsyncIterator[Message]:
        while True:
            yield await self.receive()


@asynccontextmanager
async def connect(url: str, token: str) -> AsyncIterator[LiveClient]:
    """Open `ws://host:port/api/v1/ws` with a bearer token. Raises OSError, or websockets' own errors."""
    headers = {"Authorization": f"Bearer {token}"}
    async with open_websocket(url, additional_headers=headers, max_size=MOST_BYTES) as websocket:
        yield LiveClient(websocket)


@dataclass(frozen=True, slots=True)
class Picture:
    """What one channel shows.

    `places`: vehicle number → (at_ms, lat_e7, lon_e7, speed_cmps, heading_cdeg, motion).
    """

    channel: str
    cursor: int = -1
    vehicles: dict[str, Vehicle] = field(default_factory=dict)
    places: dict[int, tuple[Any, ...]] = field(default_factory=dict)


def apply(picture: Picture, message: Message) -> Picture:
    """The picture after one message; messages of other channels and of no picture change nothing."""
    if isinstance(message, Positions):
        return _positioned(picture, message)
    if message.get("channel") != picture.channel:
        return picture
    kind = message["type"]
    if kind == "snapshot":
        return _snapshot(picture, message)
    if kind == "resync":
        return Picture(picture.channel)
    return _event(picture, message) if kind == "event" else picture


def _positioned(picture: Picture, positions: Positions) -> Picture:
    places = dict(picture.places)
    for at_ms, number, *place in zip(*(column.tolist() for column in positions.columns()), strict=True):
        if number not in places or places[number][0] <= at_ms:
            places[number] = (at_ms, *place)
    return replace(picture, places=places)


def _snapshot(picture: Picture, message: dict[str, Any]) -> Picture:
    vehicles = {vehicle["id"]: vehicle for vehicle in message["vehicles"]}
    numbers = {vehicle["no"] for vehicle in vehicles.values()}
    places = {number: place for number, place in picture.places.items() if number in numbers}
    return Picture(picture.channel, message["cursor"], vehicles, places)


def _event(picture: Picture, message: dict[str, Any]) -> Picture:
    if message["cursor"] <= picture.cursor:
        return picture
    picture = replace(picture, cursor=message["cursor"])
    rule = _RULES.get(message["name"])
    if rule is None:
        return picture
    vehicles = dict(picture.vehicles)
    rule(vehicles, message["data"], picture.channel)
    return replace(picture, vehicles=vehicles)


def _with_trip(vehicles: dict[str, Vehicle], vehicle_id: str, trip: dict[str, Any] | None) -> None:
    if vehicle_id in vehicles:
        vehicles[vehicle_id] = {**vehicles[vehicle_id], "trip": trip}


def _trip_started(vehicles: dict[str, Vehicle], data: dict[str, Any], channel: str) -> None:
    trip = {"id": data["trip_id"], "started_at": data["started_at"]}
    _with_trip(vehicles, data["vehicle_id"], trip)


def _trip_over(vehicles: dict[str, Vehicle], data: dict[str, Any], channel: str) -> None:
    trip = (vehicles.get(data["vehicle_id"]) or {}).get("trip")
    if trip is not None and trip["id"] == data["trip_id"]:
        _with_trip(vehicles, data["vehicle_id"], None)


def _trip_revised(vehicles: dict[str, Vehicle], data: dict[str, Any], channel: str) -> None:
    """An open trip becomes the current one when it is the same or newer; any other is no longer current."""
    if data.get("removed") or data.get("ended_at") is not None:
        _trip_over(vehicles, data, channel)
        return
    trip = (vehicles.get(data["vehicle_id"]) or {}).get("trip")
    started_at = datetime.fromisoformat(data["started_at"])
    if trip is None or trip["id"] == data["trip_id"] or datetime.fromisoformat(trip["started_at"]) < started_at:
        _trip_started(vehicles, data, channel)


def _vehicle_told(vehicles: dict[str, Vehicle], data: dict[str, Any], channel: str) -> None:
    id = data["vehicle_id"]
    if channel.startswith("fleet:") and channel != f"fleet:{data['fleet_id']}":
        vehicles.pop(id, None)
        return
    told = {name: data[name] for name in ("no", "name", "plate", "kind", "fleet_id", "status")}
    vehicles[id] = {"id": id, **told, "trip": (vehicles.get(id) or {}).get("trip")}


def _vehicle_removed(vehicles: dict[str, Vehicle], data: dict[str, Any], channel: str) -> None:
    vehicles.pop(data["vehicle_id"], None)


_RULES: dict[str, Callable[[dict[str, Vehicle], dict[str, Any], str], None]] = {
    "telemetry.trip_started.v1": _trip_started,
    "telemetry.trip_ended.v1": _trip_over,
    "telemetry.trip_revised.v1": _trip_revised,
    "vehicles.vehicle_added.v1": _vehicle_told,
    "vehicles.vehicle_changed.v1": _vehicle_told,
    "vehicles.vehicle_removed.v1": _vehicle_removed,
}
