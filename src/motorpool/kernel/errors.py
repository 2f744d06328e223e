"""What can go wrong, as types. A class's docstring is the sentence the user reads.

`code` is stable and derived from the class name; `status` is the HTTP status of its family.
"""

import re
from typing import Any, ClassVar


class MotorpoolError(Exception):
    """Something went wrong."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "motorpool_error"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, detail: str | None = None, **fields: Any) -> None:
        self.detail = detail or (type(self).__doc__ or "").strip().split("\n")[0]
        self.fields = fields
        super().__init__(self.detail)


class Invalid(MotorpoolError):
    """The request is not valid."""

    status = 422


class Malformed(MotorpoolError):
    """The request could not be read."""

    status = 400


class Unauthenticated(MotorpoolError):
    """Sign in first: this needs a session, a bearer token or an API key."""

    status = 401


class Forbidden(MotorpoolError):
    """You do not have the permission for this."""

    status = 403


class NotFound(MotorpoolError):
    """There is nothing here by that id."""

    status = 404


class Conflict(MotorpoolError):
    """This does not fit the present state."""

    status = 409


class PreconditionFailed(MotorpoolError):
    """Somebody changed this in the meantime: load it again, then change it."""

    status = 412


class PreconditionRequired(MotorpoolError):
    """Send If-Match with the ETag you loaded, so that no other change is overwritten."""

    status = 428


class TooLarge(MotorpoolError):
    """The request is larger than is accepted here."""

    status = 413


class TooMany(MotorpoolError):
    """Too many requests: wait a little, then try again."""

    status = 429


class Unavailable(MotorpoolError):
    """Motorpool cannot do this just now; try again in a moment."""

    status = 503
