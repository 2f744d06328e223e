"""A feature's table of contents, and what a subscription is."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter

from motorpool.kernel.events import Event
from motorpool.runtime.db import Work

Handler = Callable[[Work, Any], Awaitable[None]]
Provision = Callable[[Work], Awaitable[None]]
Export = Callable[[Work], Awaitable[Mapping[str, list[dict[str, Any]]]]]
Erase = Callable[[Work, Any], Awaitable[None]]
Search = Callable[[Work, str, int], Awaitable[list["Found"]]]


@dataclass(frozen=True, slots=True)
class Found:
    """A thing a search found: what it is, its id, and one line to show."""

    kind: str
    id: str
    title: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A name and, per event, what to do. Its cursor moves in the transaction of its handler's writes."""

    name: str
    handlers: Mapping[type[Event], Handler]


@dataclass(frozen=True, slots=True)
class Feature:
    """What a feature brings; `apps/registry.py` lists them all."""

    name: str
    routers: tuple[APIRouter, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    events: tuple[type[Event], ...] = ()
    permissions: tuple[str, ...] = ()
    provision: tuple[Provision, ...] = field(default=())
    export: tuple[Export, ...] = field(default=())
    erase: tuple[Erase, ...] = field(default=())
    search: tuple[Search, ...] = field(default=())
