"""The embedded PostgreSQL opens nobody's directories, makes no user, and finds room for its socket."""

import os
import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest

from support.database import ask, running
from support.owner import Owner


def modes(folder: Path) -> dict[Path, int]:
    """Modes of a directory and of all above it."""
    return {path: path.stat().st_mode for path in [folder, *folder.parents]}


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(tmp_path: Path) -> None:
    data_dir = tmp_path / ("long" * 25)
    with running(data_dir) as server:
        first = server.socket
        assert ask(server, "select 1") == 1
        assert first.stat().st_mode & 0o777 == 0o700
        assert len(str(first / ".s.PGSQL.5432")) <= 107
    assert not first.exists()
    with running(data_dir) as server:
        assert ask(server, "select 1") == 1


def test_a_short_socket_directory_that_others_could_have_made_is_not_used(tmp_path: Path) -> None:
    data_dir = tmp_path / ("long" * 25)
    with running(data_dir):
        pass
    others = tmp_path / "open"
    others.mkdir()
    others.chmod(0o777)
    remembered = data_dir / "postgres-18" / "socket"
    remembered.unlink()
    remembered.symlink_to(others)
    with running(data_dir) as server:
        assert server.socket != others
        assert list(others.iterdir()) == []


@pytest.mark.parametrize("mode", [0o700, 0o711, 0o755])
def test_no_directory_above_changes_its_mode_and_no_user_is_made(tmp_path: Path, mode: int) -> None:
    parent = tmp_path / "parent"
    parent.mkdir()
    parent.chmod(mode)
    users, before = Path("/etc/passwd").read_bytes(), modes(parent)
    with running(parent / "data") as server:
        assert ask(server, "select 1") == 1
        owners = {path.stat().st_uid for path in (parent / "data").rglob("*")}
        assert owners == {os.geteuid()}
    assert modes(parent) == before
    assert Path("/etc/passwd").read_bytes() == users


def test_a_directory_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    with running(tmp_path):
        assert tmp_path.stat().st_mode & 0o777 == 0o750


def test_an_ordinary_user_can_run_it(tmp_path: Path) -> None:
    nobody = ("unshare", "--user", "--map-user=65534", "--map-group=65534", "--")
    with (
        Owner(tmp_path / "data", prefix=nobody) as owner,
        psycopg.connect(owner.outcome()["dsn"]) as connection,
    ):
        assert connection.execute("select 1").fetchone() == (1,)


@pytest.fixture
def refusing_unshare(tmp_path: Path) -> Path:
    """A PATH entry as on a machine that refuses namespaces."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "unshare").write_text("#!/bin/sh\nexit 1\n")
    (folder / "unshare").chmod(0o755)
    return folder


def as_root() -> list[str]:
    """Before a command line: makes an ordinary user root in a namespace without other users."""
    real = shutil.which("unshare") or "unshare"  # not the refusing one
    return [] if os.geteuid() == 0 else [real, "--user", "--map-root-user", "--"]


def nobody_can_be() -> bool:
    """Whether root here can become nobody and then reach the binaries."""
    return os.geteuid() == 0 and all(path.stat().st_mode & 1 for path in Path(psycopg.__file__).parents)


def test_root_without_namespaces_runs_it_as_nobody_where_nobody_can_reach_it(refusing_unshare: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="motorpool-open-") as open_dir:
        Path(open_dir).chmod(0o755)
        data_dir = Path(open_dir) / "data"
        for _ in range(2):
            with Owner(data_dir, prefix=as_root(), path=refusing_unshare) as owner:
                said = owner.outcome()
                assert ("dsn" in said) == nobody_can_be(), said
        with Owner(data_dir, prefix=as_root()) as owner:
            assert "dsn" in owner.outcome()
        assert modes(Path(open_dir))[Path(open_dir)] & 0o777 == 0o755


def test_root_without_namespaces_hears_why_it_cannot_run_in_a_closed_place(
    tmp_path: Path, refusing_unshare: Path
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with Owner(closed / "data", prefix=as_root(), path=refusing_unshare) as owner:
        said = owner.outcome()
    assert said["code"] == "unreachable_directory"
    assert str(closed / "data") in said["sentence"]
    assert closed.stat().st_mode & 0o777 == 0o700
