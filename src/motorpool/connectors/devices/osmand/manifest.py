"""What the OsmAnd protocol is."""

from motorpool.connectors.devices.osmand.codec import request
from motorpool.connectors.devices.protocol import Manifest, Protocol, Quality, Standing, Transport

MANIFEST = Manifest(
    name="osmand",
    title="Traccar Client, OsmAnd and everything that speaks their HTTP",
    port=5055,
    transports=(Transport.HTTP,),
    qualities={
        "framing": Quality(Standing.EXEMPT, "HTTP frames it"),
        "checksum": Quality(Standing.EXEMPT, "the protocol has none"),
        "ack_after_commit": Quality(Standing.DONE),
        "commands": Quality(Standing.EXEMPT, "a phone takes none"),
        "fuzzed": Quality(Standing.DONE),
        "recorded_messages": Quality(Standing.DONE),
        "field_tested": Quality(Standing.TODO, "no phone of ours is on the road yet"),
    },
)

PROTOCOL = Protocol(MANIFEST, request=request)
