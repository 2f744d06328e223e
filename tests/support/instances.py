"""A whole Motorpool for tests: a fresh database with the demo's two companies, every role running on free ports."""

import asyncio
import itertools
import random
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx2
import psycopg
from psycopg.conninfo import make_conninfo

from motorpool.apps.up import ROLES, Started, open_roles, seed_demo
from motorpool.demo.companies import PASSWORD
from motorpool.migrations.run import ensure_database, migrate
from motorpool.runtime.instance import Instance, open_instance
from motorpool.runtime.postgres import Server
from motorpool.runtime.settings import Settings

KEY = b"a key for tests, of thirty-two characters"
TEMPLATE = "motorpool_template"
_NUMBERS = itertools.count(1)


def free_port() -> int:
    """A port nobody listens on now, below those the system gives to outgoing connections, so that none takes it meanwhile."""
    while True:
        port = random.randrange(12_000, 32_000)
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def settings_for(data_dir: Path, **changes: Any) -> Settings:
    """Settings of a Motorpool under test: free ports, the demo's companies but no fleet driving."""
    settings = Settings(
        data_dir=data_dir,
        port=0,
        demo=True,
        demo_vehicles=0,
        osmand_port=free_port(),
        teltonika_port=free_port(),
        secret_key=KEY.decode(),
        log_level="error",
    )
    return replace(settings, **changes)


@dataclass(slots=True)
class Databases:
    """Databases on one embedded server, copied from a migrated and seeded template."""

    server: Server
    data_dir: Path

    def prepare(self) -> None:
        """Make the template."""
        ensure_database(self.server.superuser_dsn, TEMPLATE)
        url = self.url(TEMPLATE)
        migrate(url, KEY)

        async def seed() -> None:
            async with open_instance(settings_for(self.data_dir), KEY, url) as instance:
                await seed_demo(instance)

        with asyncio.Runner() as runner:
            runner.run(seed())

    def url(self, name: str) -> str:
        """Address of a database as the superuser."""
        return make_conninfo(self.server.superuser_dsn, dbname=name)

    def new(self) -> str:
        """A fresh database with the demo's companies; its address."""
        name = f"motorpool_{next(_NUMBERS)}"
        with psycopg.connect(self.server.superuser_dsn, autocommit=True) as db:
            db.execute(f"create database {name} template {TEMPLATE}")
        return self.url(name)


@dataclass(slots=True)
class Motorpool:
    """A running Motorpool and how to speak to it."""

    instance: Instance
    process: Started
    url: str
    clients: list[httpx2.AsyncClient] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Address of the web server."""
        return self.process.address

    @property
    def settings(self) -> Settings:
        """Settings it runs with."""
        return self.instance.settings

    def anonymous(self) -> httpx2.AsyncClient:
        """A client nobody signed in with."""
        client = httpx2.AsyncClient(base_url=f"{self.address}/api/v1", timeout=30)
        self.clients.append(client)
        return client

    async def token(self, email: str = "admin@demo.example") -> str:
        """A bearer token of a person."""
        answer = await self.anonymous().post("/auth/login", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    async def client(self, email: str = "admin@demo.example") -> httpx2.AsyncClient:
        """A client signed in with a bearer token."""
        token = await self.token(email)
        client = self.anonymous()
        client.headers["authorization"] = f"Bearer {token}"
        return client


@asynccontextmanager
async def running(url: str, settings: Settings, roles: frozenset[str] = ROLES) -> AsyncIterator[Motorpool]:
    """Run roles over a database for the length of a block."""
    async with open_instance(settings, KEY, url) as instance, open_roles(instance, roles) as process:
        motorpool = Motorpool(instance, process, url)
        try:
            yield motorpool
        finally:
            for client in motorpool.clients:
                await client.aclose()
