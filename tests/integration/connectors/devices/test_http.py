"""The HTTP server for phones over real sockets."""

import asyncio
import contextlib
from dataclasses import replace

import pytest

from motorpool.connectors.devices.osmand.manifest import PROTOCOL
from support.device_ports import QUICK, Line, line, serving, until
from support.memory_inbox import MemoryInbox

GOOD = "/?id=phone&lat=52.5&lon=13.4&timestamp=1760000000"


def get(target: str = GOOD, method: str = "GET", headers: str = "") -> bytes:
    return f"{method} {target} HTTP/1.1\r\nHost: here\r\n{headers}\r\n".encode()


def post(body: bytes, kind: str = "application/json") -> bytes:
    head = f"POST / HTTP/1.1\r\nHost: here\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def answer(peer: Line) -> tuple[int, str, bool]:
    """Status, text and whether the line stays open of the next answer."""
    async with asyncio.timeout(20):
        head = (await peer.reader.readuntil(b"\r\n\r\n")).decode()
    fields = dict(field.split(": ", 1) for field in head.split("\r\n")[1:] if field)
    text = await peer.hear(int(fields["Content-Length"]))
    return int(head.split()[1]), text.decode(), fields["Connection"] == "keep-alive"


async def test_a_position_is_answered_after_the_commit_and_the_line_is_kept() -> None:
    inbox = MemoryInbox()
    async with serving(PROTOCOL, inbox) as port, line(port) as peer:
        inbox.gate.clear()
        await peer.send(get())
        await until(lambda: inbox.waiting == 1)
        assert await peer.silent()
        inbox.gate.set()
        assert await answer(peer) == (200, "", True)
        await peer.send(get())
        assert await answer(peer) == (200, "", True)
    assert len(inbox.of("phone")) == 1


async def test_requests_sent_without_waiting_are_answered_in_order() -> None:
    inbox = MemoryInbox()
    async with serving(PROTOCOL, inbox) as port, line(port) as peer:
        await peer.send(get() + get("/?id=phone") + get(method="PUT") + get(headers="Connection: close\r\n"))
        answers = [await answer(peer) for _ in range(4)]
        assert [status for status, _, _ in answers] == [200, 400, 405, 200]
        assert [stays for _, _, stays in answers] == [True, True, True, False]
        assert await peer.rest() == b""


async def test_forms_and_json_bodies_are_taken_byte_by_byte() -> None:
    inbox = MemoryInbox()
    place = b'"timestamp": "2025-10-09T08:00:00Z", "coords": {"latitude": 1.5, "longitude": 2}'
    body = b'{"device_id": "app", "location": {' + place + b"}}"
    form = b"id=form&lat=3&lon=4&timestamp=1760000000"
    async with serving(PROTOCOL, inbox) as port, line(port) as peer:
        for byte in post(body) + post(form, "application/x-www-form-urlencoded"):
            await peer.send(bytes([byte]))
            await asyncio.sleep(0)
        assert [await answer(peer), await answer(peer)] == [(200, "", True)] * 2
    assert [(row.identifier, row.lat_deg) for row in inbox.rows] == [("app", 1.5), ("form", 3)]


@pytest.mark.parametrize(
    ("target", "status", "sentence"),
    [
        ("/?id=phone&lat=north&lon=1", 400, "lat is not a number."),
        ("/?id=phone&lat=0&lon=0", 200, "The fix has no position."),
        ("/?id=stranger&lat=1&lon=1", 404, "No device with this identifier is registered here."),
    ],
)
async def test_a_refusal_says_why(target: str, status: int, sentence: str) -> None:
    async with serving(PROTOCOL, MemoryInbox(known={"phone"})) as port, line(port) as peer:
        await peer.send(get(target))
        assert await answer(peer) == (status, sentence, True)


async def test_what_cannot_be_stored_is_answered_503_and_can_be_sent_again() -> None:
    inbox = MemoryInbox(available=False)
    async with serving(PROTOCOL, inbox) as port, line(port) as peer:
        await peer.send(get())
        assert (await answer(peer))[0] == 503
        inbox.available = True
        await peer.send(get())
        assert (await answer(peer))[0] == 200


async def test_good_rows_of_a_list_are_kept_when_others_are_refused() -> None:
    report = '{"device_id": "app", "location": {"timestamp": %d, "coords": {"latitude": %s, "longitude": 0}}}'
    body = "[" + ",".join([report % (1760000000, 0), report % (1760000001, 1)]) + "]"
    inbox = MemoryInbox()
    async with serving(PROTOCOL, inbox) as port, line(port) as peer:
        await peer.send(post(body.encode()))
        assert (await answer(peer))[0] == 200
        assert (port.counters.records, port.counters.records_rejected) == (1, 1)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"\x16\x03\x01 this is TLS", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
        (get("/?x=" + "a" * 40_000), 413),
        (get(headers="X: " + "a" * 40_000 + "\r\n"), 413),
        (post(b"a" * 80_000), 413),
        (b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", 400),
    ],
    ids=["tls", "length", "target", "header", "body", "upgrade"],
)
async def test_what_is_not_for_this_port_is_refused_and_the_line_closed(raw: bytes, status: int) -> None:
    async with serving(PROTOCOL, MemoryInbox()) as port, line(port) as peer:
        peer.writer.write(raw)
        assert (await peer.rest()).startswith(f"HTTP/1.1 {status} ".encode())


@pytest.mark.parametrize("sent", [b"GET / HT", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"])
async def test_a_request_that_is_not_whole_in_time_is_closed(sent: bytes) -> None:
    async with serving(PROTOCOL, MemoryInbox(), replace(QUICK, request_s=0.1)) as port, line(port) as peer:
        await peer.send(sent)
        assert (await peer.rest()).startswith(b"HTTP/1.1 408 ")
        assert port.counters.timed_out == 1


async def test_a_line_nobody_uses_is_closed() -> None:
    async with serving(PROTOCOL, MemoryInbox(), replace(QUICK, keep_alive_s=0.1)) as port, line(port) as peer:
        await peer.send(get())
        assert (await answer(peer))[0] == 200
        assert await peer.rest() == b""


async def test_stopping_answers_what_is_in_flight() -> None:
    inbox = MemoryInbox()
    async with serving(PROTOCOL, inbox) as port, line(port) as peer:
        inbox.gate.clear()
        await peer.send(get())
        await until(lambda: inbox.waiting == 1)
        stopping = asyncio.create_task(port.stop(10))
        await asyncio.sleep(0)
        inbox.gate.set()
        assert (await answer(peer))[::2] == (200, False)
        await stopping
    assert len(inbox.rows) == 1


async def test_connections_are_limited_by_address() -> None:
    async with (
        serving(PROTOCOL, MemoryInbox(), replace(QUICK, per_address=1)) as port,
        line(port) as one,
        line(port) as two,
    ):
        assert await two.rest() == b""
        await one.send(get())
        assert (await answer(one))[0] == 200


async def test_who_does_not_read_its_answers_is_not_worked_for_and_is_closed() -> None:
    limits = replace(QUICK, keep_alive_s=0.3)
    async with serving(PROTOCOL, MemoryInbox(), limits) as port, line(port) as peer:
        peer.writer.transport.pause_reading()
        asked = b"GET / HTTP/1.1\r\n\r\n" * 1_000
        most = 0
        with contextlib.suppress(ConnectionError):
            while port.counters.timed_out == 0:
                peer.writer.write(asked)
                for exchange in port.servers[0].peers:
                    most = max(most, exchange.transport.get_write_buffer_size())
                await asyncio.wait_for(peer.writer.drain(), 20)
                await asyncio.sleep(0)
        assert port.counters.timed_out == 1
        assert 0 < most < 2 * limits.buffer_bytes
