"""Who one is and what one may: sign-in and out, tokens, API keys, the company's settings, setting up a company."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx2
import psycopg
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from motorpool.features.accounts.api import (
    AccountsAuthenticator,
    NewTenant,
    export_accounts,
    is_member,
    provision_tenant,
    tenant_by_slug,
)
from motorpool.kernel.actor import system_actor
from motorpool.kernel.ids import new_id
from motorpool.runtime.db import Work, begin
from motorpool.runtime.instance import Instance
from motorpool.runtime.secrets import derive
from tests.support.counting import opened
from tests.support.instances import KEY, Databases, Motorpool
from tests.support.people import add_person, member

PASSWORD = "motorpool-demo"
ADMIN = {"email": "admin@demo.example", "password": PASSWORD}


@pytest.fixture(scope="module")
async def instance(databases: Databases) -> AsyncIterator[Instance]:
    """An instance whose roles do not run."""
    async with opened(databases.new(), databases.data_dir) as found:
        yield found


async def test_signing_in_gives_a_token_and_a_cookie_that_scripts_cannot_read(motorpool: Motorpool) -> None:
    answer = await motorpool.anonymous().post("/auth/login", json=ADMIN)
    assert answer.json()["token_type"] == "bearer"
    assert answer.json()["expires_in"] == 3600
    cookie = answer.headers["set-cookie"].lower()
    assert "motorpool_session=" in cookie
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie  # over plain http on this machine


async def test_an_address_is_the_same_in_capitals_and_with_blanks(motorpool: Motorpool) -> None:
    answer = await motorpool.anonymous().post("/auth/login", json={**ADMIN, "email": " Admin@Demo.Example "})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "given",
    [
        {"email": "admin@demo.example", "password": "wrong"},
        {"email": "nobody@demo.example", "password": PASSWORD},
        {"email": "admin@demo.example", "password": ""},
        {"email": "", "password": ""},
        {"email": "admin@other.example", "password": PASSWORD + " "},
    ],
)
async def test_a_wrong_password_and_an_unknown_person_get_the_same_answer(
    motorpool: Motorpool, given: dict[str, str]
) -> None:
    answer = await motorpool.anonymous().post("/auth/login", json=given)
    unknown = await motorpool.anonymous().post("/auth/login", json={"email": "x@y.example", "password": "z"})
    assert answer.status_code == 401
    assert answer.content == unknown.content
    assert "set-cookie" not in answer.headers


async def test_a_person_who_belongs_to_no_company_gets_the_same_answer(motorpool: Motorpool) -> None:
    _, email = add_person(motorpool.url, "demo", "viewer")
    with psycopg.connect(motorpool.url) as db:
        db.execute(
            "delete from motorpool.memberships m using motorpool.people p where p.id = m.person_id and p.email = %s",
            [email],
        )
    answer = await motorpool.anonymous().post("/auth/login", json={"email": email, "password": PASSWORD})
    assert answer.status_code == 401


async def test_who_am_i_says_what_the_screen_needs(demo: httpx2.AsyncClient) -> None:
    me = (await demo.get("/auth/me")).json()
    assert me["person"]["email"] == "admin@demo.example"
    assert (me["tenant"]["slug"], me["role"], me["scope"]) == ("demo", "admin", "all")
    assert me["settings"]["distance_unit"] == "km"
    assert [one["role"] for one in me["memberships"]] == ["admin"]
    assert "vehicles.write" in me["permissions"]


async def test_a_driver_is_told_that_he_sees_his_own(motorpool: Motorpool) -> None:
    _, driver = await member(motorpool, "driver")
    me = (await driver.get("/auth/me")).json()
    assert (me["role"], me["scope"]) == ("driver", "own")
    assert "devices.read" not in me["permissions"]


async def test_signing_out_ends_the_session_of_a_browser_and_its_token(motorpool: Motorpool) -> None:
    browser = motorpool.anonymous()
    token = (await browser.post("/auth/login", json=ADMIN)).json()["access_token"]
    stolen = dict(browser.cookies)
    assert (await browser.get("/auth/me")).status_code == 200
    assert (await browser.post("/auth/logout", headers={"origin": motorpool.address})).status_code == 204
    assert (await browser.get("/auth/me")).status_code == 401
    thief = motorpool.anonymous()
    thief.cookies.update(stolen)
    assert (await thief.get("/auth/me")).status_code == 401
    assert (await thief.get("/auth/me", headers={"authorization": f"Bearer {token}"})).status_code == 401


async def test_signing_out_ends_the_session_of_a_program(motorpool: Motorpool) -> None:
    program, other = await motorpool.client(), await motorpool.client()
    assert (await program.post("/auth/logout")).status_code == 204
    assert (await program.get("/auth/me")).status_code == 401
    assert (await other.get("/auth/me")).status_code == 200
    assert (await program.post("/auth/logout")).status_code == 204


async def test_another_site_cannot_sign_a_browser_out(motorpool: Motorpool) -> None:
    browser = motorpool.anonymous()
    await browser.post("/auth/login", json=ADMIN)
    assert (await browser.post("/auth/logout", headers={"origin": "https://evil.example"})).status_code == 403
    assert (await browser.get("/auth/me")).status_code == 200


def changed(token: str, part: int, **values: object) -> str:
    """A token with some values of a part replaced, its signature left."""
    parts = token.split(".")
    read = json.loads(base64.urlsafe_b64decode(parts[part] + "=="))
    parts[part] = base64.urlsafe_b64encode(json.dumps({**read, **values}).encode()).decode().rstrip("=")
    return ".".join(parts)


async def test_a_token_that_was_changed_or_made_elsewhere_is_none(motorpool: Motorpool) -> None:
    token = await motorpool.token()
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    ours, theirs = OctKey.import_key(derive(KEY, "access-token")), OctKey.import_key(b"x" * 32)
    header = {"alg": "HS256"}
    forged = [
        changed(token, 1, sid=str(uuid4())),
        changed(token, 1, exp=claims["exp"] + 1),
        changed(token, 0, alg="none"),
        changed(token, 0, alg="none").rpartition(".")[0] + ".",
        token[:-2] + ("AA" if token[-2:] != "AA" else "BB"),
        jwt.encode(header, claims, theirs),
        jwt.encode(header, {**claims, "exp": int(time.time()) - 5}, ours),
        jwt.encode(header, {**claims, "iss": "somebody"}, ours),
        jwt.encode(header, {"iss": "motorpool", "sid": claims["sid"]}, ours),
        jwt.encode(header, {**claims, "sid": "x"}, ours),
        jwt.encode(header, {**claims, "sid": str(uuid4())}, ours),
    ]
    for one in forged:
        answer = await motorpool.anonymous().get("/auth/me", headers={"authorization": f"Bearer {one}"})
        assert answer.status_code == 401, one
    good = await motorpool.anonymous().get(
        "/auth/me", headers={"authorization": f"Bearer {jwt.encode(header, claims, ours)}"}
    )
    assert good.status_code == 200


async def test_a_session_that_is_over_is_none_whatever_its_token_says(motorpool: Motorpool) -> None:
    client = await motorpool.client()
    with psycopg.connect(motorpool.url) as db:
        db.execute(
            "update motorpool.sessions set expires_at = now() where id = (select id from motorpool.sessions order by created_at desc limit 1)"
        )
    assert (await client.get("/auth/me")).status_code == 401


async def test_a_key_has_what_its_maker_gave_it_and_no_more(motorpool: Motorpool, demo: httpx2.AsyncClient) -> None:
    made = (await demo.post("/api-keys", json={"name": "Reader", "permissions": ["vehicles.read"]})).json()
    program = motorpool.anonymous()
    program.headers["authorization"] = f"Bearer {made['secret']}"
    assert (await program.get("/vehicles")).status_code == 200
    assert (await program.get("/devices")).status_code == 403
    assert (await program.post("/vehicles", json={"name": "x"})).status_code == 403
    me = (await program.get("/auth/me")).json()
    assert (me["person"], me["permissions"]) == (None, ["vehicles.read"])
    listed = (await demo.get("/api-keys")).text
    assert made["id"] in listed
    assert made["secret"] not in listed


async def test_a_key_cannot_have_what_its_maker_has_not(motorpool: Motorpool, demo: httpx2.AsyncClient) -> None:
    body = {"name": "Maker", "permissions": ["api_keys.write", "vehicles.read"]}
    maker = motorpool.anonymous()
    maker.headers["authorization"] = f"Bearer {(await demo.post('/api-keys', json=body)).json()['secret']}"
    more = await maker.post("/api-keys", json={"name": "More", "permissions": ["vehicles.write"]})
    assert (more.status_code, more.json()["code"]) == (422, "permission_not_yours")
    same = await maker.post("/api-keys", json={"name": "Same"})
    assert same.json()["permissions"] == ["api_keys.write", "vehicles.read"]
    unknown = await demo.post("/api-keys", json={"name": "Unknown", "permissions": ["vehicles.fly"]})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "permission_unknown")


async def test_a_revoked_key_is_refused_at_once_here_and_within_seconds_in_other_processes(
    motorpool: Motorpool, demo: httpx2.AsyncClient
) -> None:
    made = (await demo.post("/api-keys", json={"name": "Short-lived"})).json()
    program = motorpool.anonymous()
    program.headers["authorization"] = f"Bearer {made['secret']}"
    elsewhere = AccountsAuthenticator(motorpool.instance.pools.identity, KEY)
    assert (await program.get("/auth/me")).status_code == 200
    assert await elsewhere.by_bearer(made["secret"]) is not None
    assert (await demo.delete(f"/api-keys/{made['id']}")).status_code == 204
    assert (await program.get("/auth/me")).status_code == 401
    async with asyncio.timeout(60):
        while await elsewhere.by_bearer(made["secret"]) is not None:
            await asyncio.sleep(0.1)
    assert (await demo.delete(f"/api-keys/{made['id']}")).status_code == 409


async def test_a_key_with_another_secret_is_none(motorpool: Motorpool, demo: httpx2.AsyncClient) -> None:
    made = (await demo.post("/api-keys", json={"name": "Guessed"})).json()
    wrong = made["secret"][:-1] + ("A" if made["secret"][-1] != "A" else "B")
    answer = await motorpool.anonymous().get("/auth/me", headers={"authorization": f"Bearer {wrong}"})
    assert answer.status_code == 401


async def test_a_role_that_was_taken_away_ends_what_it_allowed(motorpool: Motorpool) -> None:
    id, client = await member(motorpool, "fleet_manager")
    actor = await AccountsAuthenticator(motorpool.instance.pools.identity, KEY).by_bearer(
        client.headers["authorization"][7:]
    )
    assert actor is not None
    with psycopg.connect(motorpool.url) as db:
        db.execute("update motorpool.memberships set role = 'viewer' where person_id = %s", [id])
    now = await AccountsAuthenticator(motorpool.instance.pools.identity, KEY).current(actor)
    assert now is not None
    assert not now.may("vehicles.write")


async def test_settings_change_one_by_one_and_keep_the_rest(demo: httpx2.AsyncClient) -> None:
    before = await demo.get("/tenant")
    body = {"settings": {"timezone": "Europe/Berlin", "currency": "CHF"}, "name": "Demo again"}
    after = await demo.patch("/tenant", json=body, headers={"if-match": before.headers["etag"]})
    assert after.status_code == 200
    expected = {**before.json(), "name": "Demo again", "version": before.json()["version"] + 1}
    assert after.json() == {**expected, "settings": {**before.json()["settings"], **body["settings"]}}


@pytest.mark.parametrize(
    "settings",
    [
        {"timezone": "Mars/Olympus"},
        {"currency": "euro"},
        {"distance_unit": "furlong"},
        {"colour": "red"},
        {"timezone": 5},
    ],
)
async def test_a_setting_nobody_can_use_is_refused(demo: httpx2.AsyncClient, settings: dict[str, object]) -> None:
    etag = (await demo.get("/tenant")).headers["etag"]
    answer = await demo.patch("/tenant", json={"settings": settings}, headers={"if-match": etag})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == f"settings.{next(iter(settings))}"


def tenant(slug: str) -> NewTenant:
    """A company to set up."""
    return NewTenant(slug, slug.title(), f"Boss@{slug}.example", "Boss", "a password")


async def count(instance: Instance, slug: str) -> int:
    """How many companies, people and memberships there are of a short name."""
    with psycopg.connect(instance.pools.identity.conninfo) as db:
        queries = (
            "select count(*) from tenants where slug = %s",
            "select count(*) from people where email like '%%@' || %s || '.example'",
        )
        return sum(db.execute(query.encode(), [slug]).fetchone()[0] for query in queries)  # type: ignore[index]


async def test_a_company_is_set_up_with_all_its_features_and_told(instance: Instance) -> None:
    seen: list[UUID] = []

    async def provision(work: Work) -> None:
        seen.append(work.actor.tenant_id)

    id = await provision_tenant(instance, tenant("new"), [provision, provision])
    assert seen == [id, id]
    found = await tenant_by_slug(instance.pools.identity, "new")
    assert found is not None
    async with begin(instance.pools.app, system_actor(id, found.no)) as work:
        (told,) = await work.all("select name, data from events")
        export = await export_accounts(work)
        assert await is_member(work, UUID(told["data"]["admin_id"]))
        assert not await is_member(work, new_id())
    assert told["name"] == "accounts.tenant_provisioned.v1"
    assert [one["slug"] for one in export["tenants"]] == ["new"]
    assert [one["role"] for one in export["memberships"]] == ["admin"]


async def test_a_company_whose_feature_fails_is_not_there_at_all(instance: Instance) -> None:
    async def fail(work: Work) -> None:
        raise ValueError("this feature is not ready")

    with pytest.raises(ValueError, match="not ready"):
        await provision_tenant(instance, tenant("broken"), [fail])
    assert await count(instance, "broken") == 0
    await provision_tenant(instance, tenant("broken"), [])
    assert await count(instance, "broken") == 2


async def test_setting_a_company_up_again_changes_nothing(instance: Instance) -> None:
    first = await provision_tenant(instance, tenant("twice"), [])
    assert await provision_tenant(instance, tenant("twice"), []) == first
    assert await count(instance, "twice") == 2


async def test_an_export_holds_no_secret(motorpool: Motorpool, demo: httpx2.AsyncClient) -> None:
    made = (await demo.post("/api-keys", json={"name": "Exported"})).json()
    found = await tenant_by_slug(motorpool.instance.pools.identity, "demo")
    assert found is not None
    async with begin(motorpool.instance.pools.app, system_actor(found.id, found.no), frozen=True) as work:
        export = await export_accounts(work)
    assert made["id"] in {str(one["id"]) for one in export["api_keys"]}
    assert not any("hash" in name for rows in export.values() for row in rows for name in row)
