"""Start: from a data directory to a server that answers."""

import asyncio
import os
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg.pq import PGconn, Ping

from motorpool.runtime.postgres import log, settings, sockets
from motorpool.runtime.postgres.claim import Lock, settle
from motorpool.runtime.postgres.cluster import Cluster, make
from motorpool.runtime.postgres.errors import (
    EmbeddedPostgresError,
    PostgresDidNotStart,
    StartedOutsideMainThread,
)
from motorpool.runtime.postgres.launch import Launcher, choose
from motorpool.runtime.postgres.server import Server, end

# Remains of an earlier server that are not for us to see (another user's processes, a container's rights).
REMAINS = ("pre-existing shared memory block", "already exists")
REMAINS_PATIENCE_S = 30.0
SIGN_IN_TRIES = 5
POLL_S = 0.02

OnWait = Callable[[float], None]


class Patience:
    """Counts seconds since it was made and tells `on_wait` about each."""

    def __init__(self, on_wait: OnWait) -> None:
        self._on_wait = on_wait
        self._began_s = time.monotonic()
        self._told_s = 0.0

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began_s

    def wait(self) -> None:
        """Let a moment pass; say how long it has been, unless that was said within the last second."""
        time.sleep(POLL_S)
        if self.seconds - self._told_s >= 1.0:
            self._told_s = self.seconds
            self._on_wait(self._told_s)


def start(data_dir: Path, *, version: int = 18, on_wait: OnWait = lambda seconds: None) -> Server:
    """Start PostgreSQL on `data_dir`/postgres-`version`, made when missing; return once it answers.

    Call it from the main thread. Recovery is waited for however long it takes; about every second `on_wait`
    hears how many seconds it has been. Raises AlreadyInUse, PostgresDidNotStart (with the end of the log),
    PasswordLost, PostgresNotInstalled, UnreachableDirectory or StartedOutsideMainThread, all of them
    EmbeddedPostgresError.
    """
    if threading.current_thread() is not threading.main_thread():
        raise StartedOutsideMainThread
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    cluster = Cluster(data_dir.resolve(), version)
    postgres = cluster.program("postgres")
    lock = Lock(cluster.lock_file)
    try:
        launcher = choose(cluster.data_dir, postgres)
        make(cluster, launcher)
        cluster.password()
        return serve(cluster, launcher, lock, Patience(on_wait))
    except BaseException:
        lock.release()
        raise


async def revive(server: Server, on_wait: OnWait = lambda seconds: None) -> Server:
    """Start a server that died again, in its place; return once it answers. The event loop, of the main thread, goes on.

    The directory stays claimed all the time. Raises what `start` raises; the old server can be tried again then.
    """
    if threading.current_thread() is not threading.main_thread():
        raise StartedOutsideMainThread
    cluster, patience = server.cluster, Patience(on_wait)
    launcher = await asyncio.to_thread(choose, cluster.data_dir, cluster.program("postgres"))
    await asyncio.to_thread(settle, cluster.folder, patience.wait)
    settings.write(cluster, launcher)
    socket = sockets.prepare(cluster, launcher)
    again = Server(cluster, socket, begin(cluster, launcher, socket), server.lock)
    try:
        await asyncio.to_thread(await_answer, again, patience)
    except BaseException:
        await asyncio.to_thread(end, again.postmaster)
        raise
    return again


def serve(cluster: Cluster, launcher: Launcher, lock: Lock, patience: Patience) -> Server:
    """Begin until it answers: again where only the remains of an earlier server were in the way."""
    while True:
        settle(cluster.folder, patience.wait)
        settings.write(cluster, launcher)
        socket = sockets.prepare(cluster, launcher)
        server = Server(cluster, socket, begin(cluster, launcher, socket), lock)
        try:
            await_answer(server, patience)
        except BaseException as failure:
            end(server.postmaster)
            if not remains(failure) or patience.seconds > REMAINS_PATIENCE_S:
                raise
            patience.wait()
        else:
            return server


def remains(failure: BaseException) -> bool:
    """Whether the start failed for something that an ended server still holds."""
    return isinstance(failure, PostgresDidNotStart) and any(sign in failure.detail for sign in REMAINS)


def begin(cluster: Cluster, launcher: Launcher, socket: Path) -> subprocess.Popen[bytes]:
    """Start the server's first process, speaking into the log."""
    file = log.turn(cluster.log)
    try:
        return launcher.begin(settings.command(cluster, socket), file)
    finally:
        os.close(file)


def await_answer(server: Server, patience: Patience) -> None:
    """Wait until the superuser is let in. Raises PostgresDidNotStart, EmbeddedPostgresError."""
    dsn = f"{server.superuser_dsn}&connect_timeout=2"
    refused = 0
    while server.postmaster.poll() is None:
        # Ping alone tells "not yet" from "no" without reading sentences.
        if PGconn.ping(dsn.encode()) == Ping.OK:
            try:
                psycopg.connect(dsn).close()
            except psycopg.OperationalError as error:
                refused += 1
                if refused == SIGN_IN_TRIES:
                    raise EmbeddedPostgresError(f"The embedded PostgreSQL refuses its superuser: {error}") from error
            else:
                return
        patience.wait()
    said = log.end(server.cluster.log)
    raise PostgresDidNotStart(
        f"The embedded PostgreSQL in {server.cluster.folder} ended while it was starting:\n{said}"
    )
