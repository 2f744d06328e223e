"""The WebSocket protocol class for uvicorn: what ASGI cannot say about a client that does not read.

Give it to uvicorn as `ws=`. A client that does not read can be ended although nothing more can be written to
it, and little waits for it in the kernel, so that what it does read is of now.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

DROP = "motorpool.drop"  # names of ASGI extensions: Drop,
OFFER = "motorpool.offer"  # and Offer
UNSENT_BYTES = 131_072
LAST_WORDS_S = 2.0

Drop = Callable[[int, str], None]
Offer = Callable[[bytes], bool]


class LiveWebSocketProtocol(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket, with an end for clients that do not read."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what waits unsent in the kernel small, where the system can."""
        super().connection_made(transport)
        self._hold_little(transport)
        self.close_timeout = LAST_WORDS_S

    @staticmethod
    def _hold_little(transport: asyncio.BaseTransport) -> None:
        found = transport.get_extra_info("socket")
        option = getattr(socket, "TCP_NOTSENT_LOWAT", None)
        if found is not None and option is not None and found.family != socket.AF_UNIX:
            found.setsockopt(socket.IPPROTO_TCP, option, UNSENT_BYTES)

    async def run_asgi(self) -> None:
        """Give `drop` and `offer` to the application."""
        extensions: dict[str, Any] = self.scope.setdefault("extensions", {})
        extensions[DROP] = self.drop
        extensions[OFFER] = self.offer
        await super().run_asgi()

    def offer(self, framed: bytes) -> bool:
        """Write a whole WebSocket frame now, if the client keeps up; False: it does not, nothing was written.

        What goes to many clients is framed once for all of them and needs no task of theirs to run.
        """
        if not self.writable.is_set() or self.close_sent or self.transport.is_closing():
            return False
        self.transport.write(framed)
        return True

    def drop(self, code: int, reason: str) -> None:
        """End the connection: the close frame goes behind what waits, the socket a moment later."""
        if self.disconnected or self.transport.is_closing():
            return
        if not self.close_sent:
            self.conn.send_close(code, reason)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.transport.close()
        self.loop.call_later(LAST_WORDS_S, self.transport.abort)
