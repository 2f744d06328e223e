"""Fixtures of the tests that need a real database. One embedded server a session; a fresh database where a test asks for one."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest
from httpx2 import AsyncClient

from tests.support.database import start_embedded
from tests.support.instances import Databases, Motorpool, running, settings_for


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Databases on an embedded PostgreSQL of version MOTORPOOL_TEST_POSTGRES (18)."""
    folder = tmp_path_factory.mktemp("postgres")
    server = start_embedded(folder, int(os.environ.get("MOTORPOOL_TEST_POSTGRES", "18")))
    try:
        made = Databases(server, folder)
        made.prepare()
        yield made
    finally:
        server.stop()


@pytest.fixture(scope="module")
async def motorpool(databases: Databases) -> AsyncIterator[Motorpool]:
    """A whole Motorpool on a fresh database, shared by the tests of a module."""
    async with running(databases.new(), settings_for(databases.data_dir)) as started:
        yield started


@pytest.fixture(scope="module")
async def demo(motorpool: Motorpool) -> AsyncClient:
    """The administrator of the demo company."""
    return await motorpool.client()


@pytest.fixture(scope="module")
async def other(motorpool: Motorpool) -> AsyncClient:
    """The administrator of the other company."""
    return await motorpool.client("admin@other.example")
