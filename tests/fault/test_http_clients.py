"""Slow, silent and vanishing clients, and requests that take too long: nobody else notices."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import psycopg
import pytest

from tests.support.eventually import eventually
from tests.support.instances import Databases, Motorpool, running, settings_for
from tests.support.slow_clients import HALF_BODY, HALF_HEAD, SILENT, dial, many

COUNT = 200
REST_OF_HEAD = b"1\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module")
async def strict(databases: Databases) -> AsyncIterator[Motorpool]:
    """A Motorpool with little patience: a second to send a request, six to answer it."""
    settings = settings_for(databases.data_dir, receive_seconds=1.0, request_seconds=6.0)
    async with running(databases.new(), settings) as started:
        yield started


@pytest.fixture(scope="module")
async def client(strict: Motorpool) -> httpx2.AsyncClient:
    """The demo's administrator."""
    return await strict.client()


@asynccontextmanager
async def tables_locked(motorpool: Motorpool) -> AsyncIterator[None]:
    """Whoever asks for vehicles waits."""
    async with await psycopg.AsyncConnection.connect(motorpool.url, options="-c search_path=motorpool") as db:
        await db.execute("lock table vehicles in access exclusive mode")
        yield


async def healthy_until(client: httpx2.AsyncClient, done: "asyncio.Future[object]") -> int:
    """Ask as everybody does until `done`; how many answers there were, all of them good."""
    answered = 0
    while not done.done() or not answered:
        answer = await client.get("/vehicles")
        assert answer.status_code == 200, answer.text
        answered += 1
        await asyncio.sleep(0.02)
    return answered


@pytest.mark.parametrize("first_words", [HALF_HEAD, HALF_BODY, SILENT], ids=["half a head", "half a body", "silent"])
async def test_clients_that_do_not_finish_are_hung_up_on_while_others_are_answered(
    strict: Motorpool, client: httpx2.AsyncClient, first_words: bytes
) -> None:
    async with many(strict.address, COUNT, first_words) as opened:
        closed = asyncio.gather(*(one.rest() for one in opened))
        assert await healthy_until(client, closed) > 0
        heard = await closed
    assert len(heard) == COUNT
    assert all(b"HTTP/1.1 200" not in one for one in heard)


async def test_with_a_long_deadline_they_are_not_hung_up_on(databases: Databases) -> None:
    """The negative control: it is the deadline that ends them, nothing else."""
    settings = settings_for(databases.data_dir, receive_seconds=600.0)
    async with (
        running(databases.new(), settings) as patient,
        many(patient.address, 3, HALF_HEAD) as heads,
        many(patient.address, 3, HALF_BODY) as bodies,
    ):
        for one in (*heads, *bodies):
            with pytest.raises(TimeoutError):
                await one.rest(limit_s=0.5)
        await heads[0].say(REST_OF_HEAD)
        assert b"HTTP/1.1 200" in await heads[0].rest()


async def test_a_client_that_is_slow_but_in_time_is_answered(strict: Motorpool) -> None:
    raw = await dial(strict.address)
    await raw.say(HALF_HEAD)
    await asyncio.sleep(0.2)
    await raw.say(REST_OF_HEAD)
    assert b"HTTP/1.1 200" in await raw.rest()
    raw.vanish()


async def test_a_client_that_drips_a_body_byte_by_byte_is_hung_up_on(strict: Motorpool) -> None:
    raw = await dial(strict.address)
    await raw.say(HALF_BODY)

    async def drip() -> None:
        while True:
            await raw.say(b"x")
            await asyncio.sleep(0.1)

    dripping = asyncio.create_task(drip())
    assert b"HTTP/1.1 200" not in await raw.rest()
    dripping.cancel()
    await asyncio.gather(dripping, return_exceptions=True)
    raw.vanish()


async def test_clients_that_vanish_in_the_middle_of_a_request_cost_nothing(
    strict: Motorpool, client: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    before = await faults(client)
    for first_words in (HALF_HEAD, HALF_BODY, SILENT):
        async with many(strict.address, 20, first_words):
            pass
    async with tables_locked(strict), many(strict.address, 5, vehicle_request(client, "nobody")):
        await asyncio.sleep(0.1)
    await healthy_until(client, asyncio.ensure_future(asyncio.sleep(0.3)))
    assert await faults(client) == before
    assert [one for one in caplog.records if one.exc_info] == []


async def faults(client: httpx2.AsyncClient) -> list[str]:
    """The metric's lines about answers of 500."""
    metrics = (await client.get(str(client.base_url).replace("/api/v1/", "/metrics"))).text
    assert "motorpool_request_seconds_count" in metrics
    return [line for line in metrics.splitlines() if 'status="500"' in line]


def vehicle_request(client: httpx2.AsyncClient, name: str) -> bytes:
    """A whole request that adds a vehicle."""
    body = json.dumps({"name": name, "kind": "van"}).encode()
    head = (
        "POST /api/v1/vehicles HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
        f"Authorization: {client.headers['authorization']}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def halves(vehicles: set[str], told: set[str]) -> set[str]:
    """Ids that are stored without their fact, or told without being stored."""
    return vehicles ^ told


async def test_a_request_whose_client_went_away_is_done_whole_or_not_at_all(
    strict: Motorpool, client: httpx2.AsyncClient
) -> None:
    async def ids(query: str) -> set[str]:
        async with await psycopg.AsyncConnection.connect(strict.url, options="-c search_path=motorpool") as db:
            return {str(id) for (id,) in await (await db.execute(query.encode())).fetchall()}

    for number in range(40):
        raw = await dial(strict.address)
        await raw.say(vehicle_request(client, f"gone {number}"))
        await asyncio.sleep(number * 0.001)
        raw.vanish()
    done = await client.post("/vehicles", json={"name": "gone last", "kind": "van"})
    assert done.status_code == 201
    await eventually(lambda: in_flight() == 0)
    stored = await ids("select id from vehicles where name like 'gone %'")
    told = await ids(
        "select e.vehicle_id from events e join vehicles v on v.id = e.vehicle_id "
        "where e.name = 'vehicles.vehicle_added.v1' and v.name like 'gone %'"
    )
    everything_told = await ids("select vehicle_id from events where name = 'vehicles.vehicle_added.v1'")
    everything = await ids("select id from vehicles")
    assert done.json()["id"] in stored
    assert halves(stored, told) == set()
    assert halves(everything, everything_told) == set()
    assert halves(everything - {done.json()["id"]}, everything_told) == {done.json()["id"]}, "the check sees nothing"


def in_flight() -> float:
    """Requests being answered in this process."""
    from motorpool.runtime.http.guard import IN_FLIGHT

    return float(IN_FLIGHT._value.get())


async def test_a_request_that_takes_too_long_is_answered_with_503_and_the_next_one_is_good(
    strict: Motorpool, client: httpx2.AsyncClient
) -> None:
    async with tables_locked(strict):
        late = await client.get("/vehicles")
        assert (await client.get("/auth/me")).status_code == 200, "who needs no vehicle is answered"
    assert late.status_code == 503
    assert late.headers["content-type"] == "application/problem+json"
    assert late.headers["retry-after"] == "1"
    assert late.json()["code"] == "too_slow"
    assert (await client.get("/vehicles")).status_code == 200
