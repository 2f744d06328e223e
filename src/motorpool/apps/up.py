"""A process of Motorpool: any set of roles over one database, from start to drain."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psycopg
import structlog
import uvloop
from psycopg_pool import PoolTimeout

from motorpool.apps import registry
from motorpool.apps.api import Serving, make_app
from motorpool.apps.database import Database, database
from motorpool.apps.gateway import PortTaken, open_gateway
from motorpool.apps.ingest import make_ingest
from motorpool.apps.server import make_server, open_socket
from motorpool.apps.stream import feed, make_hub
from motorpool.apps.worker import works
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
    check_neighbours(settings, roles)
    with database(settings) as ready, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_run(settings, roles, ready))


async def _run(settings: Settings, roles: frozenset[str], ready: Database) -> int:
    """Serve until a signal asks to stop; a signal before everything stands ends the start."""
    serving, asked = asyncio.create_task(_serve(settings, roles, ready)), asyncio.Event()

    def stop_asked() -> None:
        if not asked.is_set():
            asked.set()
            serving.cancel()

    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop_asked)
    try:
        await serving
    except asyncio.CancelledError:
        if not asked.is_set():
            raise
    log.info("stopped")
    return 0


async def _serve(settings: Settings, roles: frozenset[str], ready: Database) -> None:
    """Serve until cancelled. Raises what ended a part that must not end."""
    async with AsyncExitStack() as stack:
        instance = await stack.enter_async_context(open_instance(settings, ready.key, ready.url))
        watched: set[asyncio.Task[None]] = set()
        if ready.embedded is not None:
            keeping = asyncio.create_task(ready.embedded.keep(instance.pools.renew))
            stack.push_async_callback(stop, keeping)
            watched.add(keeping)
        if settings.demo:
            await seed_demo(instance)
        process = await stack.enter_async_context(open_roles(instance, roles))
        log.info("ready", roles=sorted(roles), url=process.address)
        if settings.demo and "api" in roles:
            greet(process.address)
        try:
            async with demo_drive(settings, roles, process.address):
                ended, _ = await asyncio.wait(watched | process.tasks, return_when=asyncio.FIRST_COMPLETED)
                for one in ended:
                    one.result()
        finally:
            log.info("stopping")
            process.serving.draining = True


def check_neighbours(settings: Settings, roles: frozenset[str]) -> None:
    """Refuse roles that could never reach the others. Raises SettingInvalid."""
    apart = [role for role in sorted(roles & {"api", "gateway"}) if "ingest" not in roles]
    if apart and not settings.ingest_url:
        raise SettingInvalid(
            f"{apart[0]} apart from the ingest needs MOTORPOOL_INGEST_URL: where to hand positions in."
        )
    if roles == {"ingest"} and not settings.ingest_port:
        raise SettingInvalid("An ingest of its own needs MOTORPOOL_INGEST_PORT: where the others hand positions in.")


@dataclass(slots=True)
class Started:
    """The roles of this process, running. `tasks` run for as long as it lives; one that ends is a fault."""

    serving: Serving
    inbox: Inbox
    address: str
    tasks: set[asyncio.Task[None]]


class Background:
    """Tasks that run for as long as the process lives."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self.tasks: set[asyncio.Task[None]] = set()

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something until the stack is left."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        self._stack.push_async_callback(stop, task)


@asynccontextmanager
async def open_roles(instance: Instance, roles: frozenset[str]) -> AsyncIterator[Started]:
    """Start roles in the order of who needs whom; on leaving stop them the other way round, what is in flight finished."""
    settings = instance.settings
    async with AsyncExitStack() as stack:
        live = await stack.enter_async_context(open_live(settings, roles))
        authenticator = AccountsAuthenticator(instance.pools.identity, instance.key)
        background = Background(stack)
        inbox, ingest = await _open_inbox(stack, background, instance, roles, live)
        if "worker" in roles:
            for one in works(instance):
                background.begin(one)
        hub = make_hub(instance, authenticator, live) if "stream" in roles else None
        if hub is not None:
            background.begin(feed(instance, hub))
        background.begin(watch_loop())

        async def ready() -> dict[str, bool]:
            parts = {"database": await database_answers(instance)}
            return parts | ({"ingest": ingest.ready.is_set()} if ingest else {})

        serving = Serving(instance, authenticator, ready, inbox if "api" in roles else None, hub)
        address = await stack.enter_async_context(serve_http(serving, settings))
        if hub is not None:
            stack.push_async_callback(hub.drain)
        if "gateway" in roles:
            await stack.enter_async_context(open_gateway(settings, inbox))
        yield Started(serving, inbox, address, background.tasks)


async def _open_inbox(
    stack: AsyncExitStack, background: Background, instance: Instance, roles: frozenset[str], live: Live
) -> tuple[Inbox, Ingest | None]:
    """The inbox of this process: its own ingest, or the one of another process."""
    settings = instance.settings
    if "ingest" in roles:
        ingest = make_ingest(instance, live)
        background.begin(ingest.run())
        if settings.ingest_port:
            await _listen_for_others(stack, ingest, settings, instance.key)
        if roles != {"ingest"}:  # an ingest of its own may stand by while another holds the shard
            await ingest.ready.wait()
        return ingest, ingest
    remote = RemoteInbox(settings.ingest_url, instance.key)
    stack.push_async_callback(remote.close)
    return remote, None


async def _listen_for_others(stack: AsyncExitStack, ingest: Ingest, settings: Settings, key: bytes) -> None:
    """Serve the ingest to other processes. Raises PortTaken."""
    port = settings.ingest_port
    try:
        await stack.enter_async_context(serve_inbox(ingest, settings.device_host, port, key))
    except OSError as error:
        raise PortTaken(
            f"Port {port} for the other processes cannot be opened ({error.strerror}); "
            "set MOTORPOOL_INGEST_PORT to another one."
        ) from error


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


def greet(address: str) -> None:
    """Tell whoever started a demo by hand where to look."""
    print(f"» Motorpool is ready: {address}")  # noqa: T201 - for the person at the terminal
    for one in COMPANIES:
        print(f"  {one.name}: {one.admin_email}, password {PASSWORD}")  # noqa: T201 - the same
    sys.stdout.flush()


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
        with suppress(psycopg.errors.UniqueViolation):  # another process set it up at the same moment
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
