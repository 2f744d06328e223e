"""Accounts over HTTP: sign in and out, who am I, the company's settings, API keys."""

from contextlib import suppress
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from motorpool.features.accounts import commands, queries
from motorpool.features.accounts.api import AccountsAuthenticator
from motorpool.features.accounts.schemas import (
    ApiKeyCreatedOut,
    ApiKeyOut,
    MembershipOut,
    MeOut,
    NewApiKey,
    PersonOut,
    SettingsOut,
    SignIn,
    TenantChange,
    TenantOut,
    TenantRef,
    TokenOut,
)
from motorpool.kernel.errors import Unauthenticated
from motorpool.runtime.auth import SESSION_COOKIE
from motorpool.runtime.http.shapes import ListOut, PageOut
from motorpool.runtime.http.work import actor_of, etag, expected_version, instance_of, work

router = APIRouter(tags=["accounts"])


def _authenticator(request: Request) -> AccountsAuthenticator:
    found = request.app.state.authenticator
    assert isinstance(found, AccountsAuthenticator)  # noqa: S101 - set by the app that serves the request
    return found


@router.post("/auth/login", response_model=TokenOut)
async def sign_in(body: SignIn, request: Request, response: Response) -> TokenOut:
    """Sign in with e-mail and password: a bearer token for programs and a session cookie for browsers."""
    instance = instance_of(request)
    signed_in = await commands.sign_in(instance, body.email, body.password, request.headers.get("user-agent", ""))
    response.set_cookie(
        SESSION_COOKIE,
        signed_in.token,
        max_age=instance.settings.session_days * 86_400,
        httponly=True,
        samesite="lax",
        secure=instance.settings.public_url.startswith("https:") or request.url.scheme == "https",
    )
    seconds = instance.settings.token_minutes * 60
    token = _authenticator(request).issue(signed_in.session_id, seconds)
    return TokenOut(access_token=token, expires_in=seconds)


@router.post("/auth/logout", status_code=204)
async def sign_out(request: Request) -> Response:
    """End the session of this browser or of this bearer token; nothing to end is as good."""
    with suppress(Unauthenticated):
        actor = await actor_of(request)
        if actor.session_id is not None:
            await commands.sign_out(instance_of(request).pools.identity, actor.session_id)
            _authenticator(request).forget()
    answer = Response(status_code=204)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


@router.get("/auth/me")
async def me(request: Request) -> MeOut:
    """Who is asking, in which company, with which permissions."""
    actor = await actor_of(request)
    person, places = await queries.person_with_memberships(instance_of(request).pools.identity, actor.id)
    async with work(request, None) as doing:
        tenant = await queries.tenant(doing)
    return MeOut(
        person=PersonOut.model_validate(person) if person else None,
        tenant=TenantRef.model_validate(tenant),
        role=next((one["role"] for one in places if one["tenant_id"] == actor.tenant_id), None),
        permissions=sorted(actor.permissions),
        scope="own" if actor.scope == "own" else "all",
        settings=SettingsOut.model_validate(tenant["settings"]),
        memberships=[
            MembershipOut(tenant_id=one["tenant_id"], name=one["tenant_name"], role=one["role"]) for one in places
        ],
    )


@router.get("/tenant", response_model=TenantOut)
async def read_tenant(request: Request, response: Response) -> TenantOut:
    """The company and its settings."""
    async with work(request, "tenant.read") as doing:
        found = await queries.tenant(doing)
    response.headers.update(etag(found["version"]))
    return TenantOut.model_validate(found)


@router.patch("/tenant", response_model=TenantOut)
async def change_tenant(body: TenantChange, request: Request) -> Response:
    """Change the company's name, settings, or whether unknown devices are registered; needs If-Match."""
    async with work(request, "tenant.write") as doing:
        await commands.change_tenant(doing, body, expected_version(request))
        found = await queries.tenant(doing)
        return doing.reply(TenantOut.model_validate(found), headers=etag(found["version"]))


@router.get("/api-keys")
async def list_api_keys(request: Request) -> ListOut[ApiKeyOut]:
    """The company's valid API keys, newest first."""
    async with work(request, "api_keys.read") as doing:
        rows = await queries.api_keys(doing)
    return ListOut(data=[ApiKeyOut.model_validate(row) for row in rows], page=PageOut(next=None, limit=200))


@router.post("/api-keys", response_model=ApiKeyCreatedOut, status_code=201)
async def create_api_key(body: NewApiKey, request: Request) -> Response:
    """Make an API key; its secret is in this answer and nowhere else."""
    async with work(request, "api_keys.write") as doing:
        row, secret = await commands.create_api_key(doing, body)
        return doing.reply(ApiKeyCreatedOut.model_validate({**row, "secret": secret}), 201)


@router.delete("/api-keys/{id}", status_code=204)
async def revoke_api_key(id: UUID, request: Request) -> Response:
    """End an API key for good."""
    async with work(request, "api_keys.write") as doing:
        await commands.revoke_api_key(doing, id)
        answer = doing.reply(None, 204)
    _authenticator(request).forget()
    return answer
