"""The realtime protocol over a real uvicorn: who hears what, and nothing lost."""

import asyncio
import json
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from websockets.asyncio.client import connect as raw_connect
from websockets.exceptions import ConnectionClosed

from tests.support.live_server import Stream, Viewer, streaming
from tests.support.places import at
from tests.support.truth import READ, Tenant, Truth, fleet_id, vehicle_id

ONE, TWO = 1, 2
SCOPED = UUID(int=88)


@pytest.fixture
def bus() -> Tenant:
    tenant = Tenant(ONE, viewers={SCOPED: {2}})
    for number, fleet in ((1, 1), (2, 1), (3, 2)):
        tenant.add(number, fleet)
        tenant.places[number] = at(number, 1_000.0)
    return tenant


@pytest.fixture
def rival() -> Tenant:
    tenant = Tenant(TWO)
    tenant.add(901)
    tenant.places[901] = at(901, 1_000.0)
    return tenant


@pytest.fixture
async def stream(bus: Tenant, rival: Tenant) -> AsyncIterator[Stream]:
    async with streaming(Truth(bus, rival)) as running:
        yield running


async def test_the_first_words_are_those_of_the_protocol(stream: Stream, bus: Tenant) -> None:
    async with stream.connect(bus.actor()) as client:
        viewer = Viewer(client)
        hello = await viewer.step()
        assert isinstance(hello, dict)
        assert (hello["type"], hello["heartbeat_interval_s"]) == ("connection_ack", 25.0)
        id = await viewer.subscribe(bus.channel)
        acknowledged, snapshot, positions = [await viewer.step() for _ in range(3)]
        assert isinstance(acknowledged, dict)
        assert isinstance(snapshot, dict)
        assert (acknowledged["type"], acknowledged["id"], acknowledged["status"]) == (
            "subscription_ack",
            id,
            "ok",
        )
        assert [vehicle["no"] for vehicle in snapshot["vehicles"]] == [1, 2, 3]
        assert not isinstance(positions, dict)
        assert positions.vehicle_no.tolist() == [1, 2, 3]


async def test_without_a_good_token_the_connection_closes_with_1008(stream: Stream) -> None:
    async with raw_connect(stream.url, additional_headers={"Authorization": "Bearer made-up"}) as client:
        with pytest.raises(ConnectionClosed):
            await client.recv()
        assert client.close_code == 1008


async def test_positions_and_events_follow_the_snapshot(stream: Stream, bus: Tenant) -> None:
    async with stream.connect(bus.actor()) as client:
        viewer = Viewer(client)
        await viewer.watch(bus.channel)
        await stream.move(bus, at(1, 2_000.0, 31.0), at(3, 2_000.0, 32.0))
        await viewer.until_placed(at(3, 2_000.0, 32.0))
        started = {"trip_id": "t1", "started_at": "2026-01-01T00:00:00Z", "lat": 30.0, "lon": -97.0}
        position = stream.happen(bus, "telemetry.trip_started.v1", 1, **started)
        event = await viewer.until("event")
        assert (event["cursor"], event["channel"]) == (position, bus.channel)
        shown = viewer.pictures[bus.channel].vehicles[vehicle_id(1)]
        assert shown["trip"] == {"id": "t1", "started_at": "2026-01-01T00:00:00Z"}


async def test_two_tenants_never_meet(stream: Stream, bus: Tenant, rival: Tenant) -> None:
    async with stream.connect(bus.actor()) as ours, stream.connect(rival.actor()) as theirs:
        we, they = Viewer(ours), Viewer(theirs)
        await we.watch(bus.channel)
        await they.watch(rival.channel)
        for foreign in (rival.channel, f"vehicle:{vehicle_id(901)}", f"fleet:{fleet_id(9)}"):
            id = await we.subscribe(foreign)
            refused = await we.until("error", id=id)
            assert (refused["code"], refused["message"]) == ("FORBIDDEN", "You may not hear this channel.")
        await stream.move(rival, at(901, 3_000.0, 33.0))
        stream.happen(rival, "vehicles.vehicle_changed.v1", 901, **rival.vehicles[901])
        await stream.live.publish("positions:1", b"rubbish")
        await stream.live.publish("positions:1", _tick_of(rival))
        await they.until_placed(at(901, 3_000.0, 33.0))
        await stream.move(bus, at(1, 4_000.0, 34.0))
        await we.until_placed(at(1, 4_000.0, 34.0))
        assert we.heard_numbers() == {1, 2, 3}
        assert they.heard_numbers() == {901}
        assert not [one for one in we.messages if isinstance(one, dict) and one["type"] == "event"]


def _tick_of(tenant: Tenant) -> bytes:
    from motorpool.runtime.realtime.positions import Tick
    from tests.support.places import of_rows

    return Tick(tenant.no, of_rows([at(901, 9_000.0)])).pack()


async def test_a_scoped_actor_hears_only_what_it_may_see(stream: Stream, bus: Tenant) -> None:
    async with stream.connect(bus.actor("own", SCOPED)) as client:
        viewer = Viewer(client)
        snapshot = await viewer.watch(bus.channel)
        assert [vehicle["no"] for vehicle in snapshot["vehicles"]] == [2]  # type: ignore[attr-defined]
        stream.happen(bus, "telemetry.trip_started.v1", 1, trip_id="hidden", started_at="2026-01-01T00:00:00Z")
        await stream.move(bus, at(1, 2_000.0), at(2, 2_000.0, 35.0))
        stream.happen(bus, "telemetry.trip_started.v1", 2, trip_id="seen", started_at="2026-01-01T00:00:00Z")
        assert (await viewer.until("event"))["data"]["trip_id"] == "seen"  # type: ignore[index]
        await viewer.until_placed(at(2, 2_000.0, 35.0))
        assert viewer.heard_numbers() == {2}


async def test_a_fleet_and_a_vehicle_are_channels_of_their_own(stream: Stream, bus: Tenant) -> None:
    async with stream.connect(bus.actor()) as one, stream.connect(bus.actor()) as two:
        fleet, vehicle = Viewer(one), Viewer(two)
        await fleet.watch(f"fleet:{fleet_id(1)}")
        await vehicle.watch(f"vehicle:{vehicle_id(3)}")
        await stream.move(bus, *(at(number, 2_000.0, 36.0) for number in (1, 2, 3)))
        await fleet.until_placed(at(2, 2_000.0, 36.0))
        await vehicle.until_placed(at(3, 2_000.0, 36.0))
        assert (fleet.heard_numbers(), vehicle.heard_numbers()) == ({1, 2}, {3})


async def test_an_event_is_heard_only_with_the_permission_of_its_audience(stream: Stream, bus: Tenant) -> None:
    async with stream.connect(bus.actor()) as client:
        viewer = Viewer(client)
        await viewer.watch(bus.channel)
        for audience in ("accounts.manage", None, READ):
            stream.hub.events([stream.truth.record(bus, f"something.for_{audience}.v1", audience)])
        assert (await viewer.until("event"))["name"] == f"something.for_{READ}.v1"


@pytest.mark.parametrize("channel", ["admin:*", "user:1", "nonsense", "fleet:*", "tenant:" + str(UUID(int=1))])
async def test_an_unknown_channel_is_refused(stream: Stream, bus: Tenant, channel: str) -> None:
    async with stream.connect(bus.actor()) as client:
        viewer = Viewer(client)
        id = await viewer.subscribe(channel)
        assert (await viewer.until("error"))["id"] == id
        await client.ping(5.0)
        assert (await viewer.until("pong"))["at"] == 5.0
        assert stream.truth.asked == []


async def test_what_happens_while_the_snapshot_is_read_is_not_lost(stream: Stream, bus: Tenant) -> None:
    stream.truth.gate.clear()
    async with stream.connect(bus.actor()) as client:
        viewer = Viewer(client)
        await viewer.subscribe(bus.channel)
        while not stream.truth.asked:
            await asyncio.sleep(0.01)
        await stream.move(bus, at(1, 2_000.0, 37.0))
        await stream.move(bus, at(1, 2_500.0, 37.5))
        position = stream.happen(bus, "telemetry.trip_started.v1", 2, trip_id="t", started_at="2026-01-01T00:00:00Z")
        await asyncio.sleep(0.05)
        stream.truth.gate.set()
        snapshot = await viewer.until("snapshot")
        assert snapshot["cursor"] == position - 1
        assert (await viewer.until("event"))["cursor"] == position
        await viewer.until_placed(at(1, 2_500.0, 37.5))


async def test_events_the_snapshot_contains_are_not_told_again(stream: Stream, bus: Tenant) -> None:
    async with stream.connect(bus.actor()) as client:
        viewer = Viewer(client)
        old = stream.truth.record(bus, "something.old.v1")
        await viewer.watch(bus.channel)
        new = stream.truth.record(bus, "something.new.v1")
        stream.hub.events([old, new])
        stream.hub.events([old, new])
        stream.happen(bus, "something.last.v1")
        await viewer.until("event", name="something.last.v1")
        names = [one["name"] for one in viewer.messages if isinstance(one, dict) and one["type"] == "event"]
        assert names == ["something.new.v1", "something.last.v1"]


async def test_coming_back_with_a_cursor_loses_nothing_across_a_restart(bus: Tenant) -> None:
    truth = Truth(bus)
    heard: list[int] = []
    cursor: int | None = None
    for _ in range(3):
        async with streaming(truth) as stream, stream.connect(bus.actor()) as client:
            viewer = Viewer(client)
            await viewer.watch(bus.channel, cursor=cursor)
            last = [stream.happen(bus, "something.happened.v1") for _ in range(20)][-1]
            await viewer.until("event", cursor=last)
            heard += [one["cursor"] for one in viewer.messages if isinstance(one, dict) and one["type"] == "event"]
            assert not [one for one in viewer.messages if isinstance(one, dict) and one["type"] == "resync"]
            cursor = heard[-1]
        for _ in range(20):
            truth.record(bus, "something.happened.v1")
    assert heard == list(range(1, 101))


@pytest.mark.parametrize("cursor", [0, 10**12])
async def test_too_long_away_or_from_another_history_starts_anew(stream: Stream, bus: Tenant, cursor: int) -> None:
    for _ in range(1_001):
        stream.truth.record(bus, "something.happened.v1")
    async with stream.connect(bus.actor()) as client:
        viewer = Viewer(client)
        await viewer.watch(bus.channel, cursor=cursor)
        kinds = [one["type"] for one in viewer.messages if isinstance(one, dict)]
        assert kinds == ["connection_ack", "subscription_ack", "resync", "snapshot"]


async def test_a_window_shows_what_is_in_it_follows_what_leaves_and_moves_without_reading_anew(
    stream: Stream, bus: Tenant
) -> None:
    bus.places[3] = at(3, 1_000.0, 50.0)
    async with stream.connect(bus.actor()) as client:
        viewer = Viewer(client)
        await viewer.watch("viewport", bbox=(-98.0, 29.0, -96.0, 31.0))
        assert viewer.heard_numbers() == {1, 2}
        await stream.move(bus, at(3, 2_000.0, 51.0), at(1, 2_000.0, 60.0))
        await viewer.until_placed(at(1, 2_000.0, 60.0))
        await stream.move(bus, at(1, 3_000.0, 61.0), at(2, 3_000.0, 30.5))
        await viewer.until_placed(at(2, 3_000.0, 30.5))
        assert viewer.pictures["viewport"].places[1][0] == 2_000.0
        assert viewer.heard_numbers() == {1, 2}
        await viewer.subscribe("viewport", bbox=(-98.0, 50.0, -96.0, 62.0))
        await viewer.until_placed(at(3, 2_000.0, 51.0))
        await viewer.until_placed(at(1, 3_000.0, 61.0))
        assert len(stream.truth.asked) == 1
        await stream.move(bus, at(2, 4_000.0, 30.6), at(1, 4_000.0, 61.5))
        await viewer.until_placed(at(1, 4_000.0, 61.5))
        assert viewer.pictures["viewport"].places[2][0] == 3_000.0


async def test_a_window_of_a_scoped_actor_shows_only_its_vehicles(stream: Stream, bus: Tenant) -> None:
    async with stream.connect(bus.actor("own", SCOPED)) as client:
        viewer = Viewer(client)
        await viewer.watch("viewport", bbox=(-180.0, -90.0, 180.0, 90.0))
        await stream.move(bus, at(1, 2_000.0), at(2, 2_000.0))
        await viewer.until_placed(at(2, 2_000.0))
        await viewer.subscribe("viewport", bbox=(-100.0, -80.0, 100.0, 80.0))
        await viewer.until("subscription_ack")
        await stream.move(bus, at(1, 3_000.0), at(2, 3_000.0))
        await viewer.until_placed(at(2, 3_000.0))
        assert viewer.heard_numbers() == {2}


async def test_a_vehicle_taken_from_a_viewer_is_gone_and_one_given_appears(stream: Stream, bus: Tenant) -> None:
    async with stream.connect(bus.actor("own", SCOPED)) as client:
        viewer = Viewer(client)
        await viewer.watch(bus.channel)
        bus.viewers[SCOPED] = {3}
        stream.hub.refresh_access(bus.id)
        assert (await viewer.until("resync"))["reason"] == "access"
        snapshot = await viewer.until("snapshot")
        assert [vehicle["no"] for vehicle in snapshot["vehicles"]] == [3]  # type: ignore[attr-defined]
        viewer.messages.clear()
        await stream.move(bus, at(2, 5_000.0), at(3, 5_000.0))
        await viewer.until_placed(at(3, 5_000.0))
        assert viewer.heard_numbers() == {3}


async def test_a_vehicle_that_changes_its_fleet_changes_the_channels_it_is_heard_on(
    stream: Stream, bus: Tenant
) -> None:
    async with stream.connect(bus.actor()) as one, stream.connect(bus.actor()) as two:
        left, joined = Viewer(one), Viewer(two)
        await left.watch(f"fleet:{fleet_id(1)}")
        await joined.watch(f"fleet:{fleet_id(2)}")
        bus.vehicles[1] = {**bus.vehicles[1], "fleet_id": fleet_id(2)}
        stream.happen(bus, "vehicles.vehicle_changed.v1", 1, **{**bus.vehicles[1], "vehicle_id": vehicle_id(1)})
        for viewer, numbers in ((left, [2]), (joined, [1, 3])):
            await viewer.until("resync")
            snapshot = await viewer.until("snapshot")
            assert [vehicle["no"] for vehicle in snapshot["vehicles"]] == numbers  # type: ignore[attr-defined]


async def test_a_refresh_that_changes_nothing_is_not_noticed(stream: Stream, bus: Tenant) -> None:
    async with stream.connect(bus.actor("own", SCOPED)) as client:
        viewer = Viewer(client)
        await viewer.watch(bus.channel)
        stream.hub.refresh_access(bus.id)
        while len(stream.truth.asked) < 2:
            await asyncio.sleep(0.01)
        last = stream.happen(bus, "something.happened.v1")
        await viewer.until("event", cursor=last)
        assert not [one for one in viewer.messages if isinstance(one, dict) and one["type"] == "resync"]


async def test_a_channel_no_longer_allowed_is_taken_away_and_an_ended_session_closed(
    stream: Stream, bus: Tenant
) -> None:
    async with stream.connect(bus.actor("own", SCOPED)) as client:
        viewer = Viewer(client)
        await viewer.watch(f"vehicle:{vehicle_id(2)}")
        bus.viewers[SCOPED] = set()
        stream.hub.refresh_access(bus.id)
        await viewer.until("resync", reason="forbidden")
        assert (await viewer.until("error"))["code"] == "FORBIDDEN"
        stream.truth.ended.add(SCOPED)
        stream.hub.refresh_access(bus.id)
        with pytest.raises(ConnectionClosed):
            await viewer.until("nothing")
        assert client.websocket.close_code == 1008


async def test_a_lost_permission_silences_its_events(stream: Stream, bus: Tenant) -> None:
    async with stream.connect(bus.actor("own", SCOPED, frozenset({READ, "costs.read"}))) as client:
        viewer = Viewer(client)
        await viewer.watch(bus.channel)
        stream.hub.events([stream.truth.record(bus, "costs.one.v1", "costs.read")])
        await viewer.until("event", name="costs.one.v1")
        stream.truth.permissions[SCOPED] = frozenset({READ})
        stream.hub.refresh_access(bus.id)
        while len(stream.truth.asked) < 2:
            await asyncio.sleep(0.01)
        stream.hub.events([stream.truth.record(bus, "costs.two.v1", "costs.read")])
        last = stream.happen(bus, "something.happened.v1")
        await viewer.until("event", cursor=last)
        assert "costs.two.v1" not in [one["name"] for one in viewer.messages if isinstance(one, dict) and "name" in one]


async def test_after_a_gap_every_channel_starts_anew(stream: Stream, bus: Tenant) -> None:
    async with stream.connect(bus.actor()) as client:
        viewer = Viewer(client)
        await viewer.watch(bus.channel)
        await viewer.watch(f"fleet:{fleet_id(1)}")
        stream.hub.resync()
        for channel in (bus.channel, f"fleet:{fleet_id(1)}"):
            await viewer.until("resync", channel=channel, reason="gap")
            await viewer.until("snapshot", channel=channel)


async def test_a_channel_is_heard_until_it_is_left(stream: Stream, bus: Tenant) -> None:
    async with stream.connect(bus.actor()) as client:
        viewer = Viewer(client)
        await viewer.watch(bus.channel)
        await client.unsubscribe(bus.channel)
        await viewer.until("unsubscription_ack")
        viewer.messages.clear()
        stream.happen(bus, "something.happened.v1")
        await stream.move(bus, at(1, 9_000.0))
        await asyncio.sleep(0.05)
        await client.ping(1.0)
        await viewer.until("pong")
        assert [one["type"] for one in viewer.messages if isinstance(one, dict)] == ["pong"]
        assert viewer.heard_numbers() == set()


async def test_a_snapshot_that_cannot_be_read_is_told_and_the_connection_lives(stream: Stream, bus: Tenant) -> None:
    stream.truth.is_broken = True
    async with stream.connect(bus.actor()) as client:
        viewer = Viewer(client)
        id = await viewer.subscribe(bus.channel)
        assert (await viewer.until("error", id=id))["code"] == "MESSAGE_PROCESSING_ERROR"
        stream.truth.is_broken = False
        await viewer.watch(bus.channel)


async def test_junk_is_answered_and_the_connection_lives(stream: Stream, bus: Tenant) -> None:
    async with stream.connect(bus.actor()) as client:
        viewer = Viewer(client)
        for junk in (b"\x00\xff", "", "{", "[" * 50_000, '{"type":"dance"}', "x" * 70_000):
            await client.websocket.send(junk)
            assert "code" in await viewer.until("error")
        await viewer.watch(bus.channel)


async def test_ten_thousand_subscriptions_are_told_bounded_and_ended(stream: Stream, bus: Tenant) -> None:
    for number in range(1_000, 1_200):
        bus.add(number)
    async with stream.connect(bus.actor()) as client:

        async def ask() -> None:
            for number in range(1_000, 11_000):
                channel = f"vehicle:{vehicle_id(number)}"
                await client.websocket.send(json.dumps({"type": "subscribe", "id": str(number), "channel": channel}))

        asking = asyncio.create_task(ask())
        viewer = Viewer(client)
        with pytest.raises(ConnectionClosed):
            await viewer.until("nothing")
        await asyncio.gather(asking, return_exceptions=True)
        assert client.websocket.close_code == 1008
        codes = {one["code"] for one in viewer.messages if isinstance(one, dict) and one["type"] == "error"}
        assert codes == {"RATE_LIMIT_EXCEEDED"}
        assert sum(1 for one in viewer.messages if isinstance(one, dict) and one["type"] == "snapshot") <= 100
