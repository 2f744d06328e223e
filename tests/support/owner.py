"""A process of its own that owns an embedded PostgreSQL as `motorpool up` does, for tests that kill it.

It says one JSON object a line: `{"waited_s"}` while it waits, `{"dsn", "postmaster"}` whenever a server
answers, `{"code", "sentence"}` when it gives up. It starts the server again when that dies, and ends when its
input does.
"""

import json
import os
import select
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from motorpool.kernel.errors import MotorpoolError
from motorpool.runtime.postgres import start


def say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


def own(data_dir: Path, version: int) -> None:
    """Keep a server running until the input ends."""
    ended = False
    while not ended:
        server = start(data_dir, version=version, on_wait=lambda seconds: say(waited_s=seconds))
        say(dsn=server.superuser_dsn, postmaster=server.postmaster.pid)
        while server.alive() and not ended:
            ended = bool(select.select([sys.stdin], [], [], 0.01)[0])
        server.stop()


class Owner:
    """That process, seen from the test. `prefix` goes before its command line, `path` before its PATH."""

    def __init__(
        self, data_dir: Path, version: int = 18, *, prefix: Sequence[str] = (), path: Path | None = None
    ) -> None:
        command = [*prefix, sys.executable, __file__, str(data_dir), str(version)]
        searched = f"{path}:{os.environ['PATH']}" if path else os.environ["PATH"]
        environment = {**os.environ, "PATH": searched, "MOTORPOOL_SECRET_KEY": "not for others"}
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def hear(self) -> dict[str, Any]:
        """The next thing it says."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the owner ended with code {self.process.wait()}"
        said: dict[str, Any] = json.loads(line)
        return said

    def outcome(self) -> dict[str, Any]:
        """The next thing it says that is not about waiting."""
        while "waited_s" in (said := self.hear()):
            pass
        return said

    def kill(self) -> None:
        """kill -9, without a look at what becomes of PostgreSQL."""
        self.process.kill()
        self.process.wait()
        self._close()

    def _close(self) -> None:
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self.process.kill()  # a test that failed may have left it stopped
        self._close()
        self.process.wait()


if __name__ == "__main__":
    try:
        own(Path(sys.argv[1]), int(sys.argv[2]))
    except MotorpoolError as refused:
        say(code=refused.code, sentence=refused.detail)
