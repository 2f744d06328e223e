"""Bluetooth beacons (AVL 385) and tags (AVL 548, 11317): lists inside a variable element of Codec 8 Extended.

After Teltonika's "Beacon" and "Advanced Bluetooth data" descriptions. A list that breaks off gives what could
be read before.
"""

from motorpool.connectors.devices.points import Sensor, text_of

_IBEACON_BYTES = 20
_EDDYSTONE_BYTES = 16


def beacons(raw: bytes) -> list[dict[str, Sensor]]:
    """`id` (hexadecimal), `rssi_dbm`, `battery_v`, `c` of each beacon seen; the first byte only numbers the
    packets of a list.
    """
    found: list[dict[str, Sensor]] = []
    at = 1
    while at < len(raw):
        flags = raw[at]
        size = _IBEACON_BYTES if flags & 0x20 else _EDDYSTONE_BYTES
        parts = [("id", size)]
        parts += [("rssi_dbm", 1)] if flags & 0x01 else []
        parts += [("battery_v", 2)] if flags & 0x02 else []
        parts += [("c", 2)] if flags & 0x04 else []
        at += 1
        if at + sum(width for _, width in parts) > len(raw):
            break
        said: dict[str, Sensor] = {}
        for name, width in parts:
            said[name] = _beacon_part(name, raw[at : at + width])
            at += width
        found.append(said)
    return found


def _beacon_part(name: str, raw: bytes) -> Sensor:
    if name == "id":
        return raw.hex()
    if name == "battery_v":
        return int.from_bytes(raw, "big") / 1000
    signed = int.from_bytes(raw, "big", signed=True)
    return signed / 100 if name == "c" else signed


def tags(raw: bytes) -> dict[str, Sensor]:
    """Readings of the tags as sensors `tag_<number>_<what>`, numbered in the order of the list."""
    sensors: dict[str, Sensor] = {}
    at, number = 1, 0
    while at < len(raw):
        number += 1
        entry = raw[at + 1 : at + 1 + raw[at]]
        at += 1 + raw[at]
        for name, value in _tag(entry):
            sensors[f"tag_{number}_{name}"] = value
    return sensors


def _tag(entry: bytes) -> list[tuple[str, Sensor]]:
    found: list[tuple[str, Sensor]] = []
    at = 0
    while at + 2 <= len(entry):
        kind, size = entry[at], entry[at + 1]
        value = entry[at + 2 : at + 2 + size]
        at += 2 + size
        if len(value) == size and size:
            found += _tag_part(kind, value)
    return found


def _tag_part(kind: int, value: bytes) -> list[tuple[str, Sensor]]:
    if kind == 2:
        return _tag_battery(value)
    if kind == 5:
        return [("name", text_of(value))]
    if kind in _TAG_IDS:
        return [(_TAG_IDS[kind], value.hex())]
    if kind not in _TAG_NUMBERS:
        return [(f"part_{kind}", value.hex())]
    name, signed, over = _TAG_NUMBERS[kind]
    number = int.from_bytes(value, "big", signed=signed)
    return [(name, number / over if over > 1 else number)]


_TAG_IDS = {1: "id", 15: "mac"}
_TAG_NUMBERS = {
    0: ("rssi_dbm", True, 1),
    6: ("c", True, 100),
    7: ("humidity_percent", False, 1),
    8: ("magnet", False, 1),
    9: ("movement", False, 1),
    10: ("moves", False, 1),
    11: ("pitch_deg", True, 1),
    12: ("roll_deg", True, 1),
    13: ("low_battery", False, 1),
    14: ("v", False, 1000),
}


def _tag_battery(value: bytes) -> list[tuple[str, Sensor]]:
    """Flags, then the voltage as 2 000 mV and ten millivolts a step, when bit 7 of the flags says it is
    there.
    """
    found: list[tuple[str, Sensor]] = []
    if value[0] & 0x40:
        found.append(("low_battery", 1))
    if value[0] & 0x80 and len(value) > 1:
        found.append(("v", (2000 + 10 * value[1]) / 1000))
    return found
