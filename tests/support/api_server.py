"""A small Motorpool on a real socket: enough of the public API for programs that speak to it, and trouble on request.

It keeps what the real one promises a client: a row is stored once however often it comes, and a POST with an idempotency key
is done once. `trouble` is a list of what to do with the next requests instead of answering well.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

BUSY, TOO_MANY, LOST_ANSWER, HANG_UP, SIGNED_OUT = "503", "429", "answer lost", "hung up", "401"
EMAIL, PASSWORD, API_KEY = "admin@demo.example", "motorpool-demo", "mpk_test"


@dataclass
class ApiServer:
    """Its tables, its address, and what it was asked."""

    url: str = ""
    demo: bool = True
    page_size: int = 200
    known_devices: set[str] | None = None
    trouble: list[str] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)
    rows: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    arrived: list[dict[str, Any]] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    tables: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {"fleets": [], "vehicles": [], "devices": [], "assignments": []}
    )
    done: dict[str, Any] = field(default_factory=dict)

    async def speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while head := await _head(reader):
                method, target, headers = head
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                trouble = self.trouble.pop(0) if self.trouble and "/auth/" not in target else None
                self.requests.append((method, target))
                if trouble == HANG_UP:
                    break
                status, answer, extra = self._trouble(trouble) or self.answer(method, target, headers, body)
                if trouble == LOST_ANSWER:
                    break
                content = json.dumps(answer).encode()
                lines = [
                    f"HTTP/1.1 {status} X",
                    f"content-length: {len(content)}",
                    "content-type: application/json",
                    *extra,
                ]
                writer.write("\r\n".join([*lines, "", ""]).encode() + content)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    def _trouble(self, trouble: str | None) -> tuple[int, Any, list[str]] | None:
        if trouble == BUSY:
            return 503, {"code": "unavailable"}, []
        if trouble == TOO_MANY:
            return 429, {"code": "too_many"}, ["retry-after: 7"]
        if trouble == SIGNED_OUT:
            return 401, {"code": "unauthenticated"}, []
        return None

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, Any, list[str]]:
        """What the real one would answer."""
        path, query = urlsplit(target).path.removeprefix("/api/v1"), parse_qs(urlsplit(target).query)
        if path == "/instance":
            accounts = [{"email": EMAIL, "password": PASSWORD, "tenant": "Demo"}] if self.demo else []
            return 200, {"name": "Motorpool", "demo": self.demo, "demo_accounts": accounts}, []
        if path == "/auth/login":
            good = json.loads(body) == {"email": EMAIL, "password": PASSWORD}
            return (200, {"access_token": "token"}, []) if good else (401, {"code": "unauthenticated"}, [])
        if headers.get("authorization") not in ("Bearer token", f"Bearer {API_KEY}"):
            return 401, {"code": "unauthenticated"}, []
        if path == "/telemetry":
            return self._telemetry(json.loads(body)["positions"])
        if method == "GET":
            return self._page(path.strip("/"), query)
        key = headers["idempotency-key"]
        if key not in self.done:
            self.done[key] = self._create(path, json.loads(body))
        return 201, self.done[key], []

    def _page(self, table: str, query: dict[str, list[str]]) -> tuple[int, Any, list[str]]:
        if table not in self.tables:
            return 404, {"code": "not_found", "detail": "There is nothing here by that id."}, []
        start = int(query.get("cursor", ["0"])[0])
        end = start + min(int(query["limit"][0]), self.page_size)
        more = str(end) if end < len(self.tables[table]) else None
        return 200, {"data": self.tables[table][start:end], "page": {"next": more, "limit": end - start}}, []

    def _create(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        if path.endswith("/assignments"):
            device = next(d for d in self.tables["devices"] if d["id"] == path.split("/")[2])
            device["vehicle_id"] = body["vehicle_id"]
            self.tables["assignments"].append(body)
            return body
        new = {"id": str(uuid4()), **body}
        if path == "/vehicles":
            new["latest"] = None
        if path == "/devices":
            new |= {"vehicle_id": None, "identifiers": [{"value": v, "on_ports": True} for v in body["identifiers"]]}
        self.tables[path.strip("/")].append(new)
        return new

    def _telemetry(self, positions: list[dict[str, Any]]) -> tuple[int, Any, list[str]]:
        if len(positions) > 5000:
            return 413, {"code": "too_large", "detail": "The request is larger than is accepted here."}, []
        self.batches.append(len(positions))
        counts, rejected = {"accepted": 0, "duplicates": 0}, []
        for index, row in enumerate(positions):
            key = (row["device"], row["at"], json.dumps(row, sort_keys=True))
            if self.known_devices is not None and row["device"] not in self.known_devices:
                rejected.append({"index": index, "code": "unknown_device", "detail": "No device has this identifier."})
            elif row["lat"] == 0 and row["lon"] == 0:
                rejected.append({"index": index, "code": "no_position", "detail": "0, 0 is no place."})
            elif key in self.rows:
                counts["duplicates"] += 1
            else:
                counts["accepted"] += 1
                self.rows[key] = row
                self.arrived.append(row)
        return 200, {**counts, "rejected": rejected}, []

    def hear(self) -> None:
        """Let every vehicle know its latest position, as the real one does."""
        vehicle_of = {d["identifiers"][0]["value"]: d["vehicle_id"] for d in self.tables["devices"]}
        by_id = {v["id"]: v for v in self.tables["vehicles"]}
        for row in sorted(self.arrived, key=lambda one: str(one["at"])):
            by_id[vehicle_of[row["device"]]]["latest"] = {"at": row["at"], "odometer_m": row["odometer_m"]}


async def _head(reader: asyncio.StreamReader) -> tuple[str, str, dict[str, str]] | None:
    first = (await reader.readline()).decode().split()
    if len(first) != 3:
        return None
    headers: dict[str, str] = {}
    while line := (await reader.readline()).decode().strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return first[0], first[1], headers


@asynccontextmanager
async def api_server(**options: Any) -> AsyncIterator[ApiServer]:
    """A server on a free port of this machine."""
    server = ApiServer(**options)
    listening = await asyncio.start_server(server.speak, "127.0.0.1", 0, limit=2**24)
    server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listening.close()
