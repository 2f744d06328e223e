"""`motorpool up` as a process of its own, to be killed."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import psycopg

from motorpool.demo.companies import PASSWORD
from tests.support.instances import KEY, free_port


@dataclass(slots=True)
class Up:
    """A Motorpool process on a data folder; the ports stay the same over restarts."""

    data_dir: Path
    command: tuple[str, ...] = ("up",)
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    osmand_port: int = field(default_factory=free_port)
    teltonika_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Address of the web server."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What the process wrote."""
        return self.data_dir.parent / f"{self.data_dir.name}-{'-'.join(self.command)}.log"

    def surroundings(self) -> dict[str, str]:
        """Its environment."""
        settings = {
            "MOTORPOOL_PORT": self.port,
            "MOTORPOOL_DATA_DIR": self.data_dir,
            "MOTORPOOL_OSMAND_PORT": self.osmand_port,
            "MOTORPOOL_TELTONIKA_PORT": self.teltonika_port,
            "MOTORPOOL_SECRET_KEY": KEY.decode(),
            "MOTORPOOL_DEMO": 1,
            "MOTORPOOL_DEMO_VEHICLES": 0,
            "MOTORPOOL_LOG_FORMAT": "json",
        }
        return {**os.environ, **{name: str(value) for name, value in settings.items()}, **self.environment}

    def begin(self) -> None:
        """Start the process without waiting for it."""
        with self.log.open("ab") as out:
            command = [sys.executable, "-m", "motorpool.apps.cli", *self.command]
            self.process = subprocess.Popen(command, env=self.surroundings(), stdout=out, stderr=out)

    def start(self, patience_s: float = 120.0) -> float:
        """Start and wait until it is ready; how long that took [s]."""
        began = time.monotonic()
        self.begin()
        while not self.ready():
            assert self.process is not None
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            assert time.monotonic() - began < patience_s, self.log.read_text()[-3000:]
            time.sleep(0.05)
        return time.monotonic() - began

    def ready(self) -> bool:
        """Whether it says it is ready."""
        return self.says("/health/ready") == 200

    def says(self, path: str) -> int:
        """The status of its answer; 0 when there is none."""
        try:
            return httpx2.get(f"{self.address}{path}", timeout=5).status_code
        except httpx2.TransportError:
            return 0

    def signal(self, number: int) -> None:
        """Send it a signal, such as SIGSTOP."""
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        """`kill -9`, and wait for the remains."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> float:
        """Ask it to stop; how long it took [s]."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
        return time.monotonic() - began

    def end(self) -> None:
        """Make sure nothing is left."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def database(self) -> psycopg.Connection:
        """A connection to its embedded database as the superuser, whom no policy binds; each statement commits."""
        socket = self.data_dir / "postgres-18" / "socket"
        folder = socket.readlink() if socket.is_symlink() else socket
        password = (self.data_dir / "postgres-18.password").read_text().strip()
        return psycopg.connect(
            host=str(folder), user="postgres", password=password, dbname="motorpool",
            options="-c search_path=motorpool", autocommit=True,
        )  # fmt: skip

    def postmaster(self) -> int:
        """Process number of its embedded PostgreSQL."""
        return int((self.data_dir / "postgres-18" / "postmaster.pid").read_text().split()[0])

    def client(self, email: str = "admin@demo.example") -> httpx2.Client:
        """A client signed in as a person."""
        client = httpx2.Client(base_url=f"{self.address}/api/v1", timeout=30)
        answer = client.post("/auth/login", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        client.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
        return client
