"""Who acts: a person or a program in one tenant, with its permissions and what it may see."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something.

    `id` is the person's, the API key's or, for Motorpool's own work, the tenant's id. `scope` is `all`, or `own`: only the
    vehicles this actor was made a viewer of. `session_id` is set for people.
    """

    tenant_id: UUID
    tenant_no: int
    id: UUID
    kind: str = "person"
    permissions: frozenset[str] = field(default_factory=frozenset)
    scope: str = "all"
    session_id: UUID | None = None

    def may(self, permission: str) -> bool:
        """Whether this actor has the permission."""
        return permission in self.permissions


def system_actor(tenant_id: UUID, tenant_no: int) -> Actor:
    """Motorpool itself at work in a tenant: reactions, jobs and the pipeline."""
    return Actor(tenant_id=tenant_id, tenant_no=tenant_no, id=tenant_id, kind="system")
