"""The API client: nothing lost, nothing doubled, however the server behaves."""

from typing import Any

import pytest

from motorpool.apps.client import (
    AddressInvalid,
    Client,
    Counts,
    Credentials,
    CredentialsRefused,
    Refused,
    ServerAway,
    SignInNeeded,
)
from motorpool.apps.counted import counted
from support.api_server import API_KEY, BUSY, EMAIL, HANG_UP, LOST_ANSWER, PASSWORD, SIGNED_OUT, TOO_MANY, api_server


class Waits:
    """Does not wait, but remembers how long it was asked to."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def rows(count: int, device: str = "bus-1") -> list[dict[str, Any]]:
    return [
        {
            "device": device,
            "at": f"2026-01-01T{k // 3600:02d}:{k // 60 % 60:02d}:{k % 60:02d}Z",
            "lat": 47.0,
            "lon": 9.0,
        }
        for k in range(count)
    ]


async def test_it_signs_in_with_an_address_and_a_password() -> None:
    async with api_server() as server, Client(server.url, Credentials(email=EMAIL, password=PASSWORD)) as client:
        assert client.account == EMAIL
        assert (await client.send(rows(3))).accepted == 3


async def test_it_signs_in_with_an_api_key_and_asks_for_no_login() -> None:
    async with api_server() as server, Client(server.url, Credentials(api_key=API_KEY)) as client:
        await client.send(rows(1))
        assert [path for _, path in server.requests] == ["/api/v1/telemetry"]


async def test_a_demo_lets_in_without_credentials_and_nothing_else_does() -> None:
    async with api_server() as server, Client(server.url) as client:
        assert client.account == EMAIL
    async with api_server(demo=False) as server:
        with pytest.raises(SignInNeeded):
            await Client(server.url).__aenter__()


@pytest.mark.parametrize(
    "wrong", [Credentials(email=EMAIL, password="wrong"), Credentials(email="x@y.example", password="")]
)
async def test_a_wrong_password_is_told_at_once(wrong: Credentials) -> None:
    async with api_server() as server:
        with pytest.raises(CredentialsRefused):
            await Client(server.url, wrong).__aenter__()


async def test_a_wrong_api_key_is_told_with_the_first_request() -> None:
    async with api_server() as server, Client(server.url, Credentials(api_key="mpk_wrong")) as client:
        with pytest.raises(CredentialsRefused):
            await client.get("/fleets", limit=1)


@pytest.mark.parametrize("trouble", [BUSY, TOO_MANY, LOST_ANSWER, HANG_UP, SIGNED_OUT])
async def test_every_row_is_stored_once_whatever_happens_on_the_way(trouble: str) -> None:
    waits = Waits()
    async with api_server() as server, Client(server.url, sleep=waits, chance=lambda: 0.5) as client:
        server.trouble = [trouble] if trouble == SIGNED_OUT else [trouble] * 3
        counts = await client.send(rows(10))
        assert sorted(str(row["at"]) for row in server.arrived) == [row["at"] for row in rows(10)]
        assert counts.accepted + counts.duplicates == 10
        assert counts.duplicates == (10 if trouble == LOST_ANSWER else 0)


async def test_waits_grow_and_are_scattered() -> None:
    waits, chances = Waits(), iter([0.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5])
    async with api_server() as server, Client(server.url, sleep=waits, chance=lambda: next(chances)) as client:
        server.trouble = [BUSY] * 9
        await client.send(rows(1))
    assert waits.seconds == [0.125, 0.75, 1.0, 2.0, 4.0, 8.0, 16.0, 20.0, 20.0]


async def test_it_waits_as_long_as_the_server_asks() -> None:
    waits = Waits()
    async with api_server() as server, Client(server.url, sleep=waits) as client:
        server.trouble = [TOO_MANY]
        await client.send(rows(1))
    assert waits.seconds == [7.0]


async def test_patience_ends_with_a_sentence_that_names_the_address() -> None:
    async with api_server() as server:
        url = server.url
    with pytest.raises(ServerAway, match=url):
        await Client(url, Credentials(email=EMAIL, password=PASSWORD), patience_s=0.0).__aenter__()


async def test_a_server_that_is_not_there_yet_is_waited_for() -> None:
    async with api_server() as server, Client(server.url, sleep=Waits()) as client:
        server.trouble = [HANG_UP] * 5
        assert await client.items("/fleets") == []


async def test_a_post_that_had_to_be_repeated_creates_one_thing() -> None:
    async with api_server() as server, Client(server.url, sleep=Waits()) as client:
        server.trouble = [LOST_ANSWER, BUSY]
        fleet = await client.post("/fleets", {"name": "Buses"})
        assert [one["id"] for one in await client.items("/fleets")] == [fleet["id"]]


async def test_lists_are_followed_to_their_last_page() -> None:
    async with api_server(page_size=2) as server, Client(server.url) as client:
        for k in range(5):
            await client.post("/fleets", {"name": f"Fleet {k}"})
        assert [fleet["name"] for fleet in await client.items("/fleets")] == [f"Fleet {k}" for k in range(5)]


async def test_many_rows_go_in_batches_of_five_thousand_in_order() -> None:
    async with api_server() as server, Client(server.url) as client:
        await client.send(rows(12_345))
        assert server.batches == [5000, 5000, 2345]
        assert [row["at"] for row in server.arrived] == [row["at"] for row in rows(12_345)]


async def test_a_batch_of_too_many_bytes_is_halved() -> None:
    fat = [{**row, "sensors": {"note": "x" * 4000}} for row in rows(3000)]
    async with api_server() as server, Client(server.url) as client:
        await client.send(fat)
        assert server.batches == [1500, 1500]


async def test_refused_rows_are_counted_by_reason_and_not_sent_again() -> None:
    bad = [{**row, "lat": 0, "lon": 0} for row in rows(3)]
    async with api_server(known_devices={"bus-1"}) as server, Client(server.url) as client:
        await client.send([*rows(5), *bad, *rows(2, "stranger")])
        assert (client.counts.accepted, dict(client.counts.rejected)) == (5, {"no_position": 3, "unknown_device": 2})
        assert client.counts.example["no_position"] == "0, 0 is no place."
        assert server.batches == [10]


async def test_what_the_server_refuses_is_told_in_its_own_words() -> None:
    async with api_server() as server, Client(server.url) as client:
        with pytest.raises(Refused, match=r"There is nothing here by that id\. \(404 not_found\)"):
            await client.get("/nothing", limit=1)


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://x.example", "", "http://"])
def test_an_address_must_be_one(url: str) -> None:
    with pytest.raises(AddressInvalid):
        Client(url)


def test_a_password_is_not_shown_with_its_credentials() -> None:
    assert "secret" not in repr(Credentials(email=EMAIL, password="secret"))


def test_counts_read_as_a_sentence() -> None:
    counts = Counts.of(
        {"accepted": 1200, "duplicates": 3, "rejected": [{"index": 0, "code": "teleport", "detail": "Too far."}]}
    )
    assert counted(counts) == "1,200 accepted, 3 known already, 1 refused (1 teleport)"
    assert counted(Counts()) == "0 accepted, 0 known already, 0 refused"
