"""Opens the ports of a protocol, over every transport it has."""

import asyncio
from dataclasses import dataclass
from functools import partial

from motorpool.connectors.devices.datagrams import Datagrams
from motorpool.connectors.devices.http import Exchange
from motorpool.connectors.devices.intake import Intake
from motorpool.connectors.devices.limits import Counters, Limits
from motorpool.connectors.devices.listener import Listener
from motorpool.connectors.devices.protocol import Protocol, Transport
from motorpool.connectors.devices.server import Connection
from motorpool.telemetry.inbox import Inbox

DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Listening:
    """The open ports of one protocol."""

    protocol: Protocol
    counters: Counters
    servers: tuple[Listener | Datagrams, ...]

    @property
    def port(self) -> int:
        """The port number; the same for all transports."""
        return self.servers[0].port

    async def stop(self, grace_s: float = 8.0) -> None:
        """Stop accepting, finish what is in flight within `grace_s` seconds, close."""
        await asyncio.gather(*(server.stop(grace_s) for server in self.servers))


async def listen(
    protocol: Protocol, inbox: Inbox, host: str, port: int | None = None, limits: Limits = DEFAULT_LIMITS
) -> Listening:
    """Serve a protocol on `host`; `port` None takes the protocol's own, 0 any free one.

    Raises OSError when the address cannot be had; nothing is left open then.
    """
    counters = Counters()
    intake = Intake(inbox, counters)
    number = protocol.manifest.port if port is None else port
    servers: list[Listener | Datagrams] = []
    try:
        for transport in protocol.manifest.transports:
            server = await _open(transport, protocol, intake, (host, number), limits)
            servers.append(server)
            number = server.port
    except OSError:
        for server in servers:
            await server.stop(0)
        raise
    return Listening(protocol, counters, tuple(servers))


async def _open(
    transport: Transport,
    protocol: Protocol,
    intake: Intake,
    address: tuple[str, int],
    limits: Limits,
) -> Listener | Datagrams:
    if transport is Transport.UDP:
        datagrams = Datagrams(protocol, intake, limits)
        await datagrams.start(*address)
        return datagrams
    listener = Listener(limits, intake.counters)
    connection = Exchange if transport is Transport.HTTP else Connection
    await listener.start(partial(connection, listener, protocol, intake), *address)
    return listener
