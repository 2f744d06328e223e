"""The embedded PostgreSQL: started, stopped, started again, and the sentences when it cannot be."""

import os
import subprocess
import threading
from pathlib import Path

import psycopg
import pytest

from motorpool.runtime.postgres import (
    EmbeddedPostgresError,
    PasswordLost,
    PostgresDidNotStart,
    PostgresNotInstalled,
    StartedOutsideMainThread,
    start,
)
from support.database import ask, do, running, start_embedded
from support.owner import Owner

VERSIONS = pytest.mark.parametrize("version", [16, 18])


@VERSIONS
def test_it_starts_as_the_version_asked_for_and_keeps_rows_over_a_clean_stop(tmp_path: Path, version: int) -> None:
    with running(tmp_path, version) as server:
        assert ask(server, "show server_version").startswith(f"{version}.")
        do(server, "create table kept as select 42 as n")
    assert not server.alive()
    assert not (tmp_path / f"postgres-{version}" / "postmaster.pid").exists()
    with running(tmp_path, version) as server:
        assert server.alive()
        assert ask(server, "select n from kept") == 42


@VERSIONS
def test_it_is_set_to_keep_what_it_acknowledged(tmp_path: Path, version: int) -> None:
    server = start_embedded(tmp_path, version)
    names = (
        "fsync",
        "synchronous_commit",
        "full_page_writes",
        "data_checksums",
        "server_encoding",
        "datcollate",
    )
    ask_for = "(select datcollate from pg_database where datname = 'postgres')"
    try:
        found = [ask(server, f"select {ask_for}" if name == "datcollate" else f"show {name}") for name in names]
        assert found == ["on", "on", "on", "on", "UTF8", "C"]
        assert ask(server, "show wal_compression") == "pglz"
        assert ask(server, "show max_connections") == "100"
    finally:
        server.stop()


def test_own_settings_by_alter_system_outlive_a_restart(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        do(server, "alter system set work_mem = '7MB'")
    with running(tmp_path) as server:
        assert ask(server, "show work_mem") == "7MB"


def test_only_the_owner_gets_at_it(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with running(data_dir) as server:
        assert ask(server, "show listen_addresses") == ""
        paths = [data_dir / "postgres-18.password", data_dir / "postgres-18", server.socket, data_dir]
        assert [oct(path.stat().st_mode & 0o777) for path in paths] == ["0o600", "0o700", "0o700", "0o700"]
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(server.dsn("postgres", "guessed", "postgres"))
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(server.dsn("nobody", "", "postgres"), password="x")


def test_names_and_passwords_of_any_characters_fit_into_an_address(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        do(server, "create role \"a b@c/d\" login password 'p:@/?&%=ä'")
        with psycopg.connect(server.dsn("a b@c/d", "p:@/?&%=ä", "postgres")) as connection:
            assert connection.execute("select current_user").fetchone() == ("a b@c/d",)


@VERSIONS
def test_programs_are_of_the_servers_version_and_understand_its_address(tmp_path: Path, version: int) -> None:
    with running(tmp_path, version) as server:
        do(server, "create table dumped ()")
        dump = [server.program("pg_dump"), "--schema-only", server.superuser_dsn]
        said = subprocess.run(dump, capture_output=True, text=True, check=True).stdout
        assert "CREATE TABLE public.dumped" in said
        assert f"Dumped by pg_dump version {version}." in said
        with pytest.raises(PostgresNotInstalled, match="pg_nothing"):
            server.program("pg_nothing")


def test_a_version_that_is_not_installed_is_named(tmp_path: Path) -> None:
    with pytest.raises(PostgresNotInstalled, match="PostgreSQL 17 is not installed.* 16 and 18"):
        start(tmp_path, version=17)


def test_secrets_of_ours_are_not_in_its_environment(tmp_path: Path) -> None:
    with Owner(tmp_path) as owner:
        environment = Path(f"/proc/{owner.outcome()['postmaster']}/environ").read_bytes()
        assert b"not for others" not in environment


def test_a_lost_password_file_is_named(tmp_path: Path) -> None:
    with running(tmp_path):
        pass
    (tmp_path / "postgres-18.password").unlink()
    with pytest.raises(PasswordLost, match=r"postgres-18\.password"):
        start(tmp_path)


def test_a_wrong_password_file_is_told_from_a_slow_start(tmp_path: Path) -> None:
    with running(tmp_path):
        pass
    (tmp_path / "postgres-18.password").write_text("another\n")
    with pytest.raises(EmbeddedPostgresError, match="refuses its superuser.*password authentication failed"):
        start(tmp_path)
    assert not (tmp_path / "postgres-18" / "postmaster.pid").exists()


def test_a_server_that_ends_while_starting_is_reported_with_its_last_words_and_can_be_mended(
    tmp_path: Path,
) -> None:
    with running(tmp_path):
        pass
    own = tmp_path / "postgres-18" / "postgresql.auto.conf"
    own.write_text("max_connections = 'many'\n")
    with pytest.raises(PostgresDidNotStart, match='invalid value for parameter "max_connections": "many"'):
        start(tmp_path)
    own.write_text("")
    with running(tmp_path) as server:
        assert ask(server, "select 1") == 1


def test_the_log_stays_small_and_goes_on(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        log = tmp_path / "postgres-18" / "log"
        os.truncate(log, 17_000_000)
        assert server.alive()
        assert log.stat().st_size == 0
        assert (tmp_path / "postgres-18" / "log.1").stat().st_size == 1_000_000
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(server.dsn("postgres", "guessed", "postgres"))
        assert "password authentication failed" in log.read_text()


def test_it_is_only_started_from_the_main_thread(tmp_path: Path) -> None:
    caught: list[BaseException] = []

    def attempt() -> None:
        try:
            start(tmp_path)
        except StartedOutsideMainThread as refused:
            caught.append(refused)

    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join()
    assert "main thread" in str(caught[0])
