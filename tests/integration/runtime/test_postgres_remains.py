"""The embedded PostgreSQL among what others left or hold: owners, pid files, zombies, half a cluster."""

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from motorpool.runtime.postgres import (
    AlreadyInUse,
    EmbeddedPostgresError,
    start,
)
from support.database import ask, running
from support.owner import Owner


def test_a_second_owner_is_refused_with_a_sentence_and_harms_nothing(tmp_path: Path) -> None:
    with Owner(tmp_path) as owner, psycopg.connect(owner.outcome()["dsn"]) as connection:
        with pytest.raises(AlreadyInUse, match=rf"already in use by another Motorpool \(process {owner.process.pid}\)"):
            start(tmp_path)
        assert connection.execute("select 1").fetchone() == (1,)


def test_a_second_start_in_the_same_process_is_refused_and_harms_nothing(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        with pytest.raises(AlreadyInUse, match="this very process"):
            start(tmp_path)
        with Owner(tmp_path) as owner:
            assert owner.outcome()["code"] == "already_in_use"
        assert ask(server, "select 1") == 1


def test_stopping_an_old_server_again_leaves_the_new_one_alone(tmp_path: Path) -> None:
    data_dir = tmp_path / ("long" * 25)
    with running(data_dir) as old:
        pass
    with running(data_dir) as server:
        old.stop()
        assert ask(server, "select 1") == 1
        with Owner(data_dir) as owner:
            assert owner.outcome()["code"] == "already_in_use"


def test_a_server_somebody_else_started_there_is_not_touched(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        postgres, folder = server.program("postgres"), tmp_path / "postgres-18"
    nobody = ("unshare", "--user", "--map-user=65534", "--map-group=65534", "--")
    quiet = ("-c", "listen_addresses=", "-c", f"unix_socket_directories={folder / 'socket'}")
    with (
        subprocess.Popen([*nobody, postgres, "-D", folder, *quiet], stderr=subprocess.DEVNULL) as foreign,
        ended(foreign),
    ):
        wait_for(folder / "postmaster.pid")
        with pytest.raises(AlreadyInUse, match=f"Motorpool did not start \\(process {foreign.pid}\\)"):
            start(tmp_path)
        assert foreign.poll() is None
    with running(tmp_path) as server:
        assert ask(server, "select 1") == 1


def wait_for(path: Path) -> None:
    """Until there is something in a file."""
    pause = threading.Event()
    while not path.exists() or not (path.is_dir() or path.read_bytes()):
        pause.wait(0.002)


@contextmanager
def ended(program: subprocess.Popen[bytes]) -> Iterator[None]:
    """A program for the length of a block, also of one that fails."""
    try:
        yield
    finally:
        program.send_signal(signal.SIGINT)


def leave_pid(tmp_path: Path, pid: int) -> None:
    """Make process `pid` look like the cluster's server: in the directory's and the socket's lock files."""
    folder = tmp_path / "postgres-18"
    lines = (pid, folder, 1700000000, 5432, folder / "socket", "", "  1 1", "ready")
    for path in (folder / "postmaster.pid", folder / "socket" / ".s.PGSQL.5432.lock"):
        path.write_text("\n".join(map(str, lines)) + "\n")


def test_a_pid_file_of_nobody_is_removed(tmp_path: Path) -> None:
    with running(tmp_path):
        pass
    with subprocess.Popen(["true"]) as gone:
        gone.wait()
    leave_pid(tmp_path, gone.pid)
    with running(tmp_path) as server:
        assert ask(server, "select 1") == 1


def test_a_pid_file_with_the_number_of_another_program_is_removed_and_the_program_lives_on(
    tmp_path: Path,
) -> None:
    with running(tmp_path):
        pass
    with subprocess.Popen(["sleep", "600"]) as other, ended(other):
        leave_pid(tmp_path, other.pid)
        with running(tmp_path) as server:
            assert ask(server, "select 1") == 1
            assert other.poll() is None


def test_a_pid_file_that_cannot_be_read_as_one_is_removed(tmp_path: Path) -> None:
    with running(tmp_path):
        pass
    (tmp_path / "postgres-18" / "postmaster.pid").write_text("")
    with running(tmp_path) as server:
        assert ask(server, "select 1") == 1


def test_a_server_that_was_killed_and_is_still_a_zombie_is_in_nobodys_way(tmp_path: Path) -> None:
    with Owner(tmp_path) as owner:
        said = owner.outcome()
        owner.process.send_signal(signal.SIGSTOP)  # it does not see that its child is dead
        os.kill(said["postmaster"], signal.SIGKILL)
        assert "zombie" in state_when_dead(said["postmaster"])
        # The stopped owner holds the lock on a file that is gone: as if there were none.
        (tmp_path / "postgres-18.lock").unlink()
        with running(tmp_path) as server:
            assert ask(server, "select 1") == 1
        assert "zombie" in state_when_dead(said["postmaster"])
        owner.process.send_signal(signal.SIGKILL)


def state_when_dead(pid: int) -> str:
    """The kernel's word for the state of a process that has been killed."""
    pause = threading.Event()
    while "zombie" not in (status := Path(f"/proc/{pid}/status").read_text()):
        pause.wait(0.002)
    return status


def test_a_backend_that_computes_on_after_its_server_was_killed_is_ended(tmp_path: Path) -> None:
    with running(tmp_path) as server, closing(psycopg.connect(server.superuser_dsn)) as connection:
        busy = connection.info.backend_pid
        connection.execute("set statement_timeout = '60s'")  # should nobody end it
        connection.pgconn.send_query(b"do 'begin loop end loop; end'")
        server.postmaster.kill()
        server.postmaster.wait()
        assert Path(f"/proc/{busy}/cwd").exists()
        server.stop()
        with running(tmp_path) as again:
            assert ask(again, "select 1") == 1
            assert not Path(f"/proc/{busy}/cwd").exists()


@pytest.mark.parametrize("point", ["", "cluster/base", "cluster/global/pg_control"])
def test_an_interrupted_making_of_the_cluster_is_done_again(tmp_path: Path, point: str) -> None:
    owner = Owner(tmp_path)
    pause = threading.Event()
    while not list(tmp_path.glob(f"postgres-18.new-*/{point}")):
        pause.wait(0.002)
    owner.kill()
    assert not (tmp_path / "postgres-18").exists()
    with running(tmp_path) as server:
        assert ask(server, "select 1") == 1
        assert list(tmp_path.glob("*.new-*")) == []


def test_a_password_written_before_the_interruption_stays_the_password(tmp_path: Path) -> None:
    (tmp_path / "postgres-18.password").write_text("kept\n")
    with running(tmp_path) as server:
        assert server.superuser_dsn.startswith("postgresql://postgres:kept@/")


def test_a_folder_with_something_else_in_it_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "postgres-18").mkdir()
    (tmp_path / "postgres-18" / "thesis.txt").write_text("mine")
    with pytest.raises(EmbeddedPostgresError, match="not a database"):
        start(tmp_path)
    assert (tmp_path / "postgres-18" / "thesis.txt").read_text() == "mine"
