"""Names of channels: a strict list. Whatever is not on it, nobody hears."""

import re
from dataclasses import dataclass
from typing import Self
from uuid import UUID

CANONICAL_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
WITH_ID = ("tenant", "fleet", "vehicle")
VIEWPORT = "viewport"


class UnknownChannel(ValueError):
    """There is no channel of that name."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A parsed channel. `id` is None for `viewport`, which belongs to its connection."""

    kind: str
    id: UUID | None = None

    @classmethod
    def parse(cls, name: str) -> Self:
        """The channel of its name, as `fleet:<id>` with a lower-case id. Raises UnknownChannel."""
        if name == VIEWPORT:
            return cls(VIEWPORT)
        kind, _, identifier = name.partition(":")
        if kind not in WITH_ID or not CANONICAL_UUID.fullmatch(identifier):
            raise UnknownChannel
        return cls(kind, UUID(identifier))

    def __str__(self) -> str:
        return self.kind if self.id is None else f"{self.kind}:{self.id}"
