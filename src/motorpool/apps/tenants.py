"""Companies from the command line."""

import argparse
import asyncio
import getpass
import json
import re
from typing import Any, TextIO

from motorpool.apps import registry
from motorpool.apps.database import database
from motorpool.features.accounts.api import NewTenant, provision_tenant, tenant_by_slug
from motorpool.kernel.actor import system_actor
from motorpool.kernel.errors import Conflict, Invalid, NotFound
from motorpool.runtime.db import begin
from motorpool.runtime.instance import open_instance
from motorpool.runtime.settings import Settings

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
EMAIL = re.compile(r"(?=.{3,254}$)[^@\s]+@[^@\s]+")


class CompanyUnknown(NotFound):
    """There is no company of that short name."""


class CompanyKnown(Conflict):
    """There is a company of that short name already; nothing was changed."""


class CompanyInvalid(Invalid):
    """A company cannot be set up with these arguments."""


def check(given: argparse.Namespace) -> None:
    """Refuse what no company can have. Raises CompanyInvalid."""
    rules = {
        "The short name has 1 to 63 of a-z, 0-9 and -, and does not begin with -.": SLUG.fullmatch(given.slug),
        "The name has 1 to 200 characters.": 1 <= len(given.name) <= 200,
        "The administrator's name has 1 to 200 characters.": 1 <= len(given.admin_name) <= 200,
        "The administrator's e-mail address is none.": EMAIL.fullmatch(given.admin_email),
    }
    for sentence, holds in rules.items():
        if not holds:
            raise CompanyInvalid(sentence)


def create(settings: Settings, given: argparse.Namespace) -> int:
    """Set up a company with its first administrator. Raises CompanyInvalid, CompanyKnown."""
    check(given)
    password = given.admin_password or getpass.getpass(f"Password for {given.admin_email}: ")
    new = NewTenant(given.slug, given.name, given.admin_email, given.admin_name, password)

    async def work(url: str, key: bytes) -> None:
        async with open_instance(settings, key, url) as instance:
            if await tenant_by_slug(instance.pools.identity, new.slug) is not None:
                raise CompanyKnown
            await provision_tenant(instance, new, registry.PROVISION)

    with database(settings) as ready:
        asyncio.run(work(ready.url, ready.key))
    return 0


def export(settings: Settings, slug: str, out: TextIO) -> int:
    """Write everything the features keep of a company, as one JSON object of tables. Raises CompanyUnknown."""

    async def work(url: str, key: bytes) -> dict[str, Any]:
        async with open_instance(settings, key, url) as instance:
            tenant = await tenant_by_slug(instance.pools.identity, slug)
            if tenant is None:
                raise CompanyUnknown
            async with begin(instance.pools.app, system_actor(tenant.id, tenant.no), frozen=True) as doing:
                tables: dict[str, Any] = {}
                for one in registry.EXPORT:
                    tables.update(await one(doing))
                return tables

    with database(settings) as ready:
        json.dump(asyncio.run(work(ready.url, ready.key)), out, default=str, indent=1)
    return 0
