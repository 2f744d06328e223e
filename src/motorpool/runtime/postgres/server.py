"""A running server: how it is reached, and how it ends."""

import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from motorpool.runtime.postgres import log, sockets
from motorpool.runtime.postgres.claim import Lock
from motorpool.runtime.postgres.cluster import SUPERUSER, Cluster, address

STOP_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running embedded PostgreSQL. It ends, cleanly, with the process that started it, killed or not."""

    cluster: Cluster
    socket: Path
    postmaster: subprocess.Popen[bytes]
    lock: Lock

    @property
    def superuser_dsn(self) -> str:
        """For migrations, dump and restore only: no policy binds this user. Raises PasswordLost."""
        return self.dsn(SUPERUSER, self.cluster.password(), "postgres")

    def dsn(self, user: str, password: str, dbname: str) -> str:
        """Connection URL through the socket; psycopg and the programs of PostgreSQL read it alike."""
        return address(self.socket, user, password, dbname)

    def program(self, name: str) -> Path:
        """Path of a program of this server's version, `pg_dump` for example. Raises PostgresNotInstalled."""
        return self.cluster.program(name)

    def alive(self) -> bool:
        """Whether the server still runs. Ask every few seconds: asking also keeps the log small."""
        log.trim(self.cluster.log)
        return self.postmaster.poll() is None

    def stop(self) -> None:
        """End the server: sessions are cut, what is committed is kept. A second call does nothing."""
        if not self.lock.held:
            return  # the files may be a later server's by now
        end(self.postmaster)
        sockets.forget(self.cluster, self.socket)
        self.lock.release()


def end(postmaster: subprocess.Popen[bytes]) -> None:
    """Shut down with a last checkpoint; without, where that takes too long: the next start makes it good."""
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        postmaster.send_signal(how)
        try:
            postmaster.wait(STOP_PATIENCE_S)
        except subprocess.TimeoutExpired:
            continue
        return
