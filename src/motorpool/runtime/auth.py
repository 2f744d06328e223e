"""Who is asking. The runtime knows only `Actor` and a port that finds one; feature `accounts` implements it."""

from typing import Protocol

from starlette.requests import HTTPConnection

from motorpool.kernel.actor import Actor
from motorpool.kernel.errors import Forbidden, Unauthenticated

SESSION_COOKIE = "motorpool_session"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class ForeignOrigin(Forbidden):
    """This request came from another site and was refused."""


class Authenticator(Protocol):
    """Finds who is asking by what the request carries."""

    async def by_bearer(self, token: str) -> Actor | None:
        """The actor of a bearer token or API key; None when it is not valid (any more)."""

    async def by_session(self, token: str) -> Actor | None:
        """The actor of a session cookie; None when it is not valid (any more)."""


async def authenticate(connection: HTTPConnection, authenticator: Authenticator) -> Actor:
    """The actor of a request or a WebSocket. Raises Unauthenticated, ForeignOrigin.

    A cookie travels with requests other sites cause, so anything but a plain read with it needs our own origin.
    """
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        found = await authenticator.by_bearer(token.strip())
    elif cookie := connection.cookies.get(SESSION_COOKIE):
        refuse_foreign_origin(connection)
        found = await authenticator.by_session(cookie)
    else:
        found = None
    if found is None:
        raise Unauthenticated
    return found


def refuse_foreign_origin(connection: HTTPConnection) -> None:
    """Raise ForeignOrigin unless the request is a plain read or comes from the address it goes to."""
    method = connection.scope.get("method")
    if method in SAFE_METHODS:
        return
    origin = connection.headers.get("origin", "")
    if origin.partition("://")[2] != connection.headers.get("host", "-"):
        raise ForeignOrigin
