"""`motorpool simulate`: a believable fleet drives in the demo town and speaks to a running Motorpool by its public API."""

import argparse
import asyncio
import sys

from rich.console import Console
from rich.live import Live
from rich.text import Text

from motorpool.apps import sign_in
from motorpool.apps.client import Client, Credentials
from motorpool.apps.counted import counted
from motorpool.demo.simulate import Demo, simulate
from motorpool.kernel.errors import Malformed, MotorpoolError

OTHER_VEHICLES = 8
"""Vehicles of every demo company but the first."""
NEXT_COMPANY_S = 8.0
"""The next company drives off so much later: the first one is what people look at first."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    sign_in.add_arguments(parser)
    parser.add_argument("--vehicles", type=int, default=60, help="how many drive (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="another number, another fleet (%(default)s)")
    parser.add_argument(
        "--history-hours", type=float, default=24.0, help="how much of the past is told first (%(default)s)"
    )
    parser.add_argument(
        "--speed", type=float, default=1.0, help="drive the past so many times faster instead (%(default)s)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Drive until interrupted. Exit code 0 after Ctrl-C, 2 for wrong arguments, 3 when the server refuses or stays away."""
    if not (1 <= arguments.vehicles <= 10_000 and arguments.history_hours >= 0 and arguments.speed >= 1):
        print("--vehicles must be 1 to 10 000, --history-hours at least 0, --speed at least 1.", file=sys.stderr)  # noqa: T201 - a command speaks on the terminal
        return 2
    demo = Demo(arguments.vehicles, arguments.seed, arguments.history_hours, arguments.speed)
    try:
        asyncio.run(_drive(arguments.url, sign_in.credentials(arguments), demo))
    except KeyboardInterrupt:
        return 0
    except MotorpoolError as error:
        print(error.detail, file=sys.stderr)  # noqa: T201 - a command speaks on the terminal
        return 2 if isinstance(error, Malformed) else 3
    return 0


async def drive_demo(url: str, vehicles: int = 60, history_hours: float = 24.0) -> None:
    """Drive for every account the demo at `url` offers, until cancelled: a large fleet for the first, small ones for others."""
    async with Client(url) as client:
        accounts = (await client.get("/instance"))["demo_accounts"]
    async with asyncio.TaskGroup() as tasks:
        for k, account in enumerate(accounts):
            demo = Demo(vehicles if k == 0 else min(vehicles, OTHER_VEHICLES), k + 1, history_hours)
            credentials = Credentials(email=account["email"], password=account["password"])
            tasks.create_task(_simulate(url, credentials, demo, after_s=k * NEXT_COMPANY_S))


async def _simulate(url: str, credentials: Credentials, demo: Demo, after_s: float) -> None:
    await asyncio.sleep(after_s)
    async with Client(url, credentials) as client:
        await simulate(client, demo)


async def _drive(url: str, credentials: Credentials, demo: Demo) -> None:
    """Drive, and show every second what became of the rows."""
    async with Client(url, credentials) as client:
        driving = asyncio.ensure_future(simulate(client, demo))
        try:
            with Live(console=Console(stderr=True), refresh_per_second=2) as shown:
                while not driving.done():
                    shown.update(Text(f"{client.account} · {demo.vehicles} vehicles · {counted(client.counts)}"))
                    await asyncio.wait([driving], timeout=1.0)
            await driving
        finally:
            driving.cancel()
            await asyncio.gather(driving, return_exceptions=True)
