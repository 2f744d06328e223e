"""Text messages of the realtime protocol: strict reading of what clients send, and our answers. Pure."""

import math
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from motorpool.runtime.realtime.channels import VIEWPORT, Channel, UnknownChannel
from motorpool.runtime.realtime.ports import StoredEvent
from motorpool.runtime.realtime.view import Box

MOST_ID_CHARACTERS = 64
RequestId = Annotated[str, Meta(min_length=1, max_length=MOST_ID_CHARACTERS)]
ChannelName = Annotated[str, Meta(min_length=1, max_length=64)]
Degrees = Annotated[float, Meta(ge=-180.0, le=180.0)]


class ErrorCode(StrEnum):
    """Why a message was refused; stable."""

    FORBIDDEN = "FORBIDDEN"
    VALIDATION_ERROR = "VALIDATION_ERROR"
    RATE_LIMIT_EXCEEDED = "RATE_LIMIT_EXCEEDED"
    INVALID_MESSAGE_FORMAT = "INVALID_MESSAGE_FORMAT"
    UNKNOWN_MESSAGE_TYPE = "UNKNOWN_MESSAGE_TYPE"
    MESSAGE_PROCESSING_ERROR = "MESSAGE_PROCESSING_ERROR"


class BadMessage(Exception):
    """A message that cannot be followed; `id` is the request's, when it could be read."""

    def __init__(self, code: ErrorCode, message: str, id: str | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.id = code, message, id


class Params(Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of a subscription: the window of a viewport, [west, south, east, north] in degrees."""

    bbox: tuple[Degrees, Degrees, Degrees, Degrees] | None = None


class Subscribe(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="subscribe"):
    """Hear a channel; `cursor` is the last event the client has, to get what it missed."""

    id: RequestId
    channel: ChannelName
    params: Params | None = None
    cursor: Annotated[int, Meta(ge=0, le=2**63 - 1)] | None = None

    def parsed(self) -> tuple[Channel, Box | None]:
        """The channel and, for a viewport, its window. Raises BadMessage."""
        channel = parse_channel(self.channel, self.id)
        bbox = self.params.bbox if self.params else None
        if (bbox is None) == (channel.kind == VIEWPORT):
            raise BadMessage(ErrorCode.VALIDATION_ERROR, "params.bbox belongs to viewport, and only there.", self.id)
        return channel, None if bbox is None else _box(bbox, self.id)


class Unsubscribe(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="unsubscribe"):
    """Stop hearing a channel."""

    id: RequestId
    channel: ChannelName


class Ping(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="ping"):
    """The client's heartbeat; `at` comes back."""

    at: float | None = None


ClientMessage = Subscribe | Unsubscribe | Ping


class _Head(Struct, frozen=True):
    type: str
    id: Any = None


_HEAD = msgspec.json.Decoder(_Head)
_DECODERS: dict[str, msgspec.json.Decoder[ClientMessage]] = {
    "subscribe": msgspec.json.Decoder(Subscribe),
    "unsubscribe": msgspec.json.Decoder(Unsubscribe),
    "ping": msgspec.json.Decoder(Ping),
}


def decode(text: str | None, most_bytes: int) -> ClientMessage:
    """What a client said; None stands for a binary message, which clients do not send. Raises BadMessage."""
    if text is None:
        raise BadMessage(ErrorCode.INVALID_MESSAGE_FORMAT, "Messages are JSON text, not binary.")
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw) > most_bytes:
        raise BadMessage(ErrorCode.INVALID_MESSAGE_FORMAT, f"A message has at most {most_bytes} bytes.")
    try:
        head = _HEAD.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise BadMessage(ErrorCode.INVALID_MESSAGE_FORMAT, "A message is a JSON object with a text `type`.") from None
    id = head.id if isinstance(head.id, str) and len(head.id) <= MOST_ID_CHARACTERS else None
    decoder = _DECODERS.get(head.type)
    if decoder is None:
        raise BadMessage(ErrorCode.UNKNOWN_MESSAGE_TYPE, f"Known types: {', '.join(_DECODERS)}.", id)
    try:
        return decoder.decode(raw)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadMessage(ErrorCode.VALIDATION_ERROR, str(error)[:200], id) from None


def parse_channel(name: str, id: str) -> Channel:
    """The channel of its name. Raises BadMessage: what is not on the list, nobody hears."""
    try:
        return Channel.parse(name)
    except UnknownChannel:
        raise BadMessage(ErrorCode.FORBIDDEN, "You may not hear this channel.", id) from None


def _box(bbox: tuple[float, float, float, float], id: str) -> Box:
    west, south, east, north = bbox
    if not (all(map(math.isfinite, bbox)) and -90.0 <= south <= north <= 90.0):
        raise BadMessage(ErrorCode.VALIDATION_ERROR, "params.bbox is [west, south, east, north] in degrees.", id)
    return Box(west, south, east, north)


# What clients get


def connection_ack(client_id: UUID, now: datetime, payload_bytes: int, heartbeat_s: float) -> str:
    """The first message of every connection."""
    return _text(
        type="connection_ack",
        client_id=client_id,
        server_time=now,
        max_payload_size=payload_bytes,
        heartbeat_interval_s=heartbeat_s,
    )


def subscription_ack(id: str, channel: str, now: datetime) -> str:
    """The channel is heard from here on."""
    return _text(type="subscription_ack", id=id, channel=channel, status="ok", at=now)


def unsubscription_ack(id: str, channel: str, now: datetime) -> str:
    """The channel is no longer heard."""
    return _text(type="unsubscription_ack", id=id, channel=channel, status="ok", at=now)


def snapshot(channel: str, cursor: int, vehicles: Any) -> str:
    """The picture of a channel; a frame with the positions of these vehicles follows at once."""
    return _text(type="snapshot", channel=channel, cursor=cursor, vehicles=vehicles)


def event(channel: str, stored: StoredEvent) -> str:
    """Something happened that changes the picture, or a list."""
    return _text(
        type="event",
        channel=channel,
        cursor=stored.position,
        name=stored.name,
        at=stored.at,
        data=stored.data,
    )


def resync(channel: str, reason: str) -> str:
    """Drop what you have of this channel and take the snapshot that follows."""
    return _text(type="resync", channel=channel, reason=reason)


def pong(at: float | None, now: datetime) -> str:
    """The answer to a heartbeat."""
    return _text(type="pong", at=at, server_time=now)


def error(bad: BadMessage) -> str:
    """A message was refused, and why."""
    about = {} if bad.id is None else {"id": bad.id}
    return _text(type="error", **about, code=bad.code, message=bad.message)


def _text(**fields: Any) -> str:
    return msgspec.json.encode(fields).decode()
