"""What accounts tells."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from motorpool.kernel.events import Event


@dataclass(frozen=True, slots=True)
class TenantProvisioned(Event):
    """A company was set up, with its first administrator."""

    NAME: ClassVar[str] = "accounts.tenant_provisioned.v1"
    STREAM: ClassVar[str] = "tenant"
    AUDIENCE: ClassVar[str | None] = "tenant.read"

    tenant_id: UUID
    admin_id: UUID


@dataclass(frozen=True, slots=True)
class TenantChanged(Event):
    """A company's settings were changed; `fields` names which."""

    NAME: ClassVar[str] = "accounts.tenant_changed.v1"
    STREAM: ClassVar[str] = "tenant"
    AUDIENCE: ClassVar[str | None] = "tenant.read"

    tenant_id: UUID
    fields: list[str]


@dataclass(frozen=True, slots=True)
class ApiKeyCreated(Event):
    """An API key was made."""

    NAME: ClassVar[str] = "accounts.api_key_created.v1"
    STREAM: ClassVar[str] = "api_key"
    AUDIENCE: ClassVar[str | None] = "api_keys.read"

    api_key_id: UUID
    permissions: list[str]


@dataclass(frozen=True, slots=True)
class ApiKeyRevoked(Event):
    """An API key was revoked."""

    NAME: ClassVar[str] = "accounts.api_key_revoked.v1"
    STREAM: ClassVar[str] = "api_key"
    AUDIENCE: ClassVar[str | None] = "api_keys.read"

    api_key_id: UUID
