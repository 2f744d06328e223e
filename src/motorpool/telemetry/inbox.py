"""The only way in: whoever heard devices hands a `Submission` to an `Inbox` and answers the device after the
`Receipt`.

Shapes and a port, no I/O: the connectors, the HTTP feature and the tests depend on these, the ingest process
implements them.
"""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from motorpool.telemetry.batch import Fixes


@dataclass(frozen=True, slots=True)
class Submission:
    """What some devices said, before anybody knows whose they are.

    `identifiers` are distinct device identifiers (an IMEI, a phone's id); `device` (int32, one per fix) is an
    index into them. `tenant_id` is set when the caller is already bound to a tenant (API); None from a device
    port, where the identity decides.
    """

    identifiers: tuple[str, ...]
    device: NDArray[np.int32]
    fixes: Fixes
    tenant_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """One fix that was not taken: its row in the submission, a stable code and a sentence for people."""

    index: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a submission, given after the commit.

    accepted + duplicates + len(rejected) is the number of its rows.
    """

    accepted: int
    duplicates: int
    rejected: tuple[Rejection, ...]


class Inbox(Protocol):
    """Takes what devices said and answers when it is safe."""

    async def knows(self, identifier: str) -> bool:
        """Whether a device with this identifier may speak.

        Registers it where its tenant adopts unknown ones. Raises Unavailable when that cannot be told now.
        """
        ...

    async def submit(self, submission: Submission) -> Receipt:
        """Store the submission; returns after the commit.

        Raises Unavailable when it cannot be stored now: nothing may be acknowledged then, the sender tries
        again.
        """
        ...
