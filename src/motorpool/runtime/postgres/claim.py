"""Who may run PostgreSQL on a data directory: one Motorpool at a time, after all an earlier one left."""

import errno
import fcntl
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from motorpool.runtime.postgres.errors import AlreadyInUse

MARK = "cluster_name=motorpool"  # on the command line of every server Motorpool starts
LOCK_PATIENCE_S = 2.0  # a killed holder may need a moment to be gone
ORPHANS_PATIENCE_S = 2.0  # an idle backend ends at once with its postmaster, one that computes does not
SHUTDOWN_PATIENCE_S = 60.0  # the last checkpoint of a server whose Motorpool was killed
PATIENCE_S = 90.0


class Lock:
    """A record lock: it ends with the process, however that ends, and a forked child does not share it."""

    # Closing any descriptor of the file would drop our own lock, so it is opened once.
    _paths: ClassVar[set[Path]] = set()

    def __init__(self, path: Path) -> None:
        """Take the lock on `path`. Raises AlreadyInUse."""
        self.path = path
        if path in self._paths:
            raise in_use(path.parent, "this very process")
        self.file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._take()
        except BaseException:
            os.close(self.file)
            raise
        self._paths.add(path)
        self.held = True

    def _take(self) -> None:
        deadline = time.monotonic() + LOCK_PATIENCE_S
        while not _locked(self.file):
            if time.monotonic() > deadline:
                holder = os.pread(self.file, 20, 0).decode(errors="replace").strip()
                raise in_use(self.path.parent, f"another Motorpool (process {holder})")
            time.sleep(0.05)
        os.ftruncate(self.file, 0)
        os.pwrite(self.file, str(os.getpid()).encode(), 0)

    def release(self) -> None:
        """Let others have it; a second call does nothing."""
        if self.held:
            self.held = False
            self._paths.discard(self.path)
            os.close(self.file)


def _locked(file: int) -> bool:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as refused:
        if refused.errno in (errno.EACCES, errno.EAGAIN):
            return False
        raise
    return True


def in_use(folder: Path, who: str) -> AlreadyInUse:
    """The sentence about `folder`, used by `who`."""
    return AlreadyInUse(
        f"The data directory {folder} is already in use by {who}: stop that first, "
        "or set MOTORPOOL_DATA_DIR to another directory."
    )


def settle(folder: Path, tell: Callable[[], None]) -> None:
    """Wait until nothing of an earlier server lives in `folder`; remove its pid file, whatever that says.

    The caller holds the lock, so a server still there was left by a Motorpool that ended: it is shutting
    down, or is told to. `tell` is called between looks and takes a moment. Raises AlreadyInUse for a server
    somebody else started and for one that does not end.
    """
    began = time.monotonic()
    told: set[tuple[int, signal.Signals]] = set()
    while pids := living(folder):
        waited_s = time.monotonic() - began
        if waited_s > PATIENCE_S:
            names = ", ".join(map(str, pids))
            raise in_use(folder, f"an earlier PostgreSQL that does not end (processes {names})")
        for order in set(due(folder, pids, waited_s)) - told:
            told.add(order)
            with suppress(ProcessLookupError):
                os.kill(*order)
        tell()
    # A number that is another program's by now, or a zombie's, PostgreSQL would take for a server.
    (folder / "postmaster.pid").unlink(missing_ok=True)


def due(folder: Path, pids: list[int], waited_s: float) -> Iterator[tuple[int, signal.Signals]]:
    """Signals that the processes `pids` of an earlier server should have had after `waited_s`."""
    postmaster = recorded_pid(folder)
    if postmaster in pids:
        if MARK not in command_line(postmaster):
            raise in_use(folder, f"a PostgreSQL that Motorpool did not start (process {postmaster})")
        yield postmaster, signal.SIGINT
        if waited_s > SHUTDOWN_PATIENCE_S:
            yield postmaster, signal.SIGQUIT
    elif waited_s > ORPHANS_PATIENCE_S:
        # What the postmaster does at an immediate shutdown: nothing is written, recovery sees to the rest.
        yield from ((pid, signal.SIGQUIT) for pid in pids)


def recorded_pid(folder: Path) -> int:
    """The postmaster's number in the pid file, 0 without one."""
    try:
        return int((folder / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return 0


def living(folder: Path) -> list[int]:
    """Processes of any PostgreSQL in `folder`. A zombie is none: its shared memory is given back already."""
    everybody = (entry for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [int(entry.name) for entry in everybody if _lives(entry, folder)]


def _lives(entry: Path, folder: Path) -> bool:
    try:
        if (entry / "comm").read_text() != "postgres\n":
            return False
        return (entry / "cwd").samefile(folder)
    except PermissionError:
        return str(folder) in command_line(int(entry.name))
    except OSError:
        return False


def command_line(pid: int) -> list[str]:
    """Arguments of a process, empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\0")
    except OSError:
        return []
