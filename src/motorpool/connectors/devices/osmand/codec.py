"""What OsmAnd's requests mean: parameters in the query or a form, or the JSON of the newer phone app.

Parameters: `id` or `deviceid`; `lat` and `lon`, or `location=lat,lon`; `timestamp` in seconds, milliseconds,
ISO 8601 or `yyyy-MM-dd HH:mm:ss` (UTC; without it, when it was heard); `speed` in knots, `bearing` or
`heading` in degrees, `altitude` and `accuracy` in metres, `batt` in percent of the phone. Everything else is
kept as a sensor by its own name.

The JSON has SI units already and says −1 for what it does not know; a body may hold one report, a list of
them, or one report with a list of locations.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from math import isfinite, nan
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from motorpool.connectors.devices.points import Point, Sensor
from motorpool.connectors.devices.protocol import Context, Decoded, Records, Refused, Request
from motorpool.kernel.time import to_us

KNOT_MPS = 1852 / 3600
# Above this a number of seconds would be the year 5138: it is milliseconds.
_SECONDS_BELOW = 1e11
_MOST_FIELDS = 200
_MOST_ROWS = 1_000
_LONGEST_TEXT = 1_000
_SENSOR_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.\-]{0,63}")
_COLUMNS = {
    "bearing": "heading_deg",
    "heading": "heading_deg",
    "altitude": "altitude_m",
    "accuracy": "accuracy_m",
    "hacc": "accuracy_m",
    "odometer": "odometer_m",
    "fuelLevel": "fuel_percent",
    "rpm": "rpm",
    "coolantTemp": "coolant_c",
    "power": "battery_v",
}
_RENAMED = {
    "batt": "battery_percent",
    "batteryLevel": "battery_percent",
    "charge": "charging",
    "driverUniqueId": "driver_id",
    "fuel": "fuel_l",
    "vacc": "vertical_accuracy_m",
}
# Names of things, which may look like numbers; and what is a number (a leading zero makes it a name, too).
_TEXTS = frozenset({"driverUniqueId", "alarm", "event", "cell", "wifi", "vin"})
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")
_READ = frozenset({"id", "deviceid", "lat", "lon", "location", "timestamp", "speed"})


class _Unreadable(Exception):
    """The sentence for the sender is the only argument."""


def request(context: Context, received: Request) -> Decoded:
    """The fixes of one request, or a refusal with a sentence for its sender."""
    try:
        reports = list(_reports(received, context.heard_at_us))
    except _Unreadable as reason:
        return Decoded((Refused(str(reason)),))
    by_device: dict[str, list[Point]] = {}
    for identifier, point in reports:
        by_device.setdefault(identifier, []).append(point)
    return Decoded(tuple(Records(tuple(points), identifier=identifier) for identifier, points in by_device.items()))


def _reports(received: Request, heard_at_us: int) -> Iterator[tuple[str, Point]]:
    query = _parameters(urlsplit(received.target).query if "?" in received.target else "")
    kind = received.headers.get("content-type", "")
    if received.body.lstrip()[:1] in (b"{", b"[") or "json" in kind:
        yield from _json_reports(received.body, heard_at_us)
        return
    form = _parameters(_text(received.body))
    yield _parameter_report(query | form, heard_at_us)


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise _Unreadable("The text is not UTF-8.") from None


def _parameters(text: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        raise _Unreadable(f"More than {_MOST_FIELDS} parameters.") from None


def _parameter_report(said: Mapping[str, str], heard_at_us: int) -> tuple[str, Point]:
    lat, lon = _place(said)
    at_us = _time(said["timestamp"]) if said.get("timestamp") else heard_at_us
    point = Point(at_us, lat, lon)
    if said.get("speed"):
        point.said["speed_mps"] = _number("speed", said["speed"]) * KNOT_MPS
    for name, text in said.items():
        if name in _COLUMNS and text:
            point.said[_COLUMNS[name]] = _number(name, text)
        elif name not in _READ and text:
            _add_sensor(point, name, text)
    return _identifier(said.get("id") or said.get("deviceid")), point


def _place(said: Mapping[str, str]) -> tuple[float, float]:
    lat, lon = said.get("lat"), said.get("lon")
    if said.get("location") and not (lat and lon):
        lat, _, lon = said["location"].partition(",")
    if not lat or not lon:
        raise _Unreadable("Send lat and lon.")
    return _number("lat", lat), _number("lon", lon)


def _add_sensor(point: Point, name: str, text: str) -> None:
    if name == "ignition":
        point.ignition = _boolean(text)
    elif _SENSOR_NAME.fullmatch(name):
        point.sensors[_RENAMED.get(name, name)] = _sensor(name, text)


def _boolean(text: str) -> bool:
    return text.strip().lower() in ("true", "1", "on", "yes")


def _sensor(name: str, text: str) -> Sensor:
    if text in ("true", "false"):
        return text == "true"
    if name in _TEXTS or not _NUMBER.fullmatch(text):
        return _clean(text)
    return float(text) if "." in text else int(text)


def _clean(text: str) -> str:
    return "".join(letter for letter in text[:_LONGEST_TEXT] if letter.isprintable())


def _number(name: str, value: object) -> float:
    number = nan
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        try:
            number = float(value)
        except (ValueError, OverflowError):
            number = nan
    if not isfinite(number):
        raise _Unreadable(f"{name} is not a number.")
    return number


def _identifier(value: object) -> str:
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not text or len(text) > 128 or not text.isprintable():
        raise _Unreadable("Send id, the device's identifier.")
    return text


def _time(value: object) -> int:
    """Microseconds since 1970 UTC of any of the ways the protocol writes a time."""
    try:
        number = float(value)  # type: ignore[arg-type]  # what is no number goes the other way
    except (TypeError, ValueError):
        return _calendar_time(value)
    if not 0 < number < 1e15:
        raise _Unreadable("timestamp is not a time.")
    return round(number * (1_000_000 if number < _SECONDS_BELOW else 1_000))


def _calendar_time(value: object) -> int:
    try:
        at = datetime.fromisoformat(str(value).strip())
        return to_us(at if at.tzinfo else at.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise _Unreadable("timestamp is not a time.") from None


def _json_reports(body: bytes, heard_at_us: int) -> Iterator[tuple[str, Point]]:
    try:
        content = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise _Unreadable("The body is not JSON.") from None
    reports = content if isinstance(content, list) else [content]
    for report in reports:
        if not isinstance(report, dict):
            raise _Unreadable("A report is an object with device_id and location.")
        locations = report.get("location")
        listed = locations if isinstance(locations, list) else [locations]
        if len(reports) + len(listed) > _MOST_ROWS:
            raise _Unreadable(f"More than {_MOST_ROWS} locations.")
        identifier = _identifier(report.get("device_id"))
        for location in listed:
            yield identifier, _json_point(location, heard_at_us)


def _json_point(location: Any, heard_at_us: int) -> Point:
    coords = location.get("coords") if isinstance(location, dict) else None
    if not isinstance(coords, dict):
        raise _Unreadable("A location has coords with latitude and longitude.")
    at_us = _time(location["timestamp"]) if location.get("timestamp") is not None else heard_at_us
    point = Point(at_us, _number("latitude", coords.get("latitude")), _number("longitude", coords.get("longitude")))
    for name, column in (("speed", "speed_mps"), ("heading", "heading_deg"), ("accuracy", "accuracy_m")):
        # Minus one is how the app says that it does not know.
        if coords.get(name) is not None and _number(name, coords[name]) >= 0:
            point.said[column] = _number(name, coords[name])
    if coords.get("altitude") is not None:
        point.said["altitude_m"] = _number("altitude", coords["altitude"])
    if location.get("odometer") is not None:
        point.said["odometer_m"] = _number("odometer", location["odometer"])
    _json_sensors(point, location)
    return point


def _json_sensors(point: Point, location: dict[str, Any]) -> None:
    battery, activity, extras = (location.get(name) for name in ("battery", "activity", "extras"))
    found: dict[str, Any] = dict(extras) if isinstance(extras, dict) else {}
    found |= {
        "moving": location.get("is_moving"),
        "event": location.get("event"),
        "mock": location.get("mock"),
    }
    if isinstance(battery, dict):
        level = battery.get("level")
        if isinstance(level, int | float) and not isinstance(level, bool) and 0 <= level <= 1:
            point.sensors["battery_percent"] = round(level * 100, 2)
        found["charging"] = battery.get("is_charging")
    if isinstance(activity, dict):
        found |= {"activity": activity.get("type"), "activity_confidence": activity.get("confidence")}
    for name, value in found.items():
        if _SENSOR_NAME.fullmatch(name) and isinstance(value, str | int | float):
            point.sensors[name] = _clean(value) if isinstance(value, str) else value
