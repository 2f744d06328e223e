"""A WebSocket client that says hello, asks for a channel, and then never reads a byte again."""

import asyncio
import base64
import json
import os
import socket
import struct


class FrozenClient:
    """A raw socket with a small receive buffer: what is sent to it soon stands still."""

    def __init__(self, port: int) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        self._socket.connect(("127.0.0.1", port))

    async def upgrade(self, token: str, path: str = "/api/v1/ws") -> None:
        """Open the WebSocket: read the answer to the request, and nothing more."""
        key = base64.b64encode(os.urandom(16)).decode()
        headers = (
            f"GET {path} HTTP/1.1",
            "Host: x",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            f"Authorization: Bearer {token}",
        )
        self._socket.sendall("\r\n".join(headers).encode() + b"\r\n\r\n")
        self._socket.setblocking(False)
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            answer += await asyncio.get_running_loop().sock_recv(self._socket, 1)
        assert answer.startswith(b"HTTP/1.1 101")

    def say(self, **message: object) -> None:
        """Send a masked text frame."""
        payload = json.dumps(message).encode()
        assert len(payload) < 65_536
        length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack(">H", len(payload))
        self._socket.sendall(b"\x81" + length + bytes(4) + payload)

    async def read_to_the_end(self) -> bytes:
        """Thaw: everything still to come, to the end of the connection."""
        loop = asyncio.get_running_loop()
        got = bytearray()
        async with asyncio.timeout(20):
            while True:
                try:
                    part = await loop.sock_recv(self._socket, 1_000_000)
                except ConnectionResetError:
                    return bytes(got)
                if not part:
                    return bytes(got)
                got += part

    def close(self) -> None:
        self._socket.close()
