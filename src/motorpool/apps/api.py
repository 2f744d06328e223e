"""The web server of a process: the features' routes, the live stream, health, metrics and the web app."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, WebSocket
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response

from motorpool.apps import registry
from motorpool.apps.document import document
from motorpool.apps.routes import router as instance_router
from motorpool.apps.web import serve_web
from motorpool.features.accounts.api import AccountsAuthenticator
from motorpool.kernel.errors import MotorpoolError, Unavailable
from motorpool.runtime.auth import authenticate
from motorpool.runtime.http import guard, problems
from motorpool.runtime.instance import Instance
from motorpool.runtime.realtime.endpoint import serve
from motorpool.runtime.realtime.hub import Hub
from motorpool.telemetry.inbox import Inbox

OPENAPI = Path(__file__).parent / "openapi.json"
PREFIX = "/api/v1"

Ready = Callable[[], Awaitable[dict[str, bool]]]


@dataclass(slots=True)
class Serving:
    """What a web server of this process offers; None where another process does."""

    instance: Instance
    authenticator: AccountsAuthenticator
    ready: Ready
    inbox: Inbox | None = None
    hub: Hub | None = None
    draining: bool = field(default=False)


def make_app(serving: Serving) -> guard.App:
    """The ASGI application of a process: with an inbox the API, with a hub the live stream."""
    app = bare_app()
    app.state.instance = serving.instance
    app.state.authenticator = serving.authenticator
    app.state.inbox = serving.inbox
    _health(app, serving)
    if serving.hub is not None:
        _stream(app, serving.hub, serving.authenticator)
    if serving.inbox is not None:
        _routes(app)
        serve_web(app)
    problems.install(app)
    packed = GZipMiddleware(app, minimum_size=1024, compresslevel=6)
    return guard.guarded(packed, serving.instance.settings.request_seconds)


def bare_app() -> FastAPI:
    """FastAPI without its own documents: ours is a file."""
    return FastAPI(title="Motorpool", version="1", openapi_url=None, docs_url=None, redoc_url=None)


def _routes(app: FastAPI) -> None:
    for feature in registry.FEATURES:
        for router in feature.routers:
            app.include_router(router, prefix=PREFIX)
    app.include_router(instance_router, prefix=PREFIX)

    @app.get("/openapi.json", include_in_schema=False)
    async def document() -> Response:
        return Response(OPENAPI.read_bytes(), media_type="application/json")


def _stream(app: FastAPI, hub: Hub, authenticator: AccountsAuthenticator) -> None:
    async def who(websocket: WebSocket) -> Any:
        try:
            return await authenticate(websocket, authenticator)
        except MotorpoolError:
            return None

    @app.websocket(f"{PREFIX}/ws")
    async def live(websocket: WebSocket) -> None:
        await serve(websocket, hub, who)


def _health(app: FastAPI, serving: Serving) -> None:
    @app.get("/health/live", include_in_schema=False)
    async def alive() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/health/ready", include_in_schema=False)
    async def ready(request: Request) -> Response:
        parts = await serving.ready()
        good = all(parts.values()) and not serving.draining
        content = {"status": "ready" if good else "not_ready", "draining": serving.draining, "parts": parts}
        return Response(json.dumps(content), 200 if good else Unavailable.status, media_type="application/json")

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def openapi() -> dict[str, Any]:
    """The OpenAPI 3.1 document of every route; written to a file at build, never made while serving."""
    app = bare_app()
    _routes(app)
    return document(app)
