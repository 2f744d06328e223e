"""The device ports of a process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from prometheus_client import REGISTRY

from motorpool.connectors.devices.limits import Counters
from motorpool.connectors.devices.listen import Listening, listen
from motorpool.connectors.devices.metrics import DeviceMetrics
from motorpool.connectors.devices.registry import PROTOCOLS
from motorpool.kernel.errors import Unavailable
from motorpool.runtime.settings import Settings
from motorpool.telemetry.inbox import Inbox

log = structlog.get_logger()

COUNTED: dict[str, Counters] = {}
"""The counters of every protocol this process listens for."""
REGISTRY.register(DeviceMetrics(COUNTED))


class PortTaken(Unavailable):
    """A port Motorpool shall listen on is taken by another program."""


@asynccontextmanager
async def open_gateway(settings: Settings, inbox: Inbox) -> AsyncIterator[list[Listening]]:
    """Listen for every device protocol that is switched on; drain on leaving. Raises PortTaken."""
    opened: list[Listening] = []
    try:
        for name, port in ports(settings).items():
            try:
                opened.append(await listen(PROTOCOLS[name], inbox, settings.device_host, port))
            except OSError as error:
                raise PortTaken(
                    f"Port {port} for {name} devices cannot be opened ({error.strerror}); "
                    f"set MOTORPOOL_{name.upper()}_PORT to another one, or to 0 to switch it off."
                ) from error
            log.info("device_port_open", protocol=name, host=settings.device_host, port=opened[-1].port)
        COUNTED.update({one.protocol.manifest.name: one.counters for one in opened})
        yield opened
    finally:
        for listening in opened:
            await listening.stop(settings.drain_seconds)


def ports(settings: Settings) -> dict[str, int]:
    """The port of every protocol that is switched on."""
    every = {"osmand": settings.osmand_port, "teltonika": settings.teltonika_port}
    return {name: port for name, port in every.items() if port}
