"""A real redis-server on a random port, to be killed and started again."""

import asyncio
from pathlib import Path

from tests.support.instances import free_port


class RedisServer:
    """One redis-server without persistence; keeps its port over restarts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._running: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it, and return when it answers."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)]
        self._running = await asyncio.create_subprocess_exec(
            "redis-server", *options, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                await writer.wait_closed()
                return

    async def kill(self) -> None:
        """End it without a goodbye."""
        if self._running is not None:
            self._running.kill()
            await self._running.wait()
            self._running = None

    def signal(self, number: int) -> None:
        """Send it a signal, such as SIGSTOP."""
        assert self._running is not None
        self._running.send_signal(number)
