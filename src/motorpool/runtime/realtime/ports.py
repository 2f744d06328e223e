"""What realtime needs from the rest: who connects, the truth at a moment, and what was missed."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from numpy.typing import NDArray
from starlette.websockets import WebSocket

from motorpool.kernel.actor import Actor
from motorpool.runtime.realtime.positions import Positions

Authenticate = Callable[[WebSocket], Awaitable[Actor | None]]
"""Who opens this socket (cookie with a good Origin, or bearer); None: nobody we know."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The live picture of a channel, as one actor may see it, at one moment.

    `cursor`: position of the last event contained (read in the same database snapshot as the rest).
    `vehicles`: one dict each with at least `id` (text) and `no`, sent as it is. `positions`: their last known
    places. `numbers`: the vehicle numbers the actor may hear on this channel, those without a position
    included.
    """

    cursor: int
    vehicles: Sequence[dict[str, Any]]
    positions: Positions
    numbers: NDArray[Any] | Sequence[int]
    texts: dict[str, bytes | str] = field(default_factory=dict, compare=False, repr=False)

    def told(self, name: str, encode: Callable[[], bytes | str]) -> bytes | str:
        """What a client is told of it under a name, encoded by the first and given to all who share this snapshot."""
        if name not in self.texts:
            self.texts[name] = encode()
        return self.texts[name]


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """A stored event and its place. `audience`: the permission to hear it live; None: nobody."""

    position: int
    tenant_id: UUID
    name: str
    at: datetime
    data: dict[str, Any]
    audience: str | None
    vehicle_id: UUID | None = None


class Source(Protocol):
    """The truth, read from the database under the actor's own rights."""

    async def snapshot(self, actor: Actor, channel: str) -> Snapshot:
        """The picture of `tenant:<id>`, `fleet:<id>` or `vehicle:<id>`. Raises Forbidden or NotFound."""
        ...

    async def events_after(self, actor: Actor, cursor: int, limit: int) -> Sequence[StoredEvent]:
        """At most `limit` events of the actor's tenant with position > `cursor`, in order."""
        ...

    async def current(self, actor: Actor) -> Actor | None:
        """The actor with today's permissions and scope; None when the session or the membership has ended."""
        ...


class EventSink(Protocol):
    """Where newly positioned events are given, in order; more than once is harmless. `Hub` is one."""

    def events(self, stored: Sequence[StoredEvent]) -> None:
        """Tell these to every client that may hear them."""
        ...
