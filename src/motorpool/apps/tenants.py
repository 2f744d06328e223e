"""Companies from the command line."""

import argparse
import asyncio
import getpass
import json
from typing import Any, TextIO

from motorpool.apps import registry
from motorpool.apps.database import database
from motorpool.features.accounts.api import NewTenant, provision_tenant, tenant_by_slug
from motorpool.kernel.actor import system_actor
from motorpool.kernel.errors import NotFound
from motorpool.runtime.db import begin
from motorpool.runtime.instance import open_instance
from motorpool.runtime.settings import Settings


class CompanyUnknown(NotFound):
    """There is no company of that short name."""


def create(settings: Settings, given: argparse.Namespace) -> int:
    """Set up a company with its first administrator."""
    password = given.admin_password or getpass.getpass(f"Password for {given.admin_email}: ")
    new = NewTenant(given.slug, given.name, given.admin_email, given.admin_name, password)

    async def work(url: str, key: bytes) -> None:
        async with open_instance(settings, key, url) as instance:
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
