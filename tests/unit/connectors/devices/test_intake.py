"""Many connections, few submissions, and each hears of its own rows."""

import asyncio
import json

from motorpool.connectors.devices.intake import MOST_IN_FLIGHT, Intake, submission_of
from motorpool.connectors.devices.limits import Counters
from motorpool.connectors.devices.points import Point
from motorpool.kernel.errors import Unavailable
from motorpool.telemetry.inbox import Rejection
from support.memory_inbox import MemoryInbox


def points(*seconds: int, lat: float = 1.0) -> list[Point]:
    return [Point(second * 1_000_000, lat, 2.0) for second in seconds]


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_what_several_devices_said_is_one_submission_in_their_order() -> None:
    submission = submission_of([("a", points(1, 2)), ("b", points(3)), ("a", points(4))])
    assert submission.identifiers == ("a", "b")
    assert submission.device.tolist() == [0, 0, 1, 0]
    assert submission.fixes.at_us.tolist() == [1_000_000, 2_000_000, 3_000_000, 4_000_000]
    assert submission.tenant_id is None


async def test_what_comes_at_once_goes_in_together() -> None:
    inbox = MemoryInbox()
    intake = Intake(inbox, Counters())
    fates = await asyncio.gather(*(intake.submit([(str(n), points(n))]) for n in range(1, 51)))
    assert fates == [()] * 50
    assert inbox.submissions == 1
    assert intake.counters.records == 50


async def test_each_hears_only_of_its_own_rows_counted_from_its_first() -> None:
    intake = Intake(MemoryInbox(known={"a", "c"}), Counters())
    lost = points(9, lat=1e-6)
    lost[0].lon_deg = 0.0
    spoken = ([("a", points(1, 2))], [("b", points(3))], [("a", points(4) + lost), ("c", points(5))])
    first, second, third = await asyncio.gather(*map(intake.submit, spoken))
    assert first == ()
    assert [(r.index, r.code) for r in second] == [(0, "unknown_device")]
    assert third == (Rejection(1, "no_position", "The fix has no position."),)
    assert (intake.counters.records, intake.counters.records_rejected) == (4, 2)


async def test_all_who_wait_hear_that_nothing_was_stored_and_can_come_again() -> None:
    inbox = MemoryInbox(available=False)
    intake = Intake(inbox, Counters())
    fates = await asyncio.gather(*(intake.submit([("a", points(n))]) for n in (1, 2)), return_exceptions=True)
    assert [type(fate) for fate in fates] == [Unavailable, Unavailable]
    inbox.available = True
    assert await intake.submit([("a", points(1))]) == ()


async def test_only_so_many_submissions_are_under_way_and_the_rest_gathers() -> None:
    inbox = MemoryInbox()
    inbox.gate.clear()
    intake = Intake(inbox, Counters())
    tasks = []
    for n in range(1, 21):
        tasks.append(asyncio.create_task(intake.submit([("a", points(n))])))
        await settle()
    assert inbox.waiting == MOST_IN_FLIGHT
    inbox.gate.set()
    await asyncio.gather(*tasks)
    assert inbox.submissions == MOST_IN_FLIGHT + 1
    assert len(inbox.rows) == 20


async def test_a_submission_does_not_grow_beyond_its_bound() -> None:
    inbox = MemoryInbox()
    intake = Intake(inbox, Counters(), most_rows=3)
    await asyncio.gather(*(intake.submit([("a", points(10 * n, 10 * n + 1))]) for n in range(1, 5)))
    assert inbox.submissions == 4


async def test_who_stopped_waiting_does_not_disturb_the_others() -> None:
    inbox = MemoryInbox()
    inbox.gate.clear()
    intake = Intake(inbox, Counters())
    gone = asyncio.create_task(intake.submit([("a", points(1))]))
    stays = asyncio.create_task(intake.submit([("b", points(2))]))
    await settle()
    gone.cancel()
    await settle()
    inbox.gate.set()
    assert await stays == ()
    assert len(inbox.rows) == 2


async def test_nothing_said_is_not_submitted() -> None:
    inbox = MemoryInbox()
    assert await Intake(inbox, Counters()).submit([("a", [])]) == ()
    assert inbox.submissions == 0


def test_reading_points_as_columns_twice_gives_the_same() -> None:
    point = Point(1, 2.0, 3.0, said={"rpm": 65_535.0})
    first, second = (submission_of([("a", [point])]).fixes.extra[0] for _ in range(2))
    assert first == second
    assert json.loads(first) == {"sensors": {"rpm": 65535.0}}
