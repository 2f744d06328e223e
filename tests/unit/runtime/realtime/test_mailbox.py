"""The mailbox: latest wins, bounded, and of events nothing lost or reordered unless it says so."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame as WebSocketFrame
from websockets.frames import Opcode
from websockets.streams import StreamReader

from motorpool.runtime.realtime.mailbox import MOST_FRAMES, Frame, Mailbox, websocket_frame
from motorpool.runtime.realtime.positions import decode_positions
from tests.support.places import ROWS, Row, at, of_rows, rows_of


def places(messages: list[str | bytes]) -> list[Row]:
    return [row for one in messages if isinstance(one, bytes) for row in rows_of(decode_positions(one)[0])]


@given(st.lists(ROWS, max_size=30))
def test_positions_wait_once_a_vehicle_and_the_newest_wins(batches: list[list[Row]]) -> None:
    mailbox = Mailbox()
    newest: dict[int, Row] = {}
    for rows in batches:
        mailbox.tell_positions(Frame(of_rows(rows).latest(), 0.0))
        for row in rows:
            if row[1] not in newest or newest[row[1]][0] <= row[0]:
                newest[row[1]] = row
    assert sorted(places(mailbox.drain().messages)) == sorted(newest.values())
    assert mailbox.is_empty


@given(st.permutations([at(1, float(moment)) for moment in range(12)]))
def test_the_newest_wins_in_any_order_of_arrival(rows: list[Row]) -> None:
    mailbox = Mailbox()
    for row in rows:
        mailbox.tell_positions(Frame(of_rows([row]), 0.0))
    assert places(mailbox.drain().messages) == [at(1, 11.0)]


def test_what_waits_of_positions_is_bounded_by_the_vehicles() -> None:
    mailbox = Mailbox()
    for moment in range(5_000):
        mailbox.tell_positions(Frame(of_rows([at(1 + moment % 10, float(moment))]), 0.0))
        assert len(mailbox._frames) <= MOST_FRAMES + 1
        assert sum(len(frame.positions) for frame in mailbox._frames) <= 10 + MOST_FRAMES
    assert len(places(mailbox.drain().messages)) == 10


def test_a_client_that_keeps_up_gets_the_very_bytes_the_others_get() -> None:
    frame = Frame(of_rows([at(1, 1.0)]), 0.0)
    quick, other = Mailbox(), Mailbox()
    for mailbox in (quick, other):
        mailbox.tell_positions(frame)
    assert quick.drain().messages[0] is other.drain().messages[0]


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 200_000])
def test_a_framed_message_is_what_a_websocket_library_reads(size: int) -> None:
    payload = bytes(size)
    reader = StreamReader()
    reader.feed_data(websocket_frame(payload))
    with pytest.raises(StopIteration) as done:
        next(WebSocketFrame.parse(reader.read_exact, mask=False))
    read = done.value.value
    assert (read.opcode, read.fin, bytes(read.data)) == (Opcode.BINARY, True, payload)
    assert not reader.buffer


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["event", "drain", "answer", "restart"]), st.sampled_from(["a", "b"])),
    max_size=60,
)


class Reader:
    """A client that notes what it was told, what it heard and which channels were named as lost."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.told: dict[str, list[int]] = {"a": [], "b": []}
        self.heard: dict[str, list[int]] = {"a": [], "b": []}
        self.lost: set[str] = set()

    def event(self, channel: str, number: int) -> None:
        self.told[channel].append(number)
        self.mailbox.tell_event(channel, json.dumps([channel, number]))

    def answer(self, channel: str, number: int) -> None:
        self.mailbox.tell(json.dumps([None, number]))

    def drain(self, channel: str, number: int) -> None:
        drained = self.mailbox.drain()
        self.lost.update(drained.lost)
        for about, heard in map(json.loads, drained.messages):
            if about is not None:
                self.heard[about].append(heard)

    def restart(self, channel: str, number: int) -> None:
        """A snapshot is told: what came before counts no more."""
        self.drain(channel, number)
        self.mailbox.restart(channel)
        self.told[channel], self.heard[channel] = [], []
        self.lost.discard(channel)


@given(ACTIONS, st.integers(1, 6))
def test_events_arrive_complete_and_in_order_unless_their_channel_is_named_as_lost(
    actions: list[tuple[str, str]], most: int
) -> None:
    mailbox = Mailbox(most_events=most)
    reader = Reader(mailbox)
    for number, (action, channel) in enumerate(actions):
        getattr(reader, action)(channel, number)
        assert mailbox._events <= most
    reader.drain("a", 0)
    for channel in ("a", "b"):
        told, heard = reader.told[channel], reader.heard[channel]
        assert heard == (told[: len(heard)] if channel in reader.lost else told)


def test_answers_survive_an_overflow_of_events_in_their_order() -> None:
    mailbox = Mailbox(most_events=2)
    mailbox.tell("first")
    for number in range(5):
        mailbox.tell_event("a", str(number))
    mailbox.tell("second")
    drained = mailbox.drain()
    assert drained.messages == ["first", "second"]
    assert drained.lost == {"a"}
    assert mailbox.drain().lost == frozenset()


def test_an_overflow_names_every_channel_whose_waiting_events_went() -> None:
    mailbox = Mailbox(most_events=2)
    mailbox.tell_event("a", "1")
    mailbox.tell_event("b", "2")
    mailbox.tell_event("c", "3")
    assert mailbox.drain().lost == {"a", "b", "c"}


def test_large_events_are_bounded_by_their_size_too() -> None:
    mailbox = Mailbox(most_events=1_000, most_event_bytes=100)
    mailbox.tell_event("a", "x" * 60)
    mailbox.tell_event("a", "y" * 60)
    assert mailbox.drain().lost == {"a"}
    assert mailbox.waiting_bytes == 0


def test_events_of_a_channel_nobody_hears_any_more_are_forgotten() -> None:
    mailbox = Mailbox()
    mailbox.tell_event("a", "1")
    mailbox.tell("answer")
    mailbox.tell_event("b", "2")
    mailbox.drop_events("a")
    assert (mailbox.waiting_messages, mailbox.waiting_bytes) == (2, 7)
    assert mailbox.drain().messages == ["answer", "2"]
