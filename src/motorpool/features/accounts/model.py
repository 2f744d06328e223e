"""The rules of accounts: roles, permissions, tenant settings, tokens."""

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from motorpool.kernel.errors import Conflict, Invalid, Unauthenticated

READ = frozenset({"vehicles.read", "devices.read", "positions.read", "trips.read", "tenant.read"})
OPERATE = READ | {"vehicles.write", "devices.write", "telemetry.write"}
ALL = OPERATE | {"tenant.write", "api_keys.read", "api_keys.write"}

ROLE_PERMISSIONS: dict[str, frozenset[str]] = {
    "admin": frozenset(ALL),
    "fleet_manager": frozenset(OPERATE),
    "technician": READ,
    "driver": READ - {"devices.read"},
    "viewer": READ,
}

# A driver sees the vehicles he was made a viewer of; everybody else sees the tenant's.
ROLE_SCOPE: dict[str, str] = {"driver": "own"}

DEFAULT_SETTINGS: dict[str, Any] = {
    "timezone": "America/New_York",
    "date_format": "MM/DD/YYYY",
    "currency": "USD",
    "distance_unit": "mi",
    "fuel_unit": "gal",
    "temperature_unit": "F",
}

API_KEY_PREFIX = "mpk"


class SignInFailed(Unauthenticated):
    """E-mail and password do not fit together."""


class PermissionUnknown(Invalid):
    """There is no such permission."""


class PermissionNotYours(Invalid):
    """A key cannot have a permission its maker does not have."""


class ApiKeyRevokedAlready(Conflict):
    """This API key was revoked before."""


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's place in a tenant."""

    tenant_id: UUID
    tenant_no: int
    tenant_name: str
    tenant_slug: str
    role: str


def permissions_of(role: str) -> frozenset[str]:
    """The permissions of a role; none for an unknown one."""
    return ROLE_PERMISSIONS.get(role, frozenset())


def scope_of(role: str) -> str:
    """`all`, or `own` for roles that see only vehicles they were made viewers of."""
    return ROLE_SCOPE.get(role, "all")


def grantable(wanted: list[str] | None, own: frozenset[str]) -> list[str]:
    """The permissions a new key gets; all of its maker's when none are named.

    Raises PermissionUnknown, PermissionNotYours.
    """
    if wanted is None:
        return sorted(own)
    if unknown := sorted(set(wanted) - ALL):
        raise PermissionUnknown(f"There is no permission {unknown[0]!r}.")
    if foreign := sorted(set(wanted) - own):
        raise PermissionNotYours(f"You do not have the permission {foreign[0]} and cannot give it to a key.")
    return sorted(set(wanted))


def new_token() -> str:
    """A random token of 256 bits for a session or a key."""
    return secrets.token_urlsafe(32)


def api_key_text(key_id: UUID, secret: str) -> str:
    """What the user copies: the id finds the row, the secret proves it."""
    return f"{API_KEY_PREFIX}_{key_id.hex}_{secret}"


def parse_api_key(text: str) -> tuple[UUID, str] | None:
    """Id and secret of an API key's text; None when it is not one."""
    prefix, _, rest = text.partition("_")
    hexadecimal, _, secret = rest.partition("_")
    if prefix != API_KEY_PREFIX or len(hexadecimal) != 32 or not secret:
        return None
    try:
        return UUID(hex=hexadecimal), secret
    except ValueError:
        return None
