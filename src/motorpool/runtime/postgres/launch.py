"""How PostgreSQL's programs are run: never as root, never longer than we live."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from motorpool.runtime.postgres.errors import PostgresNotInstalled, UnreachableDirectory

# The user that files of nobody belong to; only a name for PostgreSQL, which looks itself up and refuses root.
NOBODY = 65534


@dataclass(frozen=True, slots=True)
class Launcher:
    """Runs programs by way of `prefix`; their files belong to `uid`, the user they become when `switch`.

    In a namespace of its own (part of `prefix`) a program believes it is nobody, while for all others it is
    still our user: root's files stay root's, closed parents stay closed.
    """

    uid: int
    prefix: tuple[str, ...]
    switch: bool

    def begin(self, command: Sequence[str], output: IO[bytes] | int) -> subprocess.Popen[bytes]:
        """Start `command`; it hears SIGINT when our main thread ends, and not when a terminal says Ctrl-C."""
        user = self.uid if self.switch else None
        return subprocess.Popen(  # noqa: S603 - our own commands, no shell
            [*self.prefix, *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=ENVIRONMENT,
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=[] if self.switch else None,
        )

    def run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Run `command` to its end; what it says on either stream is in `stdout`."""
        started = self.begin(command, subprocess.PIPE)
        try:
            said, _ = started.communicate()
        except BaseException:
            started.kill()
            started.wait()
            raise
        return subprocess.CompletedProcess(command, started.returncode, said.decode(errors="replace"))

    def own(self, folder: Path) -> None:
        """As root, give `folder` and all in it to the user PostgreSQL runs as, where they are another's."""
        if os.geteuid() != 0 or folder.stat().st_uid == self.uid:
            return
        for path in [*folder.rglob("*"), folder]:
            os.chown(path, self.uid, self.uid, follow_symlinks=False)


# Nothing of ours (secrets) or of a PostgreSQL user (PGDATA, PGOPTIONS, locale) is PostgreSQL's business.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def choose(data_dir: Path, postgres: Path) -> Launcher:
    """How to run PostgreSQL here on `data_dir`. Raises PostgresNotInstalled, UnreachableDirectory."""
    mortal = (tool("setpriv"), "--pdeathsig", "INT", "--")
    if os.geteuid() != 0:
        return Launcher(os.geteuid(), mortal, switch=False)
    mapped = (tool("unshare"), "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--", *mortal)
    inside = Launcher(0, mapped, switch=False)
    if inside.run(["true"]).returncode == 0:
        return inside
    launcher = Launcher(NOBODY, mortal, switch=True)
    if not reaches(launcher, data_dir.parent, postgres):
        raise UnreachableDirectory(
            "PostgreSQL refuses to run as root, this machine refuses it a namespace of its own, and the user "
            f"it would become ({NOBODY}, nobody) cannot reach {data_dir} or {postgres}: run Motorpool as an "
            "ordinary user, or choose other directories, or set MOTORPOOL_DATABASE_URL."
        )
    # The data directory is ours to open for passing through; what is above it is not.
    data_dir.chmod(data_dir.stat().st_mode | 0o011)
    return launcher


def reaches(launcher: Launcher, folder: Path, program: Path) -> bool:
    """Whether the launcher's user may pass through `folder` and run `program`."""
    try:
        return launcher.run(["sh", "-c", 'test -x "$0" && test -x "$1"', str(folder), str(program)]).returncode == 0
    except OSError:  # this root may not become anybody else
        return False


def tool(name: str) -> str:
    """Path of a program of util-linux. Raises PostgresNotInstalled."""
    found = shutil.which(name)
    if not found:
        raise PostgresNotInstalled(
            f"The embedded PostgreSQL needs the program {name} (Linux, package util-linux): install it, "
            "or set MOTORPOOL_DATABASE_URL to another PostgreSQL."
        )
    return found
