"""uvicorn inside our own loop: sockets we opened, deadlines for slow senders, a bounded drain."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from motorpool.apps.gateway import PortTaken
from motorpool.runtime.http.guard import App
from motorpool.runtime.realtime.protocol import LiveWebSocketProtocol
from motorpool.runtime.settings import Settings


class DeadlineProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol, which hangs up on a client that takes too long to send a request's head and body."""

    seconds = 15.0
    receiving: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._await_request()

    def on_message_begin(self) -> None:
        """Begin to wait for the rest of the next request."""
        self._await_request()
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """Stop waiting: the request is here."""
        self._received()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """Stop waiting: from here on the WebSocket has its own heartbeat."""
        self._received()
        super().handle_websocket_upgrade()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting: nobody is there."""
        self._received()
        super().connection_lost(exc)

    def _await_request(self) -> None:
        self._received()
        self.receiving = self.loop.call_later(self.seconds, self.transport.abort)

    def _received(self) -> None:
        if self.receiving is not None:
            self.receiving.cancel()
            self.receiving = None


class EmbeddedServer(uvicorn.Server):
    """A server that leaves signals to the process it runs in."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Do nothing: the process decides when to stop."""
        yield


def open_socket(host: str, port: int) -> socket.socket:
    """A listening TCP socket. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
    except OSError as error:
        opened.close()
        raise PortTaken(
            f"{host}:{port} cannot be opened ({error.strerror}); set MOTORPOOL_PORT to another port."
        ) from error
    opened.set_inheritable(False)
    return opened


def make_server(app: App, settings: Settings) -> EmbeddedServer:
    """A server of an application, not yet running."""
    config = uvicorn.Config(
        app,
        http=type("Deadline", (DeadlineProtocol,), {"seconds": settings.receive_seconds}),
        ws=LiveWebSocketProtocol,
        ws_max_size=1_000_000,
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=max(1, round(settings.drain_seconds)),
    )
    return EmbeddedServer(config)
