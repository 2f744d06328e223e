"""Processes for work above 20 ms of CPU, so that the event loop stays free."""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def _begin() -> None:
    """Die with the process that asked for us, and leave Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """The kernel's signal would only come when the fork server ends, and that one waits for us."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(0)


class CpuPool:
    """A few worker processes. A worker that dies is replaced, and its work done once more."""

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers or max(1, min(4, (os.cpu_count() or 2) // 2))
        self._executor = self._make()

    def _make(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._workers, mp_context=multiprocessing.get_context("forkserver"), initializer=_begin
        )

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The result of a module-level function, computed in a worker; its errors are raised here."""
        assert not kwargs  # noqa: S101 - run_in_executor takes positional arguments alone
        loop = asyncio.get_running_loop()
        executor = self._executor
        try:
            return await loop.run_in_executor(executor, function, *args)
        except BrokenProcessPool:
            if self._executor is executor:
                self._executor = self._make()
            return await loop.run_in_executor(self._executor, function, *args)

    def close(self) -> None:
        """End the workers: what has begun is finished, what waits is dropped.

        Waiting joins the executor's own thread; left to itself it races with the end of the interpreter, which then prints a traceback.
        """
        self._executor.shutdown(wait=True, cancel_futures=True)
