"""The stream: any split, garbage, wrong checksums, and whatever Hypothesis makes up."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motorpool.connectors.devices.protocol import Context, Message, Records
from motorpool.connectors.devices.teltonika.codec import datagram, decode
from motorpool.connectors.devices.teltonika.framing import MAX_DATA, split
from support import teltonika as device
from support.shared_data import device_messages

RECORDED = [bytes.fromhex(message["frame"]) for message in device_messages("teltonika")]
SOUND = [raw for raw in RECORDED if split(raw).frames]
STREAM = device.imei_frame("352093086403655") + b"\xff" + device.codec8(device.track(2)) + SOUND[2] + SOUND[5]


class Heard:
    """What a stream gave in all, however it came in pieces."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.frames: list[bytes] = []
        self.garbage = self.checksums = self.longest = 0
        self.buffer = b""
        for piece in pieces:
            self.feed(piece)

    def feed(self, piece: bytes) -> None:
        self.buffer += piece
        cut = split(self.buffer)
        self.buffer = self.buffer[cut.consumed :]
        self.longest = max(self.longest, len(self.buffer))
        self.frames += cut.frames
        for reject in cut.rejects:
            if reject.reason == "garbage":
                self.garbage += reject.size
            else:
                self.checksums += 1

    @property
    def outcome(self) -> tuple[list[bytes], int, int, bytes]:
        return self.frames, self.garbage, self.checksums, self.buffer


def pieces(raw: bytes, cuts: Iterable[int]) -> list[bytes]:
    at = [0, *sorted(cuts), len(raw)]
    return [raw[low:high] for low, high in zip(at, at[1:], strict=False)]


def meanings(raw: bytes) -> list[Message]:
    return [message for frame in split(raw).frames for message in decode(Context(0), frame).messages]


@pytest.mark.parametrize("raw", [*SOUND, STREAM], ids=lambda raw: f"{len(raw)}B")
def test_every_split_at_every_byte_gives_the_same(raw: bytes) -> None:
    whole = Heard([raw]).outcome
    assert whole[0]
    assert all(Heard(pieces(raw, [at])).outcome == whole for at in range(len(raw) + 1))


def test_a_stream_byte_by_byte_gives_the_same() -> None:
    assert Heard(STREAM[at : at + 1] for at in range(len(STREAM))).outcome == Heard([STREAM]).outcome


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\0" * 50,
        b"\0\x0f12345",
        b"\0\0\0\0\0\0\0\x20\x09",
        b"\xff\0\xff\0\0",
        SOUND[3][:-7][:40],
    ],
)
def test_after_garbage_the_next_frame_is_found(garbage: bytes) -> None:
    heard = Heard([garbage + STREAM + STREAM])
    wanted = Heard([STREAM + STREAM]).frames
    # A beginning that breaks off may cost the frame that follows it, never more.
    assert heard.frames[-(len(wanted) - 1) :] == wanted[1:]
    assert heard.garbage + heard.checksums > 0


def test_garbage_without_a_likely_head_costs_no_frame_and_every_byte_of_it_is_counted() -> None:
    heard = Heard([b"hello, this is not a tracker" + STREAM])
    assert heard.frames == Heard([STREAM]).frames
    assert heard.garbage == 28


@pytest.mark.parametrize("raw", [raw for raw in SOUND if raw.startswith(b"\0\0\0\0")], ids=lambda raw: f"{len(raw)}B")
def test_one_wrong_bit_anywhere_gives_no_point(raw: bytes) -> None:
    for at in range(0, len(raw), max(1, len(raw) // 97)):
        spoiled = bytearray(raw)
        spoiled[at] ^= 0x10
        assert not any(isinstance(message, Records) for message in meanings(bytes(spoiled)))


def test_a_wrong_checksum_is_counted_and_the_next_packet_is_read() -> None:
    packet = device.codec8(device.track(1))
    spoiled = packet[:20] + bytes([packet[20] ^ 1]) + packet[21:]
    heard = Heard([spoiled + packet])
    assert (heard.frames, heard.checksums, heard.garbage) == ([packet], 1, 0)


def test_a_packet_that_says_two_different_counts_is_no_packet() -> None:
    content = b"\x08\x01" + device.track(1)[0] + b"\x02"
    assert split(device.packet(content)).frames == ()


def test_a_head_that_asks_for_too_much_is_garbage_at_once() -> None:
    head = b"\0\0\0\0" + (MAX_DATA + 1).to_bytes(4, "big") + b"\x08\x01"
    assert split(head).consumed == len(head)


def test_a_million_zeros_or_signs_of_life_are_passed_over() -> None:
    assert Heard([b"\0" * 1_000_000]).longest < 16
    assert Heard([b"\xff" * 1_000_000]).outcome == ([], 0, 0, b"")


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_stream_split_anyhow_gives_the_same_and_never_raises(data: st.DataObject) -> None:
    part = st.one_of(st.sampled_from(SOUND), st.binary(max_size=60), st.sampled_from([b"\0" * 9, b"\xff", b"\0\x0f"]))
    raw = b"".join(data.draw(st.lists(part, max_size=6)))
    cuts = data.draw(st.lists(st.integers(0, len(raw)), max_size=8))
    whole, parted = Heard([raw]), Heard(pieces(raw, cuts))
    assert parted.outcome == whole.outcome
    assert len(whole.buffer) <= MAX_DATA + 12


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(RECORDED), st.data())
def test_a_mutated_frame_with_a_right_checksum_never_raises(raw: bytes, data: st.DataObject) -> None:
    content = bytearray(raw[8:-4] or b"\x08\0\0")
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    for message in decode(Context(0), device.packet(bytes(content))).messages:
        if isinstance(message, Records):
            assert len(message.fixes) == message.acknowledge[-1]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_the_codec_takes_any_bytes_for_a_frame(raw: bytes) -> None:
    assert decode(Context(0), raw).messages
    assert decode(Context(0), b"\0\0\0\0" + raw).messages
    assert datagram(Context(0), raw).messages
