"""The identity of what was said: the same row heard twice has the same hash, in every process and for ever.

It is stored with each position, so the mixing below must not change.
"""

import hashlib

import numpy as np
from numpy.typing import NDArray

from motorpool.telemetry.batch import Fixes

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)

Words = NDArray[np.uint64]


def content_hash(device_no: NDArray[np.int32], fixes: Fixes) -> NDArray[np.int64]:
    """Hash of each row: who said it and every column of it.

    Parameters
    ----------
    device_no : int32 (n,)
        Number of the device that said the row.
    fixes : Fixes (n rows)
        Every NaN counts as the same; other floats by their bits.

    Returns
    -------
    int64 (n,)
        Equal for equal rows; for two different rows equal with a chance of about 2⁻⁶⁴.

    Source
    ------
    Steele, G. L., Lea, D., Flood, C. H. (2014), "Fast splittable pseudorandom number generators", OOPSLA
    453-472 (the finaliser, variant 13 of D. Stafford). `extra` enters as BLAKE2b of 8 bytes (RFC 7693).
    """
    mixed = np.full(len(fixes), GOLDEN, dtype=np.uint64)
    for word in _words(device_no, fixes):
        mixed = _mix(mixed + GOLDEN ^ word)
    said = np.flatnonzero(fixes.extra != None)  # noqa: E711 - compares element by element
    if len(said):
        mixed[said] = _mix(mixed[said] + GOLDEN ^ _extra_words(fixes.extra[said]))
    return mixed.view(np.int64)


def _words(device_no: NDArray[np.int32], fixes: Fixes) -> list[Words]:
    who = device_no.astype(np.uint32).astype(np.uint64) << np.uint64(8)
    return [
        who | fixes.ignition.astype(np.uint8),
        fixes.at_us.astype(np.uint64),
        _bits(fixes.lat_deg),
        _bits(fixes.lon_deg),
        _bits(fixes.odometer_m),
        _pair(fixes.speed_mps, fixes.heading_deg),
        _pair(fixes.altitude_m, fixes.accuracy_m),
        _pair(fixes.fuel_percent, fixes.rpm),
        _pair(fixes.coolant_c, fixes.battery_v),
    ]


def _mix(words: Words) -> Words:
    words = (words ^ (words >> np.uint64(30))) * FIRST
    words = (words ^ (words >> np.uint64(27))) * SECOND
    return words ^ (words >> np.uint64(31))


def _bits(column: NDArray[np.float64]) -> Words:
    return np.where(np.isnan(column), np.nan, column).view(np.uint64)


def _pair(high: NDArray[np.float32], low: NDArray[np.float32]) -> Words:
    return _half(high) << np.uint64(32) | _half(low)


def _half(column: NDArray[np.float32]) -> Words:
    return np.where(np.isnan(column), np.float32(np.nan), column).view(np.uint32).astype(np.uint64)


def _extra_words(extra: NDArray[np.object_]) -> Words:
    digests = b"".join(hashlib.blake2b(one, digest_size=8).digest() for one in extra)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)
