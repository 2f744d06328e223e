"""The built web app: hashed files for ever, the page itself never cached, every other address answered with the page."""

import mimetypes
from pathlib import Path

from fastapi import FastAPI, Request
from starlette.responses import FileResponse, Response

from motorpool.kernel.errors import NotFound

BUILD = Path(__file__).resolve().parent.parent / "webapp"
FOR_EVER = "public, max-age=31536000, immutable"

mimetypes.add_type("text/javascript", ".mjs")
mimetypes.add_type("application/manifest+json", ".webmanifest")


class WebAppMissing(NotFound):
    """The web app is not built; run `make run` once, it builds it."""


def serve_web(app: FastAPI) -> None:
    """Answer every address no API route has."""

    @app.get("/{path:path}", include_in_schema=False)
    async def page(path: str, request: Request) -> Response:
        if path.startswith("api/"):
            raise NotFound("There is nothing at this address.")
        found = _file(path)
        if found is None and "." in path.rsplit("/", 1)[-1]:
            raise NotFound("There is no such file.")
        if found is None:
            found = _file("index.html")
        if found is None:
            raise WebAppMissing
        return _answer(found, "gzip" in request.headers.get("accept-encoding", ""))


def _file(path: str) -> Path | None:
    """A file of the build; None for what is not in it, wherever the path points."""
    if not path or "\0" in path:
        return None
    found = (BUILD / path).resolve()
    return found if found.is_relative_to(BUILD) and found.is_file() and not found.name.startswith(".") else None


def _answer(file: Path, gzip: bool) -> Response:
    hashed = file.parent.name == "assets"
    headers = {"cache-control": FOR_EVER if hashed else "no-cache", "vary": "accept-encoding"}
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    packed = file.with_name(file.name + ".gz")
    if gzip and packed.is_file():
        return FileResponse(packed, headers={**headers, "content-encoding": "gzip"}, media_type=media_type)
    return FileResponse(file, headers=headers, media_type=media_type)
