"""Positions on their way to browsers: columns in the units of the wire, never an object per vehicle.

The same bytes travel between processes (`Tick`) and to clients (`encode_positions`); every column is aligned
for a typed-array view on the buffer.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

NOT_SAID = 0xFFFF
KIND, VERSION, TICK_KIND = 0x50, 1, 0x54
HEADER = struct.Struct("<BBHId")  # kind, version, nothing, n, server time [ms since 1970]
TICK_HEADER = struct.Struct("<BBHIII")  # kind, version, nothing, n, tenant number, nothing
DTYPES = ("<f8", "<u4", "<i4", "<i4", "<u2", "<u2", "u1")
ROW_BYTES = sum(np.dtype(dtype).itemsize for dtype in DTYPES)


@dataclass(frozen=True, slots=True)
class Positions:
    """Where vehicles are, n rows in columns.

    `at_ms` float64 [ms since 1970], `vehicle_no` uint32, `lat_e7` and `lon_e7` int32 [1e-7 deg], `speed_cmps`
    uint16 [cm/s] and `heading_cdeg` uint16 [0.01 deg, 0…35999] (both 0xFFFF: not said), `motion` uint8 (0
    unknown, 1 moving, 2 idling, 3 stopped).
    """

    at_ms: NDArray[np.float64]
    vehicle_no: NDArray[np.uint32]
    lat_e7: NDArray[np.int32]
    lon_e7: NDArray[np.int32]
    speed_cmps: NDArray[np.uint16]
    heading_cdeg: NDArray[np.uint16]
    motion: NDArray[np.uint8]

    @classmethod
    def none(cls) -> Self:
        """No rows."""
        return cls(*(np.empty(0, dtype) for dtype in DTYPES))

    @classmethod
    def from_si(  # noqa: PLR0913 - one argument a column
        cls,
        *,
        at_us: NDArray[np.int64],
        vehicle_no: NDArray[Any],
        lat_deg: NDArray[np.float64],
        lon_deg: NDArray[np.float64],
        speed_mps: NDArray[Any],
        heading_deg: NDArray[Any],
        motion: NDArray[Any],
    ) -> Self:
        """The pipeline's columns, rounded to the units of the wire; NaN speed or heading is "not said"."""
        return cls(
            at_ms=np.asarray(at_us, np.int64) / 1_000.0,
            vehicle_no=np.asarray(vehicle_no).astype("<u4"),
            lat_e7=np.rint(np.asarray(lat_deg, np.float64) * 1e7).astype("<i4"),
            lon_e7=np.rint(np.asarray(lon_deg, np.float64) * 1e7).astype("<i4"),
            speed_cmps=_hundredths(speed_mps, None),
            heading_cdeg=_hundredths(heading_deg, 36_000),
            motion=np.asarray(motion).astype("u1"),
        )

    def columns(self) -> Iterator[NDArray[Any]]:
        """The columns in the order of the wire."""
        yield from (self.at_ms, self.vehicle_no, self.lat_e7, self.lon_e7)
        yield from (self.speed_cmps, self.heading_cdeg, self.motion)

    def __len__(self) -> int:
        return len(self.vehicle_no)

    def take(self, rows: NDArray[Any]) -> Self:
        """The rows of a boolean mask or of indexes."""
        return type(self)(*(column[rows] for column in self.columns()))

    def latest(self) -> Self:
        """One row a vehicle: the newest by `at_ms`, of equals the last; ordered by vehicle number."""
        if len(self) < 2:
            return self
        order = np.lexsort((self.at_ms, self.vehicle_no))
        numbers = self.vehicle_no[order]
        return self.take(order[np.append(numbers[1:] != numbers[:-1], True)])


def join(parts: Sequence[Positions]) -> Positions:
    """The rows of several, in order."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return Positions.none()
    return Positions(*(np.concatenate(column) for column in zip(*(p.columns() for p in parts), strict=True)))


def encode_positions(positions: Positions, server_time_ms: float) -> bytes:
    """The binary frame a client gets: header of 16 bytes, then the columns, little-endian."""
    return HEADER.pack(KIND, VERSION, 0, len(positions), server_time_ms) + _pack(positions)


def decode_positions(frame: bytes) -> tuple[Positions, float]:
    """Positions and server time [ms since 1970] of a client's frame. Raises ValueError when it is none."""
    if len(frame) < HEADER.size:
        raise ValueError("shorter than its header")
    kind, version, _, count, server_time_ms = HEADER.unpack_from(frame)
    if (kind, version) != (KIND, VERSION):
        raise ValueError("not a positions frame of this version")
    return _unpack(frame, HEADER.size, count), server_time_ms


@dataclass(frozen=True, slots=True)
class Tick:
    """What one batch moved in one tenant, as it travels between processes: at most one row a vehicle."""

    tenant_no: int
    positions: Positions

    def pack(self) -> bytes:
        """The bytes for `Live.publish(tick_channel(tenant_no), …)`."""
        header = TICK_HEADER.pack(TICK_KIND, VERSION, 0, len(self.positions), self.tenant_no, 0)
        return header + _pack(self.positions)

    @classmethod
    def unpack(cls, message: bytes) -> Self:
        """The tick of its bytes. Raises ValueError when they are none."""
        if len(message) < TICK_HEADER.size:
            raise ValueError("shorter than its header")
        kind, version, _, count, tenant_no, _ = TICK_HEADER.unpack_from(message)
        if (kind, version) != (TICK_KIND, VERSION):
            raise ValueError("not a tick of this version")
        return cls(tenant_no, _unpack(message, TICK_HEADER.size, count))


def tick_channel(tenant_no: int) -> str:
    """The live channel of a tenant's positions."""
    return f"positions:{tenant_no}"


def _pack(positions: Positions) -> bytes:
    columns = zip(positions.columns(), DTYPES, strict=True)
    return b"".join(np.ascontiguousarray(column, dtype).tobytes() for column, dtype in columns)


def _unpack(message: bytes, offset: int, count: int) -> Positions:
    if len(message) != offset + count * ROW_BYTES:
        raise ValueError("its length does not fit its count")
    columns = []
    for dtype in DTYPES:
        columns.append(np.frombuffer(message, dtype, count, offset))
        offset += count * np.dtype(dtype).itemsize
    return Positions(*columns)


def _hundredths(values: NDArray[Any], modulus: int | None) -> NDArray[np.uint16]:
    """Values in hundredths as uint16, wrapped at `modulus` or capped below the mark for "not said"."""
    wide = np.asarray(values, np.float64)
    said = np.isfinite(wide)
    hundredths = np.rint(np.where(said, wide, 0.0) * 100.0)
    bounded = hundredths % modulus if modulus else np.clip(hundredths, 0, NOT_SAID - 1)
    return np.where(said, bounded, NOT_SAID).astype("<u2")
