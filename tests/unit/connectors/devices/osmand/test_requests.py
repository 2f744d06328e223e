"""What phones send, as parameters and as JSON."""

import json
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motorpool.connectors.devices.osmand.codec import request
from motorpool.connectors.devices.protocol import Context, Message, Records, Refused, Request
from motorpool.telemetry.batch import Fixes
from support.shared_data import device_messages

HEARD_US = 1_760_000_000_000_000
MESSAGES = device_messages("osmand")
AT_US = {4: 1_442_068_686_579_000, 6: 1_377_177_267_000_000, 7: 1_377_177_267_000_000, 8: HEARD_US}


def meanings(target: str = "/", body: bytes = b"", method: str = "POST", **headers: str) -> tuple[Message, ...]:
    return request(Context(HEARD_US), Request(method, target, headers, body)).messages


def fixes(*args: Any, **kwargs: Any) -> Fixes:
    (found,) = meanings(*args, **kwargs)
    assert isinstance(found, Records), found
    return found.fixes


def query(**said: object) -> str:
    return "/?" + urlencode({"id": "123456", "lat": 60.0, "lon": 30.0, "timestamp": 1377177267} | said)


def sensors(found: Fixes) -> dict[str, Any]:
    return json.loads(found.extra[0] or b"{}").get("sensors", {})


def report(**location: Any) -> bytes:
    coords = {
        "latitude": 48.1,
        "longitude": 11.5,
        "accuracy": 4.8,
        "speed": 12.5,
        "heading": -1,
        "altitude": 520.0,
    }
    whole = {"timestamp": "2025-10-09T08:00:00.000Z", "coords": coords} | location
    return json.dumps({"location": whole, "device_id": "48241179"}).encode()


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: str(m["seq"]))
def test_a_recorded_request_gives_its_position(message: dict[str, Any]) -> None:
    (found,) = meanings(message["frame"], method=message["method"])
    assert isinstance(found, Records)
    place = (42.06288, -88.23412) if message["seq"] == 4 else (60.0, 30.0)
    assert (found.fixes.lat_deg[0], found.fixes.lon_deg[0]) == pytest.approx(place, abs=1e-5)
    assert found.fixes.at_us[0] == AT_US[message["seq"]]
    assert found.identifier == ("902064" if message["seq"] == 4 else "123456")


def test_all_recorded_requests_are_checked() -> None:
    assert [message["seq"] for message in MESSAGES] == list(AT_US)


@pytest.mark.parametrize(
    ("written", "at_us"),
    [
        ("1377177267", 1_377_177_267_000_000),
        ("1377177267.5", 1_377_177_267_500_000),
        ("1377177267123", 1_377_177_267_123_000),
        ("2013-08-22T13:14:27Z", 1_377_177_267_000_000),
        ("2013-08-22T15:14:27.250+02:00", 1_377_177_267_250_000),
        ("2013-08-22 13:14:27", 1_377_177_267_000_000),
        ("", HEARD_US),
    ],
)
def test_every_way_to_write_a_time_is_read(written: str, at_us: int) -> None:
    assert fixes(query(timestamp=written)).at_us[0] == at_us


def test_parameters_become_columns_in_our_units_and_named_sensors() -> None:
    found = fixes(
        query(speed=10, heading=370 - 360, altitude=224, accuracy=5, odometer=1000, ignition="true", power=12.6)
        + "&batt=71.5&charge=true&hdop=0.9&driverUniqueId=0042&alarm=sos&valid=false&steps=12"
    )
    assert found.speed_mps[0] == pytest.approx(5.14444, abs=1e-4)
    assert (found.heading_deg[0], found.altitude_m[0], found.accuracy_m[0]) == (10, 224, 5)
    assert (found.odometer_m[0], found.ignition[0], found.battery_v[0]) == (1000, 1, np.float32(12.6))
    assert sensors(found) == {
        "battery_percent": 71.5,
        "charging": True,
        "hdop": 0.9,
        "driver_id": "0042",
        "alarm": "sos",
        "valid": False,
        "steps": 12,
    }


def test_a_form_and_a_location_in_one_parameter_are_read() -> None:
    found = fixes("/", body=b"deviceid=7&location=1.5,-2.5&timestamp=1377177267")
    assert (found.lat_deg[0], found.lon_deg[0]) == (1.5, -2.5)


def test_a_value_outside_its_column_stays_a_sensor_and_the_position_is_kept() -> None:
    found = fixes(query(fuelLevel=255))
    assert np.isnan(found.fuel_percent[0])
    assert sensors(found) == {"fuel_percent": 255}


def test_the_json_of_the_app_is_read_in_its_own_units() -> None:
    found = fixes(
        body=report(
            battery={"level": 0.93, "is_charging": True},
            odometer=1234.5,
            is_moving=True,
            activity={"type": "in_vehicle"},
        )
    )
    assert found.at_us[0] == 1_759_996_800_000_000
    assert (found.lat_deg[0], found.lon_deg[0]) == (48.1, 11.5)
    assert (found.speed_mps[0], found.altitude_m[0], found.odometer_m[0]) == (12.5, 520, 1234.5)
    assert np.isnan(found.heading_deg[0])
    wanted = {"activity": "in_vehicle", "battery_percent": 93.0, "charging": True, "moving": True}
    assert sensors(found) == wanted


def test_lists_of_reports_and_of_locations_keep_their_order_by_device() -> None:
    one, two = json.loads(report()), json.loads(report(timestamp="2025-10-09T08:00:05Z"))
    assert len(fixes(body=json.dumps([one, two]).encode())) == 2
    both = {"device_id": 48241179, "location": [one["location"], two["location"]]}
    found = fixes(body=json.dumps(both).encode())
    assert (np.diff(found.at_us) == 5_000_000).all()
    other = two | {"device_id": "other"}
    assert [m.identifier for m in meanings(body=json.dumps([one, other]).encode()) if isinstance(m, Records)] == [
        "48241179",
        "other",
    ]


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/?id=1",
        "/?lat=1&lon=2",
        "/?id=1&lat=NaN&lon=2",
        "/?id=1&lat=north&lon=2",
        query(timestamp="yesterday"),
        query(timestamp="-5"),
        query(timestamp="1e300"),
        query(speed="fast"),
        query(altitude="inf"),
        "/?id=%00&lat=1&lon=2",
        "/?" + "&".join(f"a{n}=1" for n in range(300)),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(target: str) -> None:
    (refused,) = meanings(target, method="GET")
    assert isinstance(refused, Refused)
    assert refused.reason.endswith(".")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[1]",
        b"{}",
        b'{"device_id": "1"}',
        b'{"device_id": "1", "location": 5}',
        b'{"device_id": "1", "location": {"coords": {"latitude": "x", "longitude": 2}}}',
        b'{"device_id": "1", "location": {"coords": {"latitude": NaN, "longitude": 2}}}',
        b'{"device_id": true, "location": {"coords": {"latitude": 1, "longitude": 2}}}',
        b"[" * 60_000,
        b"\xff\xfe",
    ],
)
def test_a_body_that_cannot_be_read_is_refused_with_a_sentence(body: bytes) -> None:
    (refused,) = meanings(body=body)
    assert isinstance(refused, Refused)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=120), st.text(max_size=80))
def test_no_request_raises(body: bytes, target: str) -> None:
    meanings("/?" + target, body)
    meanings(target, body)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(JSON, JSON, JSON, JSON)
def test_no_json_raises(device: Any, latitude: Any, timestamp: Any, rest: Any) -> None:
    coords = {"latitude": latitude, "longitude": 1, "speed": rest, "heading": latitude}
    location = {
        "coords": coords,
        "timestamp": timestamp,
        "battery": rest,
        "activity": rest,
        "extras": rest,
        "odometer": rest,
    }
    meanings(body=json.dumps({"device_id": device, "location": location}).encode())
    meanings(body=json.dumps({"device_id": "1", "location": location}).encode())
