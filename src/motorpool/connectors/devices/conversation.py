"""One peer's talk with Motorpool, whatever it travels on: who speaks, what goes into the inbox, what is
answered and when.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from motorpool.connectors.devices.intake import Intake
from motorpool.connectors.devices.protocol import CommandReply, Hello, Message, Records, Refused
from motorpool.telemetry.inbox import Rejection

# Rows refused for these reasons are not acknowledged: the device, not its data, is the trouble.
DEVICE_REFUSALS = frozenset({"unknown_device", "device_refused"})
# A gateway may speak for many devices; more than this and the oldest are asked about again.
_REMEMBERED = 1_024


@dataclass(slots=True)
class Reply:
    """What to write back, in the order of the frames, and whether to hang up after it."""

    answers: list[bytes] = field(default_factory=list)
    close: bool = False


def is_refusal(rejection: Rejection) -> bool:
    """Whether a row was refused because of its device."""
    return rejection.code in DEVICE_REFUSALS


class Conversation:
    """Follows the identity on a connection and turns messages into submissions and answers.

    Raises what the inbox raises (Unavailable): then nothing of the present frames was acknowledged.
    """

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._counters = intake.counters
        self._speaker: str | None = None
        self._known: set[str] = set()

    @property
    def known(self) -> bool:
        """Whether somebody on this connection may speak."""
        return bool(self._known)

    async def hear(self, messages: Iterable[Message]) -> Reply:
        """Answer the messages; those with fixes only after the inbox has committed them."""
        reply = Reply()
        spoken: list[tuple[str, Records, int]] = []
        for message in messages:
            if isinstance(message, Hello):
                await self._greet(message, reply)
            elif isinstance(message, Records):
                await self._listen(message, reply, spoken)
            else:
                self._note(message)
                reply.answers.append(message.answer)
        if spoken:
            await self._deliver(reply, spoken)
        return reply

    def _note(self, message: Message) -> None:
        self._counters.malformed += isinstance(message, Refused)
        self._counters.replies += isinstance(message, CommandReply)

    async def _greet(self, hello: Hello, reply: Reply) -> None:
        if await self._may_speak(hello.identifier):
            self._speaker = hello.identifier
            reply.answers.append(hello.accepted)
            return
        self._speaker = None
        reply.answers.append(hello.refused)
        # Other devices on the same line are not cut off because of this one.
        reply.close = not self._known

    async def _listen(self, records: Records, reply: Reply, spoken: list[tuple[str, Records, int]]) -> None:
        identifier = records.identifier or self._speaker
        if identifier is None or not await self._may_speak(identifier):
            reply.close = reply.close or not self._known
            return
        if records.points:
            spoken.append((identifier, records, len(reply.answers)))
        reply.answers.append(records.acknowledge)

    async def _may_speak(self, identifier: str) -> bool:
        if identifier in self._known:
            return True
        if not await self._intake.knows(identifier):
            return False
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known.add(identifier)
        return True

    async def _deliver(self, reply: Reply, spoken: list[tuple[str, Records, int]]) -> None:
        rejected = await self._intake.submit([(identifier, records.points) for identifier, records, _ in spoken])
        speakers = [identifier for identifier, records, _ in spoken for _ in records.points]
        refused = {speakers[rejection.index] for rejection in rejected if is_refusal(rejection)}
        for identifier, _, at in spoken:
            if identifier in refused:
                reply.answers[at] = b""
        if refused:
            self._known -= refused
            reply.close = True
