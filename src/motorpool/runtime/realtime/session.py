"""What one client says, understood and bounded. Knows no transport: WebSocket and others speak through it."""

import time

from motorpool.kernel.time import utc_now
from motorpool.runtime.realtime import messages, meters
from motorpool.runtime.realtime.client import Client
from motorpool.runtime.realtime.hub import Hub
from motorpool.runtime.realtime.limits import Bucket
from motorpool.runtime.realtime.messages import BadMessage, ErrorCode, Ping, Subscribe


class Session:
    """The conversation with one client, from its `connection_ack` on."""

    def __init__(self, hub: Hub, client: Client) -> None:
        self._hub, self._client = hub, client
        self._allowed = Bucket(hub.limits.messages_per_s, hub.limits.burst)
        self._patience = Bucket(1.0, hub.limits.refused)
        client.tell(messages.connection_ack(client.id, utc_now(), hub.limits.payload_bytes, hub.limits.heartbeat_s))

    def hear(self, text: str | None) -> None:
        """Follow one message (None: a binary one), or say why not."""
        now_s = time.monotonic()
        try:
            if not self._allowed.take(now_s):
                raise BadMessage(ErrorCode.RATE_LIMIT_EXCEEDED, "Too many messages: wait a little.")
            self._follow(text)
        except BadMessage as bad:
            meters.REFUSED.labels(bad.code).inc()
            self._client.tell(messages.error(bad))
            if not self._patience.take(now_s):
                self._client.close(1008, "too many refused messages")

    def _follow(self, text: str | None) -> None:
        message = messages.decode(text, self._hub.limits.payload_bytes)
        if isinstance(message, Subscribe):
            self._hub.subscribe(self._client, message)
        elif isinstance(message, Ping):
            self._client.tell(messages.pong(message.at, utc_now()))
        else:
            self._hub.unsubscribe(self._client, message)
