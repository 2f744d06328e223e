"""Where the socket is: in a directory only its owner enters."""

import os
import shutil
import tempfile
from pathlib import Path

from motorpool.runtime.postgres.cluster import PORT, Cluster
from motorpool.runtime.postgres.launch import Launcher

PATH_LIMIT_BYTES = 107  # of a Unix socket's whole path


def prepare(cluster: Cluster, launcher: Launcher) -> Path:
    """A directory (0700) for the socket: in the cluster, or a short one that a link there remembers."""
    usual = cluster.folder / "socket"
    if _fits(usual):
        usual.mkdir(mode=0o700, exist_ok=True)
        ours = usual
    elif usual.is_symlink() and _is_private(Path(os.readlink(usual)), launcher.uid):
        ours = Path(os.readlink(usual))
    else:
        ours = _short()
        usual.unlink(missing_ok=True)
        usual.symlink_to(ours)
    # The socket has a lock file too, with the number of a process that may be another program's by now.
    for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
        (ours / name).unlink(missing_ok=True)
    launcher.own(ours)
    return ours


def forget(cluster: Cluster, folder: Path) -> None:
    """Leave no directory of ours outside the cluster."""
    if folder.parent != cluster.folder:
        shutil.rmtree(folder, ignore_errors=True)


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= PATH_LIMIT_BYTES


def _is_private(folder: Path, owner: int) -> bool:
    """Whether it is still the directory we made: others may write where it lies."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return found.st_uid == owner and found.st_mode == 0o040700


def _short() -> Path:
    """A new private directory with a short path."""
    made = Path(tempfile.mkdtemp(prefix="motorpool-"))
    if _fits(made):
        return made
    made.rmdir()
    return Path(tempfile.mkdtemp(prefix="motorpool-", dir="/tmp"))  # noqa: S108 - private by mkdtemp
