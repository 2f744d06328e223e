"""Cuts Teltonika's TCP stream: identity `00 0F` + 15 digits, packets `00000000` + length + data + CRC-16, and
0xFF as a sign of life.

Every byte that begins none of these is garbage. What looks like a packet's head must also be believable
inside (codec, length, number of records at both ends), so that an accident in garbage does not make the
server wait. A believable packet with a wrong checksum is dropped whole: the device sent it, the line spoiled
it. All decisions look only at bytes that are there, so the result does not depend on how the stream was
split; and every byte is looked at once, so garbage is cheap.
"""

import re

from fastcrc import crc16

from motorpool.connectors.devices.protocol import Cut, Reject

PREAMBLE = b"\0\0\0\0"
AVL_CODECS = frozenset({0x08, 0x8E, 0x10})
TEXT_CODECS = frozenset({0x0C, 0x0D, 0x0E, 0x0F})

# The largest AVL packet the vendor names is 1 280 bytes, photos come in pieces of 2 kB; a head that asks for
# more is garbage.
MAX_DATA = 16_384
# Bytes of a record without a single element: time, priority, place, event, counts.
_LEAST_RECORD = {0x08: 30, 0x8E: 38, 0x10: 32}
_HEAD = 15

# Where something can begin: signs of life, an identity, a packet (six zeros: the preamble and the upper half
# of its length), or the end of the buffer in the middle of one of them.
_BEGIN = re.compile(rb"\xff+|\x00[\x0e-\x11](?:[0-9]|\Z)|\x00{6}|\x00{1,5}\Z")
_NOT_ZERO = re.compile(rb"[^\x00]")


def split(buffer: bytes, *, strict: bool = True) -> Cut:
    """The whole, checked frames at the front of `buffer`.

    Without `strict` a believable packet passes whatever its checksum.
    """
    frames: list[bytes] = []
    rejects: list[Reject] = []
    at = garbage = 0
    while at < len(buffer):
        begin = _BEGIN.search(buffer, at)
        start = begin.start() if begin else len(buffer)
        garbage, at = garbage + start - at, start
        size, kind = _look(buffer, begin) if begin else (0, "wait")
        if kind == "wait":
            break
        if kind == "garbage":
            garbage += size
        elif kind == "frame" or (kind == "checksum" and not strict):
            frames.append(bytes(buffer[at : at + size]))
        elif kind == "checksum":
            rejects.append(Reject("checksum", size))
        at += size
    if garbage:
        rejects.append(Reject("garbage", garbage))
    return Cut(tuple(frames), at, tuple(rejects))


def _look(buffer: bytes, begin: re.Match[bytes]) -> tuple[int, str]:
    """Size and kind of what begins here: `frame`, `checksum`, `alive`, `garbage`, or `wait` when more bytes
    must tell.
    """
    at, first = begin.start(), begin[0]
    if first[0] == 0xFF:
        return len(first), "alive"
    if len(first) > 1 and first[1]:
        return _identity(buffer, at, first[1])
    if len(first) < 6:
        return 0, "wait"
    return _packet(buffer, at)


def _identity(buffer: bytes, at: int, length: int) -> tuple[int, str]:
    digits = buffer[at + 2 : at + 2 + length]
    if digits and not digits.isdigit():
        return 1, "garbage"
    return (2 + length, "frame") if len(digits) == length else (0, "wait")


def _packet(buffer: bytes, at: int) -> tuple[int, str]:
    head = buffer[at : at + _HEAD]
    if len(head) >= 8 and not any(head[6:8]):
        return _zeros(buffer, at)
    if len(head) < 10:
        return 0, "wait"
    length = int.from_bytes(head[4:8], "big")
    believable = _believable(head, length)
    if not believable:
        return (0, "wait") if believable is None else (1, "garbage")
    whole = 8 + length + 4
    if len(buffer) - at < whole:
        return 0, "wait"
    return _checked(buffer[at + 8 : at + whole], length, whole)


def _zeros(buffer: bytes, at: int) -> tuple[int, str]:
    """A run of zeros: a packet has its first other byte as its seventh or eighth, so all but the last seven
    zeros begin nothing.
    """
    other = _NOT_ZERO.search(buffer, at)
    end = other.start() if other else len(buffer)
    return (end - 7 - at, "garbage") if end - 7 > at else (0, "wait")


def _believable(head: bytes, length: int) -> bool | None:
    """Whether codec, number of records and length of a head go together; None when more bytes must tell."""
    codec, count = head[8], head[9]
    if codec in AVL_CODECS:
        return 3 + count * _LEAST_RECORD[codec] <= length <= MAX_DATA and (count > 0 or length == 3)
    if codec not in TEXT_CODECS or length > MAX_DATA:
        return False
    if len(head) < _HEAD:
        return None
    # Codec 13 has a time of four bytes outside the size it states.
    return length - int.from_bytes(head[11:15], "big") in (8, 12)


def _checked(body: bytes, length: int, whole: int) -> tuple[int, str]:
    if body[1] != body[length - 1]:
        return 1, "garbage"
    sound = crc16.arc(bytes(body[:length])) == int.from_bytes(body[length:], "big")
    return whole, "frame" if sound else "checksum"
