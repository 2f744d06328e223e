"""The one list of device protocols."""

from motorpool.connectors.devices.osmand.manifest import PROTOCOL as OSMAND
from motorpool.connectors.devices.protocol import Protocol
from motorpool.connectors.devices.teltonika.manifest import PROTOCOL as TELTONIKA

PROTOCOLS: dict[str, Protocol] = {protocol.manifest.name: protocol for protocol in (OSMAND, TELTONIKA)}
