"""The command `motorpool simulate`, as somebody runs it."""

import argparse
import asyncio
import signal
import sys

import pytest

from motorpool.apps.simulate import add_arguments, run
from support.api_server import api_server

PROGRAM = """
import argparse, sys
from motorpool.apps.simulate import add_arguments, run
parser = argparse.ArgumentParser()
add_arguments(parser)
sys.exit(run(parser.parse_args()))
"""


async def finished(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return await asyncio.to_thread(run, parser.parse_args(arguments))


@pytest.mark.parametrize(
    "wrong",
    [("--vehicles", "0"), ("--history-hours", "-1"), ("--speed", "0.5"), ("--vehicles", "10001"), ("--url", "x")],
)
async def test_wrong_arguments_end_with_a_sentence(wrong: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert await finished(*wrong) == 2
    assert "must" in capsys.readouterr().err


async def test_a_server_that_refuses_ends_it_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    async with api_server() as server:
        assert await finished("--url", server.url, "--api-key", "mpk_wrong") == 3
    assert "API key is wrong" in capsys.readouterr().err


async def test_it_drives_until_interrupted_and_shows_what_became_of_the_rows() -> None:
    async with api_server() as server:
        arguments = ["--url", server.url, "--vehicles", "4", "--history-hours", "0.5"]
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-c", PROGRAM, *arguments, stderr=asyncio.subprocess.PIPE
        )
        while len(server.arrived) < 20 and program.returncode is None:
            await asyncio.sleep(0.05)
        program.send_signal(signal.SIGINT)
        _, said = await program.communicate()
        assert program.returncode == 0
        assert "4 vehicles" in said.decode()
        assert "Traceback" not in said.decode()
