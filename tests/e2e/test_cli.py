"""The command line: one sentence and an exit code for everything that cannot be; help; companies."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from motorpool.kernel.errors import MotorpoolError
from motorpool.migrations.run import DatabaseTooOld, require_version
from tests.support.instances import KEY, Databases, free_port

pytestmark = pytest.mark.timeout(300)
Done = subprocess.CompletedProcess[str]


def motorpool(*arguments: str, **settings: object) -> Done:
    """Run a command with settings."""
    given = {f"MOTORPOOL_{name.upper()}": str(value) for name, value in settings.items()}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOTORPOOL_")}
    environment = {**kept, "MOTORPOOL_SECRET_KEY": KEY.decode(), "MOTORPOOL_LOG_LEVEL": "error", **given}
    return subprocess.run(
        [sys.executable, "-m", "motorpool.apps.cli", *arguments],
        env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def one_sentence(done: Done, code: int = 1) -> str:
    """What it says: one line of ours, nothing of Python's."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stderr.strip().splitlines() if line]
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("motorpool: ")
    return lines[0].removeprefix("motorpool: ")


@contextmanager
def taken_port() -> Iterator[int]:
    """A port another program listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


@pytest.fixture(scope="module")
def url(databases: Databases) -> str:
    """A database with the demo's companies."""
    return databases.new()


def test_help_names_every_command_with_a_sentence() -> None:
    done = motorpool("--help")
    assert done.returncode == 0
    commands = (
        "up",
        "api",
        "gateway",
        "ingest",
        "stream",
        "worker",
        "migrate",
        "tenant",
        "simulate",
        "replay",
        "dump",
        "restore",
    )
    for command in commands:
        assert any(line.split()[:1] == [command] and len(line.split()) > 2 for line in done.stdout.splitlines()), (
            command
        )


@pytest.mark.parametrize("arguments", [["fly"], [], ["tenant"], ["tenant", "create", "acme"], ["dump"]])
def test_wrong_arguments_end_with_2_and_the_usage(arguments: list[str]) -> None:
    done = motorpool(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: motorpool")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"port": "eighty"}, "MOTORPOOL_PORT must be"),
        ({"port": "70000"}, "MOTORPOOL_PORT must be a port"),
        ({"secret_key": "short"}, "MOTORPOOL_SECRET_KEY must have"),
        ({"demo": "perhaps"}, "MOTORPOOL_DEMO must be 1 or 0"),
        ({"postgres_version": "15"}, "MOTORPOOL_POSTGRES_VERSION must be 16 or 18"),
        ({"receive_seconds": "soon"}, "MOTORPOOL_RECEIVE_SECONDS must be"),
        ({"request_seconds": "nan"}, "MOTORPOOL_REQUEST_SECONDS must be more than 0"),
        ({"drain_seconds": "-1"}, "MOTORPOOL_DRAIN_SECONDS must be more than 0"),
        ({"retention_days": "0"}, "MOTORPOOL_RETENTION_DAYS must be"),
    ],
)
def test_a_setting_that_cannot_be_is_named(settings: dict[str, str], words: str, tmp_path: Path) -> None:
    assert words in one_sentence(motorpool("up", **{"data_dir": tmp_path, **settings}))
    assert list(tmp_path.iterdir()) == [], "something was begun before the settings were read"


def test_a_data_folder_that_is_none_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    for key in ("", KEY.decode()):
        said = one_sentence(motorpool("up", data_dir=file, secret_key=key))
        assert str(file) in said
        assert "MOTORPOOL_DATA_DIR" in said


def test_a_database_nobody_answers_at_is_told() -> None:
    said = one_sentence(motorpool("up", database_url=f"postgresql://a:b@127.0.0.1:{free_port()}/motorpool"))
    assert said.startswith("The database does not answer")


def test_a_database_address_that_is_none_is_told() -> None:
    for address in ("not an address", "postgresql://h/x?colour=blue"):
        assert "MOTORPOOL_DATABASE_URL must be" in one_sentence(motorpool("up", database_url=address))


@pytest.mark.parametrize("name", ["port", "osmand_port", "teltonika_port", "ingest_port"])
def test_a_port_that_is_taken_is_named_with_its_setting(url: str, name: str) -> None:
    ports = {"port": free_port(), "osmand_port": 0, "teltonika_port": 0}
    with taken_port() as taken:
        said = one_sentence(motorpool("up", database_url=url, **{**ports, name: taken}))
    assert str(taken) in said
    assert f"MOTORPOOL_{name.upper()}" in said


def test_a_role_that_could_never_reach_the_others_is_told(url: str) -> None:
    assert "MOTORPOOL_INGEST_URL" in one_sentence(motorpool("api", database_url=url))
    assert "MOTORPOOL_INGEST_PORT" in one_sentence(motorpool("ingest", database_url=url))
    assert "MOTORPOOL_REDIS_URL" in one_sentence(motorpool("stream", database_url=url, port=free_port()))


def test_a_key_that_is_not_the_databases_is_told(url: str) -> None:
    said = one_sentence(motorpool("up", database_url=url, secret_key="x" * 40))
    assert "MOTORPOOL_SECRET_KEY" in said
    assert "motorpool migrate" in said


def test_a_postgresql_before_16_is_refused() -> None:
    with pytest.raises(DatabaseTooOld, match="this server is 15"):
        require_version(150_013)
    require_version(160_000)
    assert issubclass(DatabaseTooOld, MotorpoolError)


def test_migrating_twice_changes_nothing(url: str) -> None:
    for _ in range(2):
        done = motorpool("migrate", database_url=url)
        assert (done.returncode, done.stderr) == (0, "")


CREATE = (
    "--name",
    "Acme",
    "--admin-email",
    "Ada@acme.example",
    "--admin-name",
    "Ada",
    "--admin-password",
    "a long password",
)


def test_a_company_is_set_up_once_and_exported(url: str) -> None:
    done = motorpool("tenant", "create", "acme", *CREATE, database_url=url)
    assert (done.returncode, done.stderr) == (0, "")
    exported = motorpool("tenant", "export", "acme", database_url=url)
    assert exported.returncode == 0, exported.stderr
    tables = json.loads(exported.stdout)
    assert tables
    filled = {name for name, rows in tables.items() if rows}
    assert filled == {"tenants", "memberships"}, "a new company has itself and its administrator, and nothing yet"
    assert "vehicles" in tables
    assert "already" in one_sentence(motorpool("tenant", "create", "acme", *CREATE, database_url=url))


def test_a_company_that_cannot_be_is_told(url: str) -> None:
    assert "short name" in one_sentence(motorpool("tenant", "create", "Not A Slug", *CREATE, database_url=url))
    wrong = [*CREATE[:3], "nobody", *CREATE[4:]]
    assert "e-mail" in one_sentence(motorpool("tenant", "create", "beta", *wrong, database_url=url))
    assert "no company" in one_sentence(motorpool("tenant", "export", "beta", database_url=url))


def test_a_dump_of_an_own_database_is_left_to_its_tools(url: str, tmp_path: Path) -> None:
    assert "its own PostgreSQL" in one_sentence(motorpool("dump", str(tmp_path / "x"), database_url=url))
