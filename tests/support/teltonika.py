"""Writes Teltonika frames: the other side of the codec, for tests and benchmarks."""

import struct

from fastcrc import crc16


def imei_frame(imei: str) -> bytes:
    """The greeting of a device."""
    return struct.pack(">H", len(imei)) + imei.encode()


def packet(content: bytes) -> bytes:
    """Data with preamble, length and checksum."""
    return b"\0\0\0\0" + struct.pack(">I", len(content)) + content + struct.pack(">I", crc16.arc(content))


def gps(at_ms: int, lat: float, lon: float, *, satellites: int = 9, speed_kmh: int = 50) -> bytes:
    """Time, priority and place of a record."""
    place = (round(lon * 1e7), round(lat * 1e7), 120, 90, satellites, speed_kmh)
    return struct.pack(">QBiihHBH", at_ms, 0, *place)


def codec8(records: list[bytes]) -> bytes:
    """A whole packet; each record is `gps(...)` plus its elements."""
    return packet(b"\x08" + bytes([len(records)]) + b"".join(records) + bytes([len(records)]))


NO_ELEMENTS = b"\0" * 6
IGNITION_ON = b"\xef\x02" + b"\x01\xef\x01" + b"\x01\x42\x30\x39" + b"\0\0"


def track(count: int, start_ms: int = 1_760_000_000_000, lat: float = 52.5) -> list[bytes]:
    """Records a second apart, moving east."""
    return [gps(start_ms + 1000 * at, lat, 13.4 + at / 1000) + NO_ELEMENTS for at in range(count)]


def extended(identifier: int, raw: bytes, *, place: bytes | None = None) -> bytes:
    """A Codec 8 Extended packet with one record and one element, of variable length unless it has 1, 2, 4 or
    8 bytes.
    """
    groups = [b"\0\0"] * 5
    sizes = (1, 2, 4, 8)
    if len(raw) in sizes:
        groups[sizes.index(len(raw))] = struct.pack(">HH", 1, identifier) + raw
    else:
        groups[4] = struct.pack(">HHH", 1, identifier, len(raw)) + raw
    record = (place or gps(1_760_000_000_000, 52.5, 13.4)) + struct.pack(">HH", 0, 1) + b"".join(groups)
    return packet(b"\x8e\x01" + record + b"\x01")


def udp(imei: str, content: bytes, packet_id: int = 0xCAFE, avl_id: int = 5) -> bytes:
    """A UDP packet around a packet's data."""
    body = struct.pack(">HBB", packet_id, 1, avl_id) + imei_frame(imei) + content
    return struct.pack(">H", len(body)) + body
