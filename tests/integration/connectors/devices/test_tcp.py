"""The TCP server over real sockets, with Teltonika's frames and an inbox in memory."""

import asyncio
import random
from dataclasses import replace

import pytest

from motorpool.connectors.devices.limits import Limits
from motorpool.connectors.devices.protocol import Context, Cut, Decoded, Ignored, Protocol, Records
from motorpool.connectors.devices.server import Connection
from motorpool.connectors.devices.teltonika.manifest import PROTOCOL
from support import teltonika as device
from support.device_ports import QUICK, Line, line, serving, until
from support.memory_inbox import MemoryInbox

IMEI, OTHER = "352093086403655", "352093086403656"


async def greet(peer: Line, imei: str = IMEI) -> None:
    await peer.send(device.imei_frame(imei))
    assert await peer.hear(1) == b"\1"


async def answered_before_commit(protocol: Protocol) -> bool:
    """Whether a device hears an acknowledgement while its records are still being committed."""
    inbox = MemoryInbox()
    async with serving(protocol, inbox) as port, line(port) as peer:
        await greet(peer)
        inbox.gate.clear()
        await peer.send(device.codec8(device.track(3)))
        await until(lambda: inbox.waiting == 1 or port.counters.frames == 2)
        early = not await peer.silent()
        inbox.gate.set()
        if not early:
            assert await peer.hear(4) == b"\0\0\0\3"
            assert len(inbox.of(IMEI)) == 3
        return early


async def test_records_are_acknowledged_only_after_the_commit() -> None:
    assert not await answered_before_commit(PROTOCOL)


async def test_a_codec_that_answers_at_once_is_caught_by_the_same_check() -> None:
    def eager(context: Context, frame: bytes) -> Decoded:
        assert PROTOCOL.decode is not None
        messages = PROTOCOL.decode(context, frame).messages
        return Decoded(tuple(Ignored("", m.acknowledge) if isinstance(m, Records) else m for m in messages))

    assert await answered_before_commit(replace(PROTOCOL, decode=eager))


async def test_what_cannot_be_stored_is_not_acknowledged_and_the_line_is_closed() -> None:
    inbox = MemoryInbox()
    async with serving(PROTOCOL, inbox) as port, line(port) as peer:
        await greet(peer)
        inbox.available = False
        await peer.send(device.codec8(device.track(3)))
        assert await peer.rest() == b""
        assert port.counters.unavailable == 1
        inbox.available = True
        async with line(port) as again:
            await greet(again)
            await again.send(device.codec8(device.track(3)))
            assert await again.hear(4) == b"\0\0\0\3"
    assert len(inbox.of(IMEI)) == 3


async def test_an_unknown_device_is_refused_in_its_own_way() -> None:
    async with serving(PROTOCOL, MemoryInbox(known=set())) as port, line(port) as peer:
        await peer.send(device.imei_frame(IMEI) + device.codec8(device.track(1)))
        assert await peer.rest() == b"\0"
        assert port.counters.unknown_devices == 1


async def test_records_before_any_greeting_are_not_taken() -> None:
    inbox = MemoryInbox()
    async with serving(PROTOCOL, inbox) as port, line(port) as peer:
        await peer.send(device.codec8(device.track(1)))
        assert await peer.rest() == b""
    assert inbox.rows == []


async def test_a_device_that_is_no_longer_known_gets_no_acknowledgement() -> None:
    inbox = MemoryInbox(known={IMEI})
    async with serving(PROTOCOL, inbox) as port, line(port) as peer:
        await greet(peer)
        inbox.known = set()
        await peer.send(device.codec8(device.track(1)))
        assert await peer.rest() == b""


async def test_a_record_without_a_place_is_refused_but_acknowledged() -> None:
    inbox = MemoryInbox()
    lost = device.gps(1_760_000_000_000, 0, 0, satellites=0, speed_kmh=0) + device.NO_ELEMENTS
    async with serving(PROTOCOL, inbox) as port, line(port) as peer:
        await greet(peer)
        await peer.send(device.codec8([lost, *device.track(1)]))
        assert await peer.hear(4) == b"\0\0\0\2"
        assert (port.counters.records, port.counters.records_rejected) == (1, 1)


async def test_two_devices_on_two_lines_do_not_mix() -> None:
    inbox = MemoryInbox()
    async with serving(PROTOCOL, inbox) as port, line(port) as one, line(port) as two:
        await greet(one)
        await greet(two, OTHER)
        await two.send(device.codec8(device.track(2, lat=10)))
        await one.send(device.codec8(device.track(1, lat=20)))
        assert (await one.hear(4), await two.hear(4)) == (b"\0\0\0\1", b"\0\0\0\2")
    assert {row.lat_deg for row in inbox.of(IMEI)} == {20}
    assert {row.lat_deg for row in inbox.of(OTHER)} == {10}


async def test_two_devices_over_one_line_are_told_apart_and_an_unknown_one_does_not_cut_it() -> None:
    inbox = MemoryInbox(known={IMEI, OTHER})
    async with serving(PROTOCOL, inbox) as port, line(port) as peer:
        first = device.imei_frame(IMEI) + device.codec8(device.track(1, lat=20))
        stranger = device.imei_frame("111111111111111") + device.codec8(device.track(9, lat=30))
        second = device.imei_frame(OTHER) + device.codec8(device.track(2, lat=10))
        await peer.send(first + stranger + second)
        assert await peer.hear(11) == b"\1\0\0\0\1" + b"\0" + b"\1\0\0\0\2"
    assert (len(inbox.of(IMEI)), len(inbox.of(OTHER)), len(inbox.rows)) == (1, 2, 3)


async def test_frames_sent_without_waiting_are_answered_in_order_and_stored_together() -> None:
    inbox = MemoryInbox()
    async with serving(PROTOCOL, inbox) as port, line(port) as peer:
        await greet(peer)
        counts = [3, 1, 2]
        packets = [device.codec8(device.track(n, 1_760_000_000_000 + 60_000 * n)) for n in counts]
        await peer.send(b"".join(packets))
        assert await peer.hear(12) == b"".join(n.to_bytes(4, "big") for n in counts)
    assert inbox.submissions < 3
    assert len(inbox.of(IMEI)) == 6


async def test_what_comes_during_a_commit_is_answered_after_it() -> None:
    inbox = MemoryInbox()
    async with serving(PROTOCOL, inbox) as port, line(port) as peer:
        await greet(peer)
        inbox.gate.clear()
        await peer.send(device.codec8(device.track(1)))
        await until(lambda: inbox.waiting == 1)
        before = port.counters.received_bytes
        await peer.send(device.codec8(device.track(2, 1_770_000_000_000)))
        await until(lambda: port.counters.received_bytes > before)
        inbox.gate.set()
        assert await peer.hear(8) == b"\0\0\0\1\0\0\0\2"


async def test_a_device_that_sends_byte_by_byte_is_served() -> None:
    inbox = MemoryInbox()
    async with serving(PROTOCOL, inbox) as port, line(port) as peer:
        for byte in device.imei_frame(IMEI) + device.codec8(device.track(1)):
            await peer.send(bytes([byte]))
            await asyncio.sleep(0)
        assert await peer.hear(5) == b"\1\0\0\0\1"


async def test_a_device_that_closes_its_half_hears_all_its_answers() -> None:
    inbox = MemoryInbox()
    async with serving(PROTOCOL, inbox) as port, line(port) as peer:
        await peer.send(device.imei_frame(IMEI) + device.codec8(device.track(2)))
        peer.writer.write_eof()
        assert await peer.rest() == b"\1\0\0\0\2"


async def test_a_device_that_leaves_during_the_commit_has_its_records_stored() -> None:
    inbox = MemoryInbox()
    async with serving(PROTOCOL, inbox) as port:
        async with line(port) as peer:
            await greet(peer)
            inbox.gate.clear()
            await peer.send(device.codec8(device.track(2)))
            await until(lambda: inbox.waiting == 1)
            peer.writer.transport.abort()
        inbox.gate.set()
        await until(lambda: port.counters.open == 0)
    assert len(inbox.rows) == 2


async def test_a_wrong_checksum_gets_no_answer_and_the_next_packet_does() -> None:
    inbox = MemoryInbox()
    sound = device.codec8(device.track(1))
    async with serving(PROTOCOL, inbox) as port, line(port) as peer:
        await greet(peer)
        await peer.send(sound[:30] + bytes([sound[30] ^ 1]) + sound[31:])
        assert await peer.silent()
        await peer.send(sound)
        assert await peer.hear(4) == b"\0\0\0\1"
        assert port.counters.bad_checksums == 1
    assert len(inbox.rows) == 1


async def test_a_megabyte_of_garbage_is_counted_kept_nowhere_and_does_no_harm() -> None:
    inbox = MemoryInbox()
    noise = bytes(byte % 255 for byte in random.Random(7).randbytes(1_000_000))
    widest = 0
    async with serving(PROTOCOL, inbox) as port, line(port) as peer:
        for at in range(0, len(noise), 50_000):
            await peer.send(noise[at : at + 50_000])
            held = [
                len(p.buffer)
                for server in port.servers
                for p in getattr(server, "peers", ())
                if isinstance(p, Connection)
            ]
            widest = max(widest, *held)
        await peer.send(b"\x7f" * 32 + device.imei_frame(IMEI) + device.codec8(device.track(1)))
        assert await peer.hear(5) == b"\1\0\0\0\1"
        assert port.counters.garbage_bytes == len(noise) + 32
    assert widest <= QUICK.buffer_bytes


async def test_a_framing_that_waits_for_ever_is_cut_off_at_the_buffers_end() -> None:
    def greedy(buffer: bytes, *, strict: bool = True) -> Cut:
        return Cut((), 0)

    async with serving(replace(PROTOCOL, split=greedy), MemoryInbox()) as port, line(port) as peer:
        await peer.send(b"x" * 300_000)
        await until(lambda: port.counters.received_bytes == 300_000)
        assert port.counters.garbage_bytes >= 4 * 65_536


@pytest.mark.parametrize("sent", [b"", b"\0\x0f3520", b"noise without end"])
async def test_who_does_not_say_in_time_who_it_is_is_closed(sent: bytes) -> None:
    limits = replace(QUICK, hello_s=0.1)
    async with serving(PROTOCOL, MemoryInbox(), limits) as port, line(port) as peer:
        await peer.send(sent)
        assert await peer.rest() == b""
        assert port.counters.timed_out == 1


async def test_a_known_device_that_falls_silent_is_closed_even_when_it_sends_noise() -> None:
    limits = replace(QUICK, idle_s=0.2)
    async with serving(PROTOCOL, MemoryInbox(), limits) as port, line(port) as peer:
        await greet(peer)
        await peer.send(b"noise")
        assert await peer.rest() == b""


async def test_a_slow_commit_is_not_taken_for_the_devices_silence() -> None:
    inbox = MemoryInbox()
    limits = replace(QUICK, idle_s=0.1)
    async with serving(PROTOCOL, inbox, limits) as port, line(port) as peer:
        await greet(peer)
        inbox.gate.clear()
        await peer.send(device.codec8(device.track(1)))
        await asyncio.sleep(0.3)
        inbox.gate.set()
        assert await peer.hear(4) == b"\0\0\0\1"


@pytest.mark.parametrize(
    "limits", [replace(QUICK, per_address=3), replace(QUICK, connections=3)], ids=["address", "all"]
)
async def test_more_connections_than_allowed_are_closed_at_once_and_the_others_stay(limits: Limits) -> None:
    async with serving(PROTOCOL, MemoryInbox(), limits) as port:
        async with line(port) as one, line(port) as two, line(port) as three, line(port) as four:
            assert await four.rest() == b""
            for peer in (one, two, three):
                await greet(peer)
            assert (port.counters.open, port.counters.connections_refused) == (3, 1)
        await until(lambda: port.counters.open == 0)
        async with line(port) as later:
            await greet(later)


async def test_stopping_finishes_what_is_in_flight_and_takes_nothing_new() -> None:
    inbox = MemoryInbox()
    async with serving(PROTOCOL, inbox) as port, line(port) as peer, line(port) as idle:
        await greet(peer)
        await greet(idle, OTHER)
        inbox.gate.clear()
        await peer.send(device.codec8(device.track(2)))
        await until(lambda: inbox.waiting == 1)
        stopping = asyncio.create_task(port.stop(10))
        assert await idle.rest() == b""
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port.port)
        inbox.gate.set()
        assert await peer.rest() == b"\0\0\0\2"
        await stopping
    assert len(inbox.rows) == 2


async def test_stopping_does_not_wait_longer_than_allowed_and_nothing_is_acknowledged() -> None:
    inbox = MemoryInbox()
    async with serving(PROTOCOL, inbox) as port, line(port) as peer:
        await greet(peer)
        inbox.gate.clear()
        await peer.send(device.codec8(device.track(2)))
        await until(lambda: inbox.waiting == 1)
        await port.stop(0.05)
        assert await peer.rest() == b""
        inbox.gate.set()
