"""What accounts speaks over HTTP."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from motorpool.runtime.http.shapes import Boolean, Input, Output, ShortText, Text


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("must be the name of a time zone, such as Europe/Berlin")
    return value


class SignIn(Input):
    """E-mail and password of a person."""

    email: str = Field(max_length=254)
    password: str = Field(max_length=1000)


class TokenOut(Output):
    """A bearer token for programs; browsers use the cookie that comes with it."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"
    expires_in: int


class PersonOut(Output):
    """A person."""

    id: UUID
    name: str
    email: str


class TenantRef(Output):
    """A company, in short."""

    id: UUID
    no: int
    name: str
    slug: str


class MembershipOut(Output):
    """A company a person belongs to."""

    tenant_id: UUID
    name: str
    role: str


class SettingsOut(Output):
    """How a company shows time, money and quantities."""

    timezone: str
    date_format: str
    currency: str
    distance_unit: Literal["mi", "km"]
    fuel_unit: Literal["gal", "L"]
    temperature_unit: Literal["F", "C"]


class MeOut(Output):
    """Who is asking, and what they may."""

    person: PersonOut | None
    tenant: TenantRef
    role: str | None
    permissions: list[str]
    scope: Literal["all", "own"]
    settings: SettingsOut
    memberships: list[MembershipOut]


class NewApiKey(Input):
    """A name for the key and, if it shall have fewer than yours, its permissions."""

    name: Text
    permissions: list[ShortText] | None = Field(default=None, max_length=100)


class ApiKeyOut(Output):
    """An API key without its secret."""

    id: UUID
    name: str
    permissions: list[str]
    created_at: datetime
    revoked_at: datetime | None


class ApiKeyCreatedOut(ApiKeyOut):
    """A new API key; the secret is shown this once."""

    secret: str


class SettingsIn(Input):
    """The settings to change."""

    timezone: Annotated[str, AfterValidator(_zone)] | None = None
    date_format: Literal["MM/DD/YYYY", "DD/MM/YYYY", "DD.MM.YYYY", "YYYY-MM-DD"] | None = None
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    distance_unit: Literal["mi", "km"] | None = None
    fuel_unit: Literal["gal", "L"] | None = None
    temperature_unit: Literal["F", "C"] | None = None


class TenantChange(Input):
    """What to change of a company."""

    name: Text | None = None
    registers_unknown_devices: Boolean | None = None
    settings: SettingsIn | None = None


class TenantOut(Output):
    """A company and its settings."""

    id: UUID
    no: int
    slug: str
    name: str
    status: str
    registers_unknown_devices: bool
    settings: SettingsOut
    version: int
