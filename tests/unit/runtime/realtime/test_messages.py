"""What clients may say, and every way of saying it wrong."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motorpool.runtime.realtime import messages
from motorpool.runtime.realtime.messages import BadMessage, ErrorCode, Ping, Subscribe, Unsubscribe, decode
from motorpool.runtime.realtime.ports import StoredEvent
from motorpool.runtime.realtime.view import Box

FLEET = "fleet:01890000-0000-7000-8000-000000000001"
FORMAT, UNKNOWN, INVALID = (
    ErrorCode.INVALID_MESSAGE_FORMAT,
    ErrorCode.UNKNOWN_MESSAGE_TYPE,
    ErrorCode.VALIDATION_ERROR,
)


def subscribe(**fields: object) -> str:
    return json.dumps({"type": "subscribe", "id": "1", "channel": FLEET, **fields})


BAD_INPUT = {
    "empty": ("", FORMAT),
    "no JSON": ("hello", FORMAT),
    "NUL": ("\x00", FORMAT),
    "lone surrogate": ('{"type":"\ud800"}', FORMAT),
    "escaped lone surrogate": ('{"type":"\\ud800"}', FORMAT),
    "an array": ("[]", FORMAT),
    "null": ("null", FORMAT),
    "a number": ("1", FORMAT),
    "no type": ("{}", FORMAT),
    "type is a number": ('{"type":1}', FORMAT),
    "cut off": ('{"type":"ping"', FORMAT),
    "two values": ('{"type":"ping"}{}', FORMAT),
    "deep arrays": ('{"x":' + "[" * 60_000, FORMAT),
    "deep objects": ('{"x":' * 12_000, FORMAT),
    "deep and closed": ('{"x":' + "[" * 30_000 + "]" * 30_000 + ',"type":"ping"}', FORMAT),
    "deep id": ('{"type":"ping","id":' + "[" * 60_000, FORMAT),
    "unknown type": ('{"type":"dance","id":"7"}', UNKNOWN),
    "type in capitals": ('{"type":"PING"}', UNKNOWN),
    "unknown field": (subscribe(colour="red"), INVALID),
    "unknown parameter": (subscribe(params={"zoom": 3}), INVALID),
    "no id": ('{"type":"subscribe","channel":"viewport"}', INVALID),
    "empty id": (subscribe(id=""), INVALID),
    "long id": (subscribe(id="x" * 65), INVALID),
    "id is a number": (subscribe(id=1), INVALID),
    "no channel": ('{"type":"subscribe","id":"1"}', INVALID),
    "channel is a list": (subscribe(channel=[FLEET]), INVALID),
    "long channel": (subscribe(channel="f" * 65), INVALID),
    "negative cursor": (subscribe(cursor=-1), INVALID),
    "cursor with a fraction": (subscribe(cursor=1.5), INVALID),
    "cursor is true": (subscribe(cursor=True), INVALID),
    "cursor beyond 63 bits": (subscribe(cursor=2**63), INVALID),
    "cursor of 5 000 digits": (subscribe(cursor="@").replace('"@"', "9" * 5_000), INVALID),
    "bbox of three": (subscribe(params={"bbox": [1, 2, 3]}), INVALID),
    "bbox of five": (subscribe(params={"bbox": [1, 2, 3, 4, 5]}), INVALID),
    "bbox of text": (subscribe(params={"bbox": ["1", "2", "3", "4"]}), INVALID),
    "bbox off the globe": (subscribe(params={"bbox": [-181, 0, 0, 0]}), INVALID),
    "ping at infinity": ('{"type":"ping","at":1e999}', INVALID),
    "ping at a huge integer": ('{"type":"ping","at":' + "9" * 5_000 + "}", INVALID),
    "ping at NaN": ('{"type":"ping","at":NaN}', FORMAT),
    "ping at a text": ('{"type":"ping","at":"now"}', INVALID),
    "ping at a list": ('{"type":"ping","at":[1]}', INVALID),
    "type said twice": ('{"type":"subscribe","type":"ping"}', INVALID),
}


@pytest.mark.parametrize("name", BAD_INPUT)
def test_bad_input_is_refused_with_its_code(name: str) -> None:
    text, code = BAD_INPUT[name]
    with pytest.raises(BadMessage) as refused:
        decode(text, 100_000)
    assert refused.value.code == code
    assert len(refused.value.message) <= 200


def test_binary_from_a_client_is_refused() -> None:
    with pytest.raises(BadMessage) as refused:
        decode(None, 1_000)
    assert refused.value.code == FORMAT


def test_a_message_over_the_limit_is_refused_counted_in_bytes() -> None:
    text = subscribe(channel="é" * 30)
    assert decode(text, len(text.encode()))
    with pytest.raises(BadMessage) as refused:
        decode(text, len(text.encode()) - 1)
    assert refused.value.code == FORMAT


def test_an_error_names_the_request_when_its_id_could_be_read() -> None:
    with pytest.raises(BadMessage) as refused:
        decode('{"type":"dance","id":"7"}', 1_000)
    assert json.loads(messages.error(refused.value)) == {
        "type": "error",
        "id": "7",
        "code": "UNKNOWN_MESSAGE_TYPE",
        "message": "Known types: subscribe, unsubscribe, ping.",
    }
    assert "id" not in json.loads(messages.error(BadMessage(FORMAT, "No.")))


@given(st.text() | st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists).map(json.dumps))
def test_no_text_causes_anything_but_a_message_or_a_refusal(text: str) -> None:
    try:
        decode(text, 10_000)
    except BadMessage as refused:
        messages.error(refused)


def test_good_messages_are_understood() -> None:
    assert decode(subscribe(cursor=7), 1_000) == Subscribe(id="1", channel=FLEET, cursor=7)
    assert decode('{"type":"unsubscribe","id":"1","channel":"viewport"}', 1_000) == Unsubscribe(
        id="1", channel="viewport"
    )
    assert decode('{"type":"ping","at":1700000000000}', 1_000) == Ping(at=1_700_000_000_000.0)
    assert decode('{"type":"ping"}', 1_000) == Ping()


def test_a_viewport_has_a_window_and_nothing_else_has() -> None:
    window = Subscribe(id="1", channel="viewport", params=messages.Params(bbox=(-98.0, 30.0, -97.0, 31.0)))
    assert window.parsed()[1] == Box(-98.0, 30.0, -97.0, 31.0)
    for wrong in (
        Subscribe(id="1", channel="viewport"),
        Subscribe(id="1", channel=FLEET, params=messages.Params(bbox=(0, 0, 1, 1))),
        Subscribe(id="1", channel="viewport", params=messages.Params(bbox=(0, 1, 1, 0))),
        Subscribe(id="1", channel="viewport", params=messages.Params(bbox=(0, -91, 1, 0))),
        Subscribe(id="1", channel="viewport", params=messages.Params(bbox=(0, float("nan"), 1, 0))),
    ):
        with pytest.raises(BadMessage) as refused:
            wrong.parsed()
        assert refused.value.code == INVALID


@pytest.mark.parametrize(
    "name",
    [
        "",
        "fleet",
        "fleet:",
        "fleet:1",
        FLEET.upper(),
        FLEET + "0",
        FLEET.replace("-", ""),
        f"fleet:{{{FLEET[6:]}}}",
        FLEET + "\n",
        "user:" + FLEET[6:],
        "admin:*",
        "viewport:" + FLEET[6:],
        "tenant:١" + FLEET[7:],
    ],
)
def test_a_channel_that_is_not_on_the_list_is_heard_by_nobody(name: str) -> None:
    with pytest.raises(BadMessage) as refused:
        messages.parse_channel(name, "1")
    assert refused.value.code == ErrorCode.FORBIDDEN


def test_the_server_messages_have_the_shape_of_the_protocol() -> None:
    now = datetime(2026, 1, 1, 12, tzinfo=UTC)
    id = UUID(int=1)
    assert json.loads(messages.connection_ack(id, now, 65_536, 25.0)) == {
        "type": "connection_ack",
        "client_id": str(id),
        "server_time": "2026-01-01T12:00:00Z",
        "max_payload_size": 65_536,
        "heartbeat_interval_s": 25.0,
    }
    stored = StoredEvent(9, id, "telemetry.trip_started.v1", now, {"trip_id": "t"}, "vehicles.read")
    assert json.loads(messages.event(FLEET, stored)) == {
        "type": "event",
        "channel": FLEET,
        "cursor": 9,
        "name": "telemetry.trip_started.v1",
        "at": "2026-01-01T12:00:00Z",
        "data": {"trip_id": "t"},
    }
    assert json.loads(messages.subscription_ack("1", FLEET, now))["status"] == "ok"
    assert json.loads(messages.resync(FLEET, "gap")) == {"type": "resync", "channel": FLEET, "reason": "gap"}
    assert json.loads(messages.pong(5.0, now)) == {
        "type": "pong",
        "at": 5.0,
        "server_time": "2026-01-01T12:00:00Z",
    }
