"""Device sockets: packets a second through the TCP server, side by side with a bare uvloop server that only
answers.

Both servers run in a process of their own, the clients in this one; the two sides take turns, so that a
change of the machine's mood meets both. The inbox is the one in memory: what is measured is reading, cutting,
decoding and answering, not the database.

.venv/bin/python -m benchmarks.device_sockets [--devices 50] [--seconds 2] [--rounds 3]
"""

import argparse
import asyncio
import multiprocessing
import statistics
import time
from collections.abc import Callable, Coroutine
from functools import partial
from multiprocessing.connection import Connection as Pipe
from typing import Any

import uvloop

from benchmarks.table import print_table
from motorpool.connectors.devices.listen import listen
from motorpool.connectors.devices.teltonika.manifest import PROTOCOL
from motorpool.telemetry.inbox import Receipt, Submission
from tests.support import teltonika as device

ACKNOWLEDGED = 4


class CountingInbox:
    """Takes everything and keeps nothing."""

    async def knows(self, identifier: str) -> bool:
        return True

    async def submit(self, submission: Submission) -> Receipt:
        return Receipt(len(submission.fixes), 0, ())


class Bare(asyncio.Protocol):
    """Answers every read with what a device waits for, without looking at it."""

    transport: Any

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(b"\1" if data[1] else b"\0\0\0\1")


async def serve_ours(pipe: Pipe) -> None:
    listening = await listen(PROTOCOL, CountingInbox(), "127.0.0.1", 0)
    pipe.send(listening.port)
    await asyncio.Event().wait()


async def serve_bare(pipe: Pipe) -> None:
    server = await asyncio.get_running_loop().create_server(Bare, "127.0.0.1", 0)
    pipe.send(server.sockets[0].getsockname()[1])
    await asyncio.Event().wait()


def run(serve: Callable[[Pipe], Coroutine[Any, Any, None]], pipe: Pipe) -> None:
    uvloop.run(serve(pipe))


class Device(asyncio.Protocol):
    """Greets, then sends one packet after each answer."""

    transport: Any

    def __init__(self, number: int, packet: bytes) -> None:
        self.number, self.packet, self.answers = number, packet, 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.transport.write(device.imei_frame(f"{self.number:015d}"))

    def data_received(self, data: bytes) -> None:
        self.answers += len(data) == ACKNOWLEDGED
        self.transport.write(self.packet)


async def drive(port: int, devices: int, seconds: float, packet: bytes) -> float:
    """Acknowledged packets a second."""
    loop = asyncio.get_running_loop()
    lines = [
        await loop.create_connection(partial(Device, number, packet), "127.0.0.1", port) for number in range(devices)
    ]
    await asyncio.sleep(0.2)
    before, start = sum(line.answers for _, line in lines), time.perf_counter()
    await asyncio.sleep(seconds)
    rate = (sum(line.answers for _, line in lines) - before) / (time.perf_counter() - start)
    for transport, _ in lines:
        transport.abort()
    return rate


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--devices", type=int, default=50)
    arguments.add_argument("--seconds", type=float, default=2.0)
    arguments.add_argument("--rounds", type=int, default=3)
    chosen = arguments.parse_args()
    ports = {}
    servers = []
    for name, serve in (("bare uvloop", serve_bare), ("motorpool", serve_ours)):
        ours, theirs = multiprocessing.Pipe()
        servers.append(multiprocessing.Process(target=run, args=(serve, theirs), daemon=True))
        servers[-1].start()
        if not ours.poll(20):
            raise SystemExit(f"{name} did not start")
        ports[name] = ours.recv()
    try:
        lines = [row(records, ports, chosen) for records in (1, 25)]
        head = ("records a packet", "bare uvloop packets/s", "motorpool packets/s", "ratio", "goal", "records/s")
        print_table(head, lines)
    finally:
        for server in servers:
            server.terminate()


def row(records: int, ports: dict[str, int], chosen: argparse.Namespace) -> tuple[float | str, ...]:
    """One line of the table: medians of rounds in turns."""
    packet = device.codec8([gps + device.IGNITION_ON for gps in fixes(records)])
    rates: dict[str, list[float]] = {name: [] for name in ports}
    for _ in range(chosen.rounds):
        for name, port in ports.items():
            rates[name].append(uvloop.run(drive(port, chosen.devices, chosen.seconds, packet)))
    bare, ours = (statistics.median(rates[name]) for name in ("bare uvloop", "motorpool"))
    return (records, bare, ours, ours / bare, "0.5" if records == 1 else "–", ours * records)


def fixes(count: int) -> list[bytes]:
    """Places without elements, a second apart."""
    return [device.gps(1_760_000_000_000 + 1000 * at, 52.5, 13.4 + at / 1000) for at in range(count)]


if __name__ == "__main__":
    main()
