"""Every recorded Teltonika message, and elements one by one."""

import json
import struct
from typing import Any

import numpy as np
import pytest

from motorpool.connectors.devices.protocol import (
    CommandReply,
    Context,
    Hello,
    Ignored,
    Message,
    Records,
    Refused,
)
from motorpool.connectors.devices.teltonika.codec import datagram, decode
from motorpool.connectors.devices.teltonika.framing import split
from motorpool.telemetry.batch import Fixes
from support import teltonika as device
from support.shared_data import device_messages

MESSAGES = device_messages("teltonika")
# These were changed by hand before they were published (numbers made anonymous), so their checksum is not
# theirs.
SPOILED = {("testDecode", 15), ("testDecode", 23), ("testDecodePhoto", 3), ("testDecodePhoto", 4)}
# Places (latitude, longitude) of the first record, worked out from the vendor's description of the record.
PLACES = {
    2: (41.4349316, 2.2190583),
    3: (-27.4388733, 153.080315),
    7: (50.46389, 30.6100635),
    8: (-33.7335583, -70.7196233),
    11: (24.9484381, 67.1363518),
    14: (55.365185, 10.2598799),
    19: (48.1523066, 16.3745183),
    20: (54.6708533, 25.2545883),
    22: (-33.4379166, -70.64967),
    23: (54.6990336, 25.2618832),
    25: (25.06804, 55.1443366),
    26: (54.6990336, 25.2618832),
    28: (50.8797408, 5.0109436),
    33: (25.6808615, 55.7956015),
    36: (55.4824704, 38.9190912),
    39: (37.6743392, 21.432776),
    45: (-6.2906716, 106.8097266),
}
# What the recordings call it, and what it is here: name, and how many of theirs make one of ours.
OUR_NAMES = {"tag1Voltage": ("tag_1_v", 1000), "eyeTemp1": ("eye_1_c", 1)}


def key(message: dict[str, Any]) -> tuple[str, int]:
    return message["test"].split(".")[-1], message["seq"]


def only(raw: bytes, strict: bool = True) -> Message:
    cut = split(raw, strict=strict)
    assert len(cut.frames) == 1
    assert cut.consumed == len(raw)
    (message,) = decode(Context(0), cut.frames[0]).messages
    return message


def sensors(fixes: Fixes, row: int = 0) -> dict[str, Any]:
    return json.loads(fixes.extra[row] or b"{}").get("sensors", {})


def records(raw: bytes) -> Records:
    message = only(raw)
    assert isinstance(message, Records)
    return message


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: "-".join(map(str, key(m))))
def test_a_recorded_message_means_what_it_must(message: dict[str, Any]) -> None:
    raw = bytes.fromhex(message["frame"])
    found = only(raw, strict=key(message) not in SPOILED)
    expected = message["expect"]
    if expected["result"] == "null":
        assert isinstance(found, Hello | Ignored)
    elif not expected.get("location_checked", True):
        assert isinstance(found, CommandReply)
        assert found.text
    else:
        assert isinstance(found, Records)
        assert len(found.fixes) == raw[9]
        assert int.from_bytes(found.acknowledge, "big") == raw[9]
        lat, lon = PLACES[message["seq"]]
        assert found.fixes.lat_deg[0] == pytest.approx(lat, abs=1e-5)
        assert found.fixes.lon_deg[0] == pytest.approx(lon, abs=1e-5)
        if "key" in expected:
            name, over = OUR_NAMES[expected["key"]]
            assert sensors(found.fixes)[name] == expected["value"] / over


def test_all_recorded_messages_are_checked() -> None:
    assert len(MESSAGES) == 27


@pytest.mark.parametrize("message", [m for m in MESSAGES if key(m) in SPOILED], ids=lambda m: str(key(m)))
def test_a_recorded_message_with_a_wrong_checksum_gives_nothing(message: dict[str, Any]) -> None:
    cut = split(bytes.fromhex(message["frame"]))
    assert cut.frames == ()
    assert [reject.reason for reject in cut.rejects] == ["checksum"]


def test_all_the_other_recorded_messages_have_a_right_checksum() -> None:
    right = [m for m in MESSAGES if key(m) not in SPOILED]
    assert all(split(bytes.fromhex(m["frame"])).frames for m in right)


def test_a_record_gives_its_columns_in_our_units() -> None:
    (raw,) = (bytes.fromhex(m["frame"]) for m in MESSAGES if key(m) == ("testDecode", 19))
    fixes = records(raw).fixes
    assert fixes.at_us[0] == 0x16818D50058 * 1000
    assert fixes.speed_mps[0] == pytest.approx(83 / 3.6)
    assert fixes.heading_deg[0] == 198
    assert fixes.altitude_m[0] == 190
    assert fixes.battery_v[0] == np.float32(14.233)
    assert sensors(fixes)["satellites"] == 15


def test_ignition_and_voltage_fill_their_columns() -> None:
    raw = device.codec8([device.gps(1_760_000_000_000, 52.5, 13.4) + device.IGNITION_ON])
    fixes = records(raw).fixes
    assert fixes.ignition[0] == 1
    assert fixes.battery_v[0] == np.float32(12.345)
    assert sensors(fixes) == {"event": "ignition", "satellites": 9}


@pytest.mark.parametrize(
    ("identifier", "raw", "column", "value"),
    [
        (16, struct.pack(">I", 123_456_789), "odometer_m", 123_456_789),
        (87, struct.pack(">I", 99_000), "odometer_m", 99_000),
        (389, struct.pack(">I", 150), "odometer_m", 150_000),
        (89, b"\x2a", "fuel_percent", 42),
        (48, b"\x2a", "fuel_percent", 42),
        (36, struct.pack(">H", 1800), "rpm", 1800),
        (85, struct.pack(">H", 1800), "rpm", 1800),
        (32, b"\xf6", "coolant_c", -10),
        (115, struct.pack(">h", 905), "coolant_c", 90.5),
        (66, struct.pack(">H", 24_100), "battery_v", np.float32(24.1)),
    ],
)
def test_a_known_element_fills_its_column(identifier: int, raw: bytes, column: str, value: float) -> None:
    fixes = records(device.extended(identifier, raw)).fixes
    assert getattr(fixes, column)[0] == value
    assert set(sensors(fixes)) == {"satellites"}


@pytest.mark.parametrize(
    ("identifier", "raw", "name", "value"),
    [
        (67, struct.pack(">H", 4043), "backup_battery_v", 4.043),
        (17, struct.pack(">h", -27), "axis_x_mg", -27),
        (72, struct.pack(">i", -105), "dallas_1_c", -10.5),
        (72, struct.pack(">h", -105), "dallas_1_c", -10.5),
        (203, struct.pack(">h", 700), "lls_2_level", 700),
        (214, struct.pack(">h", 700), "io214", 700),
        (212, struct.pack(">h", 700), "lls_4_level", 700),
        (10800, struct.pack(">h", -1187), "eye_1_c", -11.87),
        (43, struct.pack(">H", 7), "mil_m", 7_000),
        (81, b"\x5a", "can_speed_mps", 25.0),
        (78, bytes.fromhex("0102030405060708"), "driver_id", "0807060504030201"),
        (9999, b"\x07", "io9999", 7),
        (9999, b"\xff" * 8, "io9999", "FFFFFFFFFFFFFFFF"),
        (239, b"\0\1", "io239", 1),
        (89, b"\xff", "can_fuel_percent", 255),
        (256, b"1A1JC5444R7252367", "vin", "1A1JC5444R7252367"),
        (403, b"\x00\x80\xff", "driver_name", "0080ff"),
        (7777, b"\1\2\3", "io7777", "010203"),
    ],
)
def test_a_named_element_becomes_a_sensor(identifier: int, raw: bytes, name: str, value: object) -> None:
    assert sensors(records(device.extended(identifier, raw)).fixes)[name] == value


@pytest.mark.parametrize(
    ("identifier", "raw"),
    [
        (78, b"\0" * 8),
        (25, struct.pack(">h", 3000)),
        (86, struct.pack(">H", 3000)),
        (72, struct.pack(">i", 850)),
    ],
)
def test_a_sensor_that_says_it_has_no_reading_gives_none(identifier: int, raw: bytes) -> None:
    assert set(sensors(records(device.extended(identifier, raw)).fixes)) == {"satellites"}


def test_fault_codes_are_listed_once_and_sorted() -> None:
    fixes = records(device.extended(281, b"P0420,P0171,P0420")).fixes
    assert json.loads(fixes.extra[0])["dtcs"] == ["P0171", "P0420"]


def test_beacons_keep_identity_and_strength() -> None:
    (raw,) = (bytes.fromhex(m["frame"]) for m in MESSAGES if key(m) == ("testDecode", 14))
    (beacon,) = sensors(records(raw).fixes)["beacons"]
    assert beacon == {"id": "0102030405060708090a0b0c0d0e0f10020b010a", "rssi_dbm": -48}


def test_tags_with_names_and_readings_are_numbered() -> None:
    (raw,) = (bytes.fromhex(m["frame"]) for m in MESSAGES if key(m) == ("testDecode", 2))
    found = sensors(records(raw).fixes, 1)
    assert (found["tag_1_name"], found["tag_1_mac"]) == ("Nevera_3", "7cd9f4110c40")
    assert (found["tag_1_c"], found["tag_1_humidity_percent"], found["tag_1_v"]) == (32.15, 52, 3.1)


def test_a_record_without_satellites_says_neither_speed_nor_course_but_all_its_sensors() -> None:
    lost = device.gps(1_760_000_000_000, 0, 0, satellites=0, speed_kmh=0)
    fixes = records(device.extended(67, struct.pack(">H", 4043), place=lost)).fixes
    assert (fixes.lat_deg[0], fixes.lon_deg[0]) == (0, 0)
    assert np.isnan([fixes.speed_mps[0], fixes.heading_deg[0], fixes.altitude_m[0]]).all()
    assert sensors(fixes) == {"satellites": 0, "backup_battery_v": 4.043}


def test_a_time_beyond_our_columns_does_not_break_the_codec() -> None:
    raw = device.codec8([device.gps(2**64 - 1, 52.5, 13.4) + device.NO_ELEMENTS])
    assert records(raw).fixes.at_us[0] > 2**62


@pytest.mark.parametrize("change", [b"\1", b""], ids=["longer", "shorter"])
def test_a_packet_whose_records_do_not_fill_it_is_refused_and_nothing_of_it_is_taken(change: bytes) -> None:
    record = device.track(1)[0]
    body = record + change if change else device.gps(0, 1, 1) + b"\0\1\1" + b"\0" * 3
    message = only(device.packet(b"\x08\x01" + body + b"\x01"))
    assert message == Refused("malformed", b"\0\0\0\0")


def test_an_empty_packet_is_acknowledged_with_zero() -> None:
    assert records(device.packet(b"\x08\0\0")).acknowledge == b"\0\0\0\0"


def test_answers_of_all_text_codecs_are_kept_as_text() -> None:
    def text(codec: int, head: bytes, words: bytes) -> CommandReply:
        body = head + words
        content = bytes([codec, 1, 6]) + struct.pack(">I", len(body)) + body + b"\1"
        message = only(device.packet(content))
        assert isinstance(message, CommandReply)
        return message

    assert text(0x0C, b"", b"DI1:1\r\n").text == "DI1:1"
    assert text(0x0D, b"\0" * 8, b"getinfo").text == "getinfo"
    fourteen = text(0x0E, bytes.fromhex("0352093081452251"), b"Ver:03.18")
    assert (fourteen.text, fourteen.identifier) == ("Ver:03.18", "352093081452251")


def test_a_udp_packet_is_answered_with_its_own_numbers() -> None:
    content = b"\x08\x02" + b"".join(device.track(2)) + b"\x02"
    (message,) = datagram(Context(0), device.udp("352093086403655", content)).messages
    assert isinstance(message, Records)
    assert message.identifier == "352093086403655"
    assert len(message.fixes) == 2
    assert message.acknowledge.hex() == "0005cafe010502"


@pytest.mark.parametrize(
    "spoil", [lambda p: p[:-1], lambda p: p + b"\0", lambda p: b"", lambda p: p[:8] + b"x" + p[9:]]
)
def test_a_udp_packet_that_is_not_whole_gives_nothing(spoil: Any) -> None:
    content = b"\x08\x01" + device.track(1)[0] + b"\x01"
    (message,) = datagram(Context(0), spoil(device.udp("352093086403655", content))).messages
    assert isinstance(message, Refused)
