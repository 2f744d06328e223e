"""What the Teltonika protocol is."""

from motorpool.connectors.devices.protocol import Manifest, Protocol, Quality, Standing, Transport
from motorpool.connectors.devices.teltonika.codec import datagram, decode
from motorpool.connectors.devices.teltonika.framing import split

MANIFEST = Manifest(
    name="teltonika",
    title="Teltonika FMB, FMC, FMM, FMT, FMP, TAT, FMB640 and relatives (Codec 8, 8 Extended, 16)",
    port=5027,
    transports=(Transport.TCP, Transport.UDP),
    qualities={
        "framing": Quality(Standing.DONE),
        "checksum": Quality(Standing.DONE, "CRC-16 over TCP; UDP packets have none but their own"),
        "ack_after_commit": Quality(Standing.DONE),
        "commands": Quality(Standing.TODO, "answers in Codec 12, 13 and 14 are read; nothing is sent yet"),
        "fuzzed": Quality(Standing.DONE),
        "recorded_messages": Quality(Standing.DONE),
        "field_tested": Quality(Standing.TODO, "no device of ours is on the road yet"),
    },
)

PROTOCOL = Protocol(MANIFEST, split=split, decode=decode, datagram=datagram)
