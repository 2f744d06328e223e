"""The shapes every device protocol is made of; pure values and functions, no I/O, no clock.

A protocol is a folder: `manifest.py` says what it is, `framing.py` cuts a byte stream into frames, `codec.py`
says what a frame means. One server speaks all of them. Whoever writes a codec promises four things, which
`tests/unit/connectors/devices` checks for each: it never raises, it never stands still on input it can do
nothing with, it gives no point from a frame whose checksum is wrong, and it gives the same result however the
stream was split.
"""

import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from motorpool.connectors.devices.points import Point, fixes_of
from motorpool.telemetry.batch import Fixes


class Transport(StrEnum):
    """How messages of a protocol travel."""

    TCP = "tcp"
    UDP = "udp"
    HTTP = "http"


class Standing(StrEnum):
    """How far one quality of a protocol has come. `exempt` comes with the reason why it does not apply."""

    DONE = "done"
    TODO = "todo"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Quality:
    """One line of a protocol's quality list."""

    standing: Standing
    reason: str = ""


QUALITIES = (
    "framing",
    "checksum",
    "ack_after_commit",
    "commands",
    "fuzzed",
    "recorded_messages",
    "field_tested",
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a protocol is: `name` (also its folder), the makers or programs that speak it, its usual port and
    transports.
    """

    name: str
    title: str
    port: int
    transports: tuple[Transport, ...]
    qualities: Mapping[str, Quality]

    def __post_init__(self) -> None:
        if tuple(self.qualities) != QUALITIES:
            raise ValueError(f"{self.name} must speak of {', '.join(QUALITIES)}, in this order")


@dataclass(frozen=True, slots=True)
class Reject:
    """A stretch of the stream that gave no frame: why (`checksum`, `garbage`) and how many bytes it was."""

    reason: str
    size: int


@dataclass(frozen=True, slots=True)
class Cut:
    """What a framing found at the front of a buffer.

    `frames` whole and checked, oldest first; `consumed` bytes the caller drops from the front (frames,
    rejects and padding); the rest is the beginning of a frame that is not complete. A framing that consumes
    nothing has to be waiting for bytes.
    """

    frames: tuple[bytes, ...]
    consumed: int
    rejects: tuple[Reject, ...] = ()


@dataclass(frozen=True, slots=True)
class Hello:
    """A device says who it is: what follows on this connection is its.

    One of the answers is sent, whether it may speak or not.
    """

    identifier: str
    accepted: bytes = b""
    refused: bytes = b""


@dataclass(frozen=True, slots=True)
class Records:
    """Fixes of one device, oldest first as it sent them. `acknowledge` is sent after they are committed,
    never before.

    `identifier` is None when the message does not carry one: then it is the device of the last Hello on the
    connection.
    """

    points: tuple[Point, ...]
    acknowledge: bytes = b""
    identifier: str | None = None

    @property
    def fixes(self) -> Fixes:
        """The points as columns."""
        return fixes_of(self.points)


@dataclass(frozen=True, slots=True)
class CommandReply:
    """What a device answered to a command, as text; bytes that are not text are written in hexadecimal."""

    text: str
    answer: bytes = b""
    identifier: str | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """A sound frame without fixes: heartbeat, photo, padding.

    `answer` is what the protocol wants to hear, sent at once.
    """

    reason: str
    answer: bytes = b""


@dataclass(frozen=True, slots=True)
class Refused:
    """A frame that cannot be read although its checksum is right (or there is none).

    `answer` tells the device so in its own way.
    """

    reason: str
    answer: bytes = b""


Message = Hello | Records | CommandReply | Ignored | Refused


@dataclass(frozen=True, slots=True)
class Context:
    """What a codec may know besides the frame: when it was heard (server time, µs) and what the protocol
    itself kept so far.
    """

    heard_at_us: int
    state: Any = None


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a frame meant, in order, and what the protocol wants to keep for the next frame of the same
    connection.
    """

    messages: tuple[Message, ...]
    state: Any = None


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request of a device: `target` with its query, header names in lower case, body up to the
    server's limit.
    """

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Split(typing.Protocol):
    """A framing: what is at the front of a buffer. Without `strict` a frame with a wrong checksum is given
    too (old firmware that computes it wrongly); only a person may allow that, for one device.
    """

    def __call__(self, buffer: bytes, *, strict: bool = True) -> Cut: ...


@dataclass(frozen=True, slots=True)
class Protocol:
    """A protocol as the servers see it; a function is None where the protocol has no such transport.

    `split` and `decode` serve TCP, `datagram` one UDP packet, `request` one HTTP request (it knows the device
    in every `Records`).
    """

    manifest: Manifest
    split: Split | None = None
    decode: Callable[[Context, bytes], Decoded] | None = None
    datagram: Callable[[Context, bytes], Decoded] | None = None
    request: Callable[[Context, Request], Decoded] | None = None
