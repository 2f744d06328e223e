"""Accounts: companies, people, roles, sessions and keys.

Owns: tenants, people, memberships, sessions, api_keys.
Tells: TenantProvisioned, TenantChanged, ApiKeyCreated, ApiKeyRevoked.
"""

from motorpool.features.accounts import api, http
from motorpool.features.accounts.events import ApiKeyCreated, ApiKeyRevoked, TenantChanged, TenantProvisioned
from motorpool.features.accounts.model import ALL
from motorpool.runtime.feature import Feature

FEATURE = Feature(
    name="accounts",
    routers=(http.router,),
    events=(TenantProvisioned, TenantChanged, ApiKeyCreated, ApiKeyRevoked),
    permissions=tuple(sorted(ALL)),
    export=(api.export_accounts,),
)
