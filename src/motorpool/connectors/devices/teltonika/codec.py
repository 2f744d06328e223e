"""What Teltonika's frames mean: Codec 8, 8 Extended and 16 (records), 12, 13 and 14 (answers to commands),
and the UDP channel.

After the vendor's "Data Sending Protocols". Places come in 1e-7 degrees, speed in km/h, time in milliseconds
since 1970 UTC.

A record without satellites repeats the last place and says speed 0, which would be a stop that nobody made:
speed, heading and altitude then count as not said. Without any place yet it says (0, 0); the row goes in with
all its sensors like every other, and the door refuses it with `no_position`. It is acknowledged either way:
sending it again would not find a place for it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct, error

from motorpool.connectors.devices.points import RANGES, Point, Sensor, text_of
from motorpool.connectors.devices.protocol import (
    CommandReply,
    Context,
    Decoded,
    Hello,
    Ignored,
    Message,
    Records,
    Refused,
)
from motorpool.connectors.devices.teltonika.elements import (
    COLUMNS,
    ELEMENTS,
    EVENTS,
    SPEEDS,
    TAG_LISTS,
    TEXTS,
)
from motorpool.connectors.devices.teltonika.framing import AVL_CODECS, PREAMBLE, TEXT_CODECS
from motorpool.connectors.devices.teltonika.tags import beacons, tags

_GPS = Struct(">QBiihHBH")
_UDP = Struct(">HHBBH")
_PHOTO = 0x0D
_LATEST_MS = (2**63 - 1) // 1000
_KMH = 3.6
# Numbers above this are not exact in JSON readers; they are written in hexadecimal.
_EXACT = 2**53
COLUMN_OF = {name: column for column, names in COLUMNS.items() for name in names}
_DTC = re.compile(r"[PCBU][0-9A-F]{4,6}")


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a codec writes the element part of a record."""

    event: Struct
    count: Struct
    identifier: Struct
    generation: bool = False
    variable: bool = False


_BYTE, _WORD = Struct(">B"), Struct(">H")
_LAYOUTS = {
    0x08: _Layout(_BYTE, _BYTE, _BYTE),
    0x8E: _Layout(_WORD, _WORD, _WORD, variable=True),
    0x10: _Layout(_WORD, _BYTE, _WORD, generation=True),
}


def decode(context: Context, frame: bytes) -> Decoded:
    """The meaning of one TCP frame."""
    return Decoded((_meaning(frame),))


def datagram(context: Context, packet: bytes) -> Decoded:
    """The meaning of one UDP packet: channel head, IMEI, then the same data as over TCP, without checksum."""
    try:
        length, packet_id, kind, avl_id, digits = _UDP.unpack_from(packet)
    except error:
        return Decoded((Refused("malformed"),))
    imei = packet[_UDP.size : _UDP.size + digits]
    if length != len(packet) - 2 or kind != 1 or len(imei) != digits or not imei.isdigit():
        return Decoded((Refused("malformed"),))
    message = _avl(packet[_UDP.size + digits :])
    head = b"\0\5" + _WORD.pack(packet_id) + b"\1" + bytes((avl_id,))
    if isinstance(message, Refused):
        return Decoded((Refused(message.reason, head + b"\0"),))
    return Decoded((Records(message.points, head + message.acknowledge[-1:], imei.decode()),))


def _meaning(frame: bytes) -> Message:
    if not frame.startswith(PREAMBLE):
        identifier = frame[2:]
        return Hello(identifier.decode(), b"\1", b"\0") if identifier.isdigit() else Refused("malformed")
    content = frame[8:-4]
    if content[:1] and content[0] in TEXT_CODECS:
        return _text(content)
    return _avl(content)


def _text(content: bytes) -> Message:
    codec, kind, body = content[0], content[2:3], content[7:-1]
    if kind == bytes((_PHOTO,)):
        return Ignored("photo")
    size = int.from_bytes(content[3:7], "big")
    if codec == 0x0E:
        return CommandReply(text_of(body[8:]), identifier=body[:8].hex().lstrip("0") or None)
    if codec == 0x0D:
        # The time is four bytes (seconds) before what the size counts, or eight (milliseconds) inside it.
        body = body[4:] if len(body) == size + 4 else body[8:]
    elif codec == 0x0F:
        body = body[12:]
    return CommandReply(text_of(body))


def _avl(content: bytes) -> Records | Refused:
    """Records, or a refusal that tells the device that nothing was taken."""
    try:
        points = list(_points(content))
    except (error, IndexError):
        return Refused("malformed", b"\0\0\0\0")
    if points and points[-1] is None:
        return Refused("malformed", b"\0\0\0\0")
    kept = tuple(point for point in points if point is not None)
    return Records(kept, len(kept).to_bytes(4, "big"))


def _points(content: bytes) -> Iterator[Point | None]:
    """The records of a packet's data; None at the end when the data is longer or shorter than its records."""
    if content[0] not in AVL_CODECS:
        yield None
        return
    layout, count, at = _LAYOUTS[content[0]], content[1], 2
    for _ in range(count):
        point, at = _record(content, at, layout)
        yield point
    if at != len(content) - 1 or content[at] != count:
        yield None


def _record(content: bytes, at: int, layout: _Layout) -> tuple[Point, int]:
    at_ms, priority, lon, lat, altitude, heading, satellites, speed = _GPS.unpack_from(content, at)
    at += _GPS.size
    sensors: dict[str, Sensor] = {"satellites": satellites}
    point = Point(min(at_ms, _LATEST_MS) * 1000, lat / 1e7, lon / 1e7, sensors=sensors)
    if satellites:
        point.said = {"speed_mps": speed / _KMH, "heading_deg": heading, "altitude_m": altitude}
    if priority:
        sensors["priority"] = priority
    event, at = _number(content, at, layout.event)
    if event:
        sensors["event"] = EVENTS.get(event, f"io{event}")
    if layout.generation:
        sensors["generation"], at = _number(content, at, _BYTE)
    _, at = _number(content, at, layout.count)
    for size in (1, 2, 4, 8):
        at = _fixed(content, at, size, layout, point)
    if layout.variable:
        at = _variable(content, at, point)
    _fill_columns(point)
    return point, at


def _number(content: bytes, at: int, layout: Struct) -> tuple[int, int]:
    return layout.unpack_from(content, at)[0], at + layout.size


def _fixed(content: bytes, at: int, size: int, layout: _Layout, point: Point) -> int:
    count, at = _number(content, at, layout.count)
    for _ in range(count):
        identifier, at = layout.identifier.unpack_from(content, at)[0], at + layout.identifier.size
        if at + size > len(content):
            raise IndexError
        _read(point, identifier, content[at : at + size])
        at += size
    return at


def _read(point: Point, identifier: int, raw: bytes) -> None:
    key = (identifier, len(raw))
    element = ELEMENTS.get(key)
    if key == (239, 1):
        point.ignition = raw != b"\0"
    elif key in SPEEDS:
        point.sensors[SPEEDS[key]] = round(int.from_bytes(raw, "big") / _KMH, 3)
    elif element is None:
        number = int.from_bytes(raw, "big")
        point.sensors[f"io{identifier}"] = number if number < _EXACT else raw.hex().upper()
    else:
        value = element.value(raw)
        if value is not None:
            point.sensors[element.name] = value


def _variable(content: bytes, at: int, point: Point) -> int:
    count, at = _number(content, at, _WORD)
    for _ in range(count):
        identifier, at = _number(content, at, _WORD)
        length, at = _number(content, at, _WORD)
        if at + length > len(content):
            raise IndexError
        if length:
            _read_variable(point, identifier, content[at : at + length])
        at += length
    return at


def _read_variable(point: Point, identifier: int, raw: bytes) -> None:
    if identifier == 385:
        point.sensors["beacons"] = beacons(raw)
    elif identifier in TAG_LISTS:
        point.sensors.update(tags(raw))
    elif identifier in (281, 282):
        _read_dtcs(point, TEXTS[identifier], text_of(raw))
    elif identifier in TEXTS:
        point.sensors[TEXTS[identifier]] = text_of(raw)
    else:
        point.sensors[f"io{identifier}"] = raw.hex()


def _read_dtcs(point: Point, name: str, text: str) -> None:
    found = _DTC.findall(text.upper())
    point.dtcs += found
    if not found and text:
        point.sensors[name] = text


def _fill_columns(point: Point) -> None:
    for column in {COLUMN_OF[name] for name in COLUMN_OF.keys() & point.sensors.keys()}:
        low, high = RANGES[column]
        for name in COLUMNS[column]:
            value = point.sensors.get(name)
            if isinstance(value, int | float) and low <= value <= high:
                point.said[column] = value
                del point.sensors[name]
                break
