"""The UDP server over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from motorpool.connectors.devices.listen import Listening
from motorpool.connectors.devices.teltonika.manifest import PROTOCOL
from support import teltonika as device
from support.device_ports import PATIENCE_S, QUICK, SILENCE_S, serving, until
from support.memory_inbox import MemoryInbox

IMEI = "352093086403655"
CONTENT = b"\x08\x02" + b"".join(device.track(2)) + b"\x02"


class Socket(asyncio.DatagramProtocol):
    """A device's UDP socket."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[bytes] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.heard.put_nowait(data)

    async def answer(self) -> bytes:
        return await asyncio.wait_for(self.heard.get(), PATIENCE_S)

    async def silent(self) -> bool:
        await asyncio.sleep(SILENCE_S)
        return self.heard.empty()


@asynccontextmanager
async def socket(port: Listening) -> AsyncIterator[tuple[asyncio.DatagramTransport, Socket]]:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(Socket, remote_addr=("127.0.0.1", port.port))
    try:
        yield transport, protocol
    finally:
        transport.close()


async def test_a_packet_is_answered_after_the_commit() -> None:
    inbox = MemoryInbox()
    async with serving(PROTOCOL, inbox) as port, socket(port) as (transport, peer):
        inbox.gate.clear()
        transport.sendto(device.udp(IMEI, CONTENT))
        await until(lambda: inbox.waiting == 1)
        assert await peer.silent()
        inbox.gate.set()
        assert (await peer.answer()).hex() == "0005cafe010502"
    assert len(inbox.of(IMEI)) == 2


async def test_unknown_devices_and_an_inbox_that_is_away_get_no_answer() -> None:
    inbox = MemoryInbox(known=set())
    async with serving(PROTOCOL, inbox) as port, socket(port) as (transport, peer):
        transport.sendto(device.udp(IMEI, CONTENT))
        await until(lambda: port.counters.unknown_devices == 1)
        inbox.known, inbox.available = None, False
        transport.sendto(device.udp(IMEI, CONTENT))
        await until(lambda: port.counters.unavailable == 1)
        assert await peer.silent()


async def test_garbage_is_counted_and_not_answered() -> None:
    async with serving(PROTOCOL, MemoryInbox()) as port, socket(port) as (transport, peer):
        transport.sendto(b"who is there?")
        await until(lambda: port.counters.garbage_bytes == 13)
        assert await peer.silent()


async def test_packets_beyond_the_limit_in_flight_are_dropped_unanswered() -> None:
    inbox = MemoryInbox()
    async with (
        serving(PROTOCOL, inbox, replace(QUICK, datagrams=1)) as port,
        socket(port) as (transport, peer),
    ):
        inbox.gate.clear()
        transport.sendto(device.udp(IMEI, CONTENT))
        await until(lambda: inbox.waiting == 1)
        transport.sendto(device.udp(IMEI, CONTENT, packet_id=1))
        await until(lambda: port.counters.dropped == 1)
        inbox.gate.set()
        assert (await peer.answer()).hex() == "0005cafe010502"


async def test_stopping_answers_what_is_in_flight() -> None:
    inbox = MemoryInbox()
    async with serving(PROTOCOL, inbox) as port, socket(port) as (transport, peer):
        inbox.gate.clear()
        transport.sendto(device.udp(IMEI, CONTENT))
        await until(lambda: inbox.waiting == 1)
        stopping = asyncio.create_task(port.stop(10))
        await asyncio.sleep(0)
        inbox.gate.set()
        assert (await peer.answer()).hex() == "0005cafe010502"
        await stopping
