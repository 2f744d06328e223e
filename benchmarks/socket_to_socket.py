"""From the API's socket to the browser's: how old a position is when a viewer's WebSocket brings it.

An open model: positions are due twenty times a second whether the last ones were answered or not, and each position's time is
when it was due. So its age on arrival is the whole way – waiting to be sent, HTTP, stages, commit, tick, frame – and a server
that falls behind cannot hide it. Motorpool runs in a process of its own; the clients are in this one, on the same cores.

    python -m benchmarks.socket_to_socket [seconds a case]
"""

import asyncio
import multiprocessing
import sys
import time
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import httpx2
import msgspec
import numpy as np
import uvloop
from websockets.exceptions import ConnectionClosed

from benchmarks.fleet import FIRST_NO, database_with
from benchmarks.table import print_table
from motorpool.apps.live_client import LiveClient, connect
from motorpool.runtime.realtime.positions import Positions, decode_positions
from tests.support.instances import running, settings_for

CASES = ((1_000, 20), (1_000, 200), (5_000, 20), (5_000, 200))
GOAL_MS = {(5_000, 200): "p95 < 100"}
A_SECOND = 20
WARM_S = 2.0
MEASURED_VIEWERS = 10


def serve(url: str, folder: str, pipe: Connection) -> None:
    """The server's process: says address and token, ends when told to."""

    async def run() -> None:
        async with running(url, settings_for(Path(folder))) as motorpool:
            pipe.send((motorpool.address, await motorpool.token()))
            await asyncio.to_thread(pipe.recv)

    uvloop.run(run())


class Case:
    """One rate and number of viewers."""

    def __init__(self, address: str, token: str, rate: int, viewers: int) -> None:
        self.address, self.token, self.rate, self.viewers = address, token, rate, viewers
        self.ages_ms: list[np.ndarray] = []
        self.acknowledged_ms: list[float] = []
        self.refused = 0
        self.begun = 0.0

    async def run(self, seconds: float) -> tuple[str | float, ...]:
        """The line of the table."""
        headers = {"authorization": f"Bearer {self.token}"}
        async with (
            httpx2.AsyncClient(base_url=f"{self.address}/api/v1", headers=headers, timeout=30) as client,
            AsyncExitStack() as stack,
        ):
            tenant_id = (await client.get("/auth/me")).json()["tenant"]["id"]
            watching = []
            for number in range(self.viewers):
                viewer = await stack.enter_async_context(connect(f"ws{self.address[4:]}/api/v1/ws", self.token))
                await viewer.subscribe(f"tenant:{tenant_id}")
                while not isinstance(await viewer.receive(), Positions):
                    pass  # its snapshot: those of all viewers are not part of the way
                watching.append(asyncio.create_task(self.watch(viewer, number < MEASURED_VIEWERS)))
            await asyncio.sleep(1)
            await self.send(client, seconds)
            await asyncio.sleep(1)
            for task in watching:
                task.cancel()
            await asyncio.gather(*watching, return_exceptions=True)
        ages = np.concatenate(self.ages_ms)
        seen = len(ages) / min(self.viewers, MEASURED_VIEWERS) / (self.rate * seconds)
        assert seen < 1.001, "a viewer saw a position twice"
        percentiles = [float(one) for one in np.percentile(ages, (50, 95, 99))]
        goal = GOAL_MS.get((self.rate, self.viewers), "–")
        answered = float(np.percentile(self.acknowledged_ms, 95))
        return (
            f"{self.rate:,}".replace(",", " "),
            self.viewers,
            *percentiles,
            answered,
            self.refused,
            f"{seen:.1%}",
            goal,
        )

    async def watch(self, viewer: LiveClient, is_measured: bool) -> None:
        """Read what comes; of positions due after the warm-up note the age."""
        with suppress(ConnectionClosed):  # a viewer that was lost shows in the share that was seen
            async for frame in viewer.websocket:
                if is_measured and isinstance(frame, bytes) and self.begun:
                    at_ms = decode_positions(frame)[0].at_ms
                    self.ages_ms.append((time.time() * 1e3 - at_ms)[at_ms >= self.begun * 1e3])

    async def send(self, client: httpx2.AsyncClient, seconds: float) -> None:
        """Every twentieth of a second the positions that are due, answered or not."""
        each, start, posts = self.rate // A_SECOND, time.time(), []
        self.begun = start + WARM_S
        for turn in range(round((WARM_S + seconds) * A_SECOND)):
            due = start + turn / A_SECOND
            await asyncio.sleep(max(0.0, due - time.time()))
            posts.append(asyncio.create_task(self.post(client, due, self.body(due, turn % A_SECOND * each, each))))
        await asyncio.gather(*posts)

    def body(self, due: float, first: int, count: int) -> bytes:
        """One position each of some vehicles, at the time they are due."""
        at = datetime.fromtimestamp(due, UTC)
        where = {"at": at, "lat": 48.0 + due % 1_000 * 1e-4, "lon": 11.0, "speed_mps": 11.0, "heading_deg": 0.0}
        rows = [{"device": str(FIRST_NO + number), **where} for number in range(first, first + count)]
        return msgspec.json.encode({"positions": rows})

    async def post(self, client: httpx2.AsyncClient, due: float, body: bytes) -> None:
        """Send a batch: taken whole, or refused because the server is behind."""
        answer = await client.post("/telemetry", content=body, headers={"content-type": "application/json"})
        if answer.status_code == 503:
            self.refused += 1
            return
        assert answer.status_code == 200, answer.text
        assert answer.json()["rejected"] == [], answer.text[:300]
        self.acknowledged_ms.append((time.time() - due) * 1e3)


def main() -> None:
    """Measure and print the table."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 6.0
    with database_with(max(rate for rate, _ in CASES)) as (url, folder):
        ours, theirs = multiprocessing.Pipe()
        server = multiprocessing.get_context("spawn").Process(target=serve, args=(url, str(folder), theirs))
        server.start()
        address, token = ours.recv()
        try:
            lines = []
            for rate, viewers in CASES:
                lines.append(uvloop.run(Case(address, token, rate, viewers).run(seconds)))
                print(*lines[-1], file=sys.stderr, flush=True)
        finally:
            ours.send("end")
            server.join(30)
    head = ("positions/s", "viewers", "p50 ms", "p95 ms", "p99 ms", "answered p95 ms", "refused", "seen", "goal ms")
    print_table(head, lines)


if __name__ == "__main__":
    main()
