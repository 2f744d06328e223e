"""The OpenAPI document: what FastAPI knows of the routes, and what all of them have in common."""

from typing import Any

from fastapi import FastAPI
from pydantic import Field

from motorpool.runtime.auth import SESSION_COOKIE
from motorpool.runtime.http.problems import MEDIA_TYPE
from motorpool.runtime.http.shapes import Output

PUBLIC = frozenset({"/api/v1/instance", "/api/v1/map/town", "/api/v1/auth/login", "/api/v1/auth/logout"})
NOT_REPEATABLE = ("/api/v1/auth/", "/api/v1/telemetry")
OWN_SHAPES = ("HTTPValidationError", "ValidationError")
"""FastAPI's own errors, which nobody gets: ours are problems."""

SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A token of POST /auth/login, or an API key."},
    "session": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE, "description": "A browser's session."},
}

IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag that was loaded; 428 without it, 412 when somebody changed the thing since.",
    "schema": {"type": "string"},
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same body gives the same answer for a day, and is done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}


class FieldProblemOut(Output):
    """What is wrong with one field."""

    field: str
    code: str
    detail: str


class ProblemOut(Output):
    """Why a request was refused [RFC 9457]: `code` is stable, `detail` is a sentence for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldProblemOut] = Field(default_factory=list)


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document of an application's routes."""
    found = app.openapi()
    shapes = found["components"]["schemas"]
    for name in OWN_SHAPES:
        shapes.pop(name, None)
    reference = "#/components/schemas/{model}"
    shapes["ProblemOut"] = ProblemOut.model_json_schema(ref_template=reference)
    shapes.update(shapes["ProblemOut"].pop("$defs"))
    shapes.update({name: shape for one in _operations(found) for name, shape in _inner_shapes(one).items()})
    found["components"]["securitySchemes"] = SECURITY
    found["security"] = [{name: []} for name in SECURITY]
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            _complete(path, method, operation)
    return found


def _operations(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for methods in found["paths"].values() for operation in methods.values()]


def _inner_shapes(operation: dict[str, Any]) -> dict[str, Any]:
    """Shapes that a body written out by hand brings along; they belong to the others."""
    contents = operation.get("requestBody", {}).get("content", {}).values()
    return {name: shape for one in contents for name, shape in one["schema"].pop("$defs", {}).items()}


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    problem = {"schema": {"$ref": "#/components/schemas/ProblemOut"}}
    operation["responses"].pop("422", None)
    operation["responses"]["default"] = {"description": "A problem", "content": {MEDIA_TYPE: problem}}
    if path in PUBLIC:
        operation["security"] = []
    if method == "patch":
        operation.setdefault("parameters", []).append(IF_MATCH)
    if method == "post" and not path.startswith(NOT_REPEATABLE):
        operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
