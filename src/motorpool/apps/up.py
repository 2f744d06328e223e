"""A process of Motorpool: any set of roles over one database, from start to drain."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import psycopg
import structlog
import uvloop
from psycopg_pool import PoolTimeout

from motorpool.apps import registry
from motorpool.apps.api import Serving, make_app
from motorpool.apps.database import database
from motorpool.apps.gateway import open_gateway
from motorpool.apps.ingest import make_ingest
from motorpool.apps.server import make_server, open_socket
from motorpool.apps.stream import feed, make_hub
from motorpool.apps.worker import work
from motorpool.demo.companies import COMPANIES, PASSWORD
from motorpool.features.accounts.api import AccountsAuthenticator, NewTenant, provision_tenant
from motorpool.runtime.db import open_transaction
from motorpool.runtime.instance import Instance, open_instance
from motorpool.runtime.live import Live, LocalLive
from motorpool.runtime.observe import configure_logs, watch_loop
from motorpool.runtime.outbox import stop
from motorpool.runtime.settings import SettingInvalid, Settings
from motorpool.telemetry.inbox import Inbox
from motorpool.telemetry.ingest import Ingest
from motorpool.telemetry.remote import RemoteInbox, serve_inbox

log = structlog.get_logger()

ROLES = frozenset({"api", "gateway", "ingest", "stream", "worker"})


def run(settings: Settings, roles: frozenset[str]) -> int:
    """Run some roles until asked to stop; the exit code."""
    configure_logs(settings)
    with database(settings) as (url, key), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_run(settings, roles, url, key))


async def _run(settings: Settings, roles: frozenset[str], url: str, key: bytes) -> int:
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, asked.set)
    async with open_instance(settings, key, url) as instance:
        if settings.demo:
            await seed_demo(instance)
        async with open_roles(instance, roles) as process:
            log.info("ready", roles=sorted(roles), url=process.address)
            async with demo_drive(settings, roles, process.address):
                await asked.wait()
            log.info("stopping")
            process.serving.draining = True
    log.info("stopped")
    return 0


@dataclass(slots=True)
class Started:
    """The roles of this process, running."""

    serving: Serving
    inbox: Inbox
    address: str


@asynccontextmanager
async def open_roles(instance: Instance, roles: frozenset[str]) -> AsyncIterator[Started]:
    """Start roles in the order of who needs whom; on leaving stop them the other way round, what is in flight finished."""
    settings = instance.settings
    async with AsyncExitStack() as stack:
        live = await stack.enter_async_context(open_live(settings, roles))
        authenticator = AccountsAuthenticator(instance.pools.identity, instance.key)
        inbox, ingest = await _open_inbox(stack, instance, roles, live)
        if "worker" in roles:
            stack.push_async_callback(stop, asyncio.create_task(work(instance)))
        hub = make_hub(instance, authenticator, live) if "stream" in roles else None
        if hub is not None:
            stack.push_async_callback(stop, asyncio.create_task(feed(instance, hub)))
        stack.push_async_callback(stop, asyncio.create_task(watch_loop()))

        async def ready() -> dict[str, bool]:
            parts = {"database": await database_answers(instance)}
            return parts | ({"ingest": ingest.ready.is_set()} if ingest else {})

        serving = Serving(instance, authenticator, ready, inbox if "api" in roles else None, hub)
        address = await stack.enter_async_context(serve_http(serving, settings))
        if hub is not None:
            stack.push_async_callback(hub.drain)
        if "gateway" in roles:
            await stack.enter_async_context(open_gateway(settings, inbox))
        yield Started(serving, inbox, address)


async def _open_inbox(
    stack: AsyncExitStack, instance: Instance, roles: frozenset[str], live: Live
) -> tuple[Inbox, Ingest | None]:
    """The inbox of this process: its own ingest, or the one of another process."""
    settings = instance.settings
    if "ingest" in roles:
        ingest = make_ingest(instance, live)
        stack.push_async_callback(stop, asyncio.create_task(ingest.run()))
        if settings.ingest_port:
            await stack.enter_async_context(
                serve_inbox(ingest, settings.device_host, settings.ingest_port, instance.key)
            )
        if roles != {"ingest"}:  # an ingest of its own may stand by while another holds the shard
            await ingest.ready.wait()
        return ingest, ingest
    remote = RemoteInbox(settings.ingest_url, instance.key)
    stack.push_async_callback(remote.close)
    return remote, None


@asynccontextmanager
async def open_live(settings: Settings, roles: frozenset[str]) -> AsyncIterator[Live]:
    """Live messages: within the process, or through Redis when there are several."""
    if settings.redis_url:
        from motorpool.runtime.live_redis import RedisLive  # noqa: PLC0415 - only where there is a Redis

        async with RedisLive(settings.redis_url) as live:
            yield live
    elif "stream" in roles and "ingest" not in roles:
        raise SettingInvalid(
            "A stream apart from the ingest needs MOTORPOOL_REDIS_URL: live positions come through it."
        )
    else:
        yield LocalLive()


@asynccontextmanager
async def serve_http(serving: Serving, settings: Settings) -> AsyncIterator[str]:
    """Serve HTTP while open; its address. Every role answers health and metrics."""
    listening = open_socket(settings.host, settings.port)
    server = make_server(make_app(serving), settings)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started and not running.done():  # noqa: ASYNC110 - uvicorn tells by this flag alone
        await asyncio.sleep(0.005)
    try:
        yield f"http://{settings.host}:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running


async def database_answers(instance: Instance) -> bool:
    """Whether the database answers within two seconds."""
    try:
        async with asyncio.timeout(2), open_transaction(instance.pools.app) as db:
            await db.execute("select 1")
    except (psycopg.Error, PoolTimeout, TimeoutError):
        return False
    return True


async def seed_demo(instance: Instance) -> None:
    """Set up the demo's companies where they are missing."""
    for one in COMPANIES:
        new = NewTenant(
            slug=one.slug,
            name=one.name,
            admin_email=one.admin_email,
            admin_name=one.admin_name,
            admin_password=PASSWORD,
            registers_unknown_devices=True,
            settings=one.settings,
        )
        await provision_tenant(instance, new, registry.PROVISION)


@asynccontextmanager
async def demo_drive(settings: Settings, roles: frozenset[str], address: str) -> AsyncIterator[None]:
    """Let the demo fleet drive, in a process of its own: it is a client like any other."""
    if not (settings.demo and settings.demo_vehicles and "api" in roles):
        yield
        return
    command = [sys.executable, "-m", "motorpool.apps.cli", "drive-demo", "--url", address]
    child = await asyncio.create_subprocess_exec(*command, "--vehicles", str(settings.demo_vehicles))
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
        await child.wait()
