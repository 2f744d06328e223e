"""AVL ids: which number means what, in which unit, after Teltonika's public parameter lists (FMB, FMC, FMM,
FMT, FMP families).

The professional family (FMB640, FMC650 …) gives some numbers another meaning. Where the other meaning also
has another size, the size tells them apart and both are listed; a number whose size fits no line is kept as
`io<ID>`, as is every number not listed.
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Element:
    """One parameter: its sensor name with the unit, whether it is signed, and by what the number is divided
    (or multiplied).

    `identity` marks numbers that name something (a driver's key, a SIM): they stay text, 16 hexadecimal
    digits. `faults` are the raw numbers by which the sensor says that it has no reading.
    """

    name: str
    signed: bool = False
    over: int = 1
    times: int = 1
    identity: str = ""
    faults: frozenset[int] = frozenset()

    def value(self, raw: bytes) -> int | float | str | None:
        """The reading of the element's bytes; None when the sensor says it has none."""
        if self.identity:
            ordered = raw[::-1] if self.identity == "reversed" else raw
            return ordered.hex().upper() if any(raw) else None
        number = int.from_bytes(raw, "big", signed=self.signed)
        if number in self.faults:
            return None
        return number / self.over if self.over > 1 else number * self.times


# Older firmware says 2000, 3000 and 4000 for faults, which would also be 20.00, 30.00 and 40.00 °C. Every
# tracker without a sensor says so all day, a true reading is hardly ever exactly that: the fault is believed.
_BLE_C = frozenset({2000, 3000, 4000, 32765, 32766, 32767})
_BLE_HUMIDITY = frozenset({2000, 3000, 4000, 32733, 32734, 32735})
_EYE_C = frozenset({32765, 32766, 32767})
_DALLAS = frozenset({850, 2000, 3000, 4000, 5000})

# (id, bytes): plain unsigned numbers, by name.
_PLAIN: dict[tuple[int, int], str] = {
    (1, 1): "digital_input_1", (2, 1): "digital_input_2",
    (3, 1): "digital_input_3", (4, 1): "digital_input_4",
    (4, 4): "pulses_1", (5, 4): "pulses_2", (10, 1): "sd_card",
    (21, 1): "gsm_signal", (69, 1): "gnss_status", (71, 1): "gnss_status",
    (80, 1): "data_mode", (200, 1): "sleep_mode",
    (205, 2): "cell_id", (206, 2): "cell_area", (241, 4): "cell_operator",
    (636, 4): "cell_id", (237, 1): "network_type",
    (240, 1): "movement", (303, 1): "instant_movement", (16, 4): "odometer_m", (199, 4): "trip_m",
    (113, 1): "backup_battery_percent", (116, 1): "charger_connected", (263, 1): "bluetooth_status",
    (179, 1): "digital_output_1", (180, 1): "digital_output_2",
    (380, 1): "digital_output_3", (381, 1): "ground_sense",
    (29, 1): "ble_battery_1_percent", (20, 1): "ble_battery_2_percent", (22, 1): "ble_battery_3_percent",
    (23, 1): "ble_battery_4_percent", (30, 1): "dtc_count",
    (31, 1): "engine_load_percent", (34, 2): "fuel_pressure_kpa",
    (35, 1): "intake_pressure_kpa", (36, 2): "rpm", (41, 1): "throttle_percent", (42, 2): "engine_run_s",
    (46, 1): "egr_percent", (48, 1): "fuel_percent",
    (50, 1): "barometer_kpa", (52, 2): "absolute_load_percent",
    (57, 1): "hybrid_battery_percent", (58, 1): "oil_c", (82, 1): "pedal_percent", (85, 2): "can_rpm",
    (36, 4): "can_odometer_m", (87, 4): "can_odometer_m",
    (105, 4): "counted_odometer_m", (89, 1): "can_fuel_percent",
    (90, 2): "doors", (100, 4): "can_program",
    (111, 1): "adblue_percent", (114, 1): "can_engine_load_percent",
    (118, 2): "axle_1_kg", (119, 2): "axle_2_kg", (120, 2): "axle_3_kg",
    (121, 2): "axle_4_kg", (122, 2): "axle_5_kg",
    (123, 4): "control_flags", (152, 1): "traction_battery_percent", (160, 1): "can_dtc_count",
    (155, 1): "fence_1", (156, 1): "fence_2", (157, 1): "fence_3", (158, 1): "fence_4", (159, 1): "fence_5",
    (61, 1): "fence_6", (62, 1): "fence_7", (63, 1): "fence_8", (64, 1): "fence_9", (65, 1): "fence_10",
    (175, 1): "auto_fence", (236, 1): "alarm", (246, 1): "towing", (247, 1): "crash", (248, 1): "immobilizer",
    (249, 1): "jamming", (250, 1): "trip", (251, 1): "idling",
    (252, 1): "unplugged", (253, 1): "green_driving",
    (318, 1): "gnss_jamming", (243, 2): "green_driving_ms",
    (283, 1): "driving_state", (285, 2): "breath_alcohol",
    (317, 1): "crash_counter", (391, 1): "private_mode", (411, 1): "oem_traction_battery_percent",
    (449, 4): "engine_on_s", (759, 1): "fuel_type",
}  # fmt: skip

_READ: dict[tuple[int, int], Element] = {
    (239, 1): Element("ignition"),
    (66, 2): Element("battery_v", over=1000), (67, 2): Element("backup_battery_v", over=1000),
    (68, 2): Element("backup_battery_a", over=1000), (51, 2): Element("module_v", over=1000),
    (9, 2): Element("analog_input_1_v", over=1000), (6, 2): Element("analog_input_2_v", over=1000),
    (181, 2): Element("pdop", over=10), (182, 2): Element("hdop", over=10),
    (15, 2): Element("eco_score", over=100),
    (12, 4): Element("fuel_used_gps_l", over=1000), (13, 2): Element("fuel_l_per_100km", over=100),
    (17, 2): Element("axis_x_mg", signed=True), (18, 2): Element("axis_y_mg", signed=True),
    (19, 2): Element("axis_z_mg", signed=True), (254, 1): Element("green_driving_g", over=100),
    (32, 1): Element("coolant_c", signed=True), (33, 1): Element("short_fuel_trim_percent", signed=True),
    (38, 1): Element("timing_advance_deg", signed=True), (39, 1): Element("intake_air_c", signed=True),
    (47, 1): Element("egr_error_percent", signed=True), (53, 1): Element("ambient_c", signed=True),
    (40, 2): Element("air_flow_gps", over=100), (60, 2): Element("fuel_l_per_h", over=100),
    (43, 2): Element("mil_m", times=1000), (49, 2): Element("since_codes_cleared_m", times=1000),
    (54, 2): Element("mil_s", times=60), (55, 2): Element("since_codes_cleared_s", times=60),
    (44, 2): Element("relative_rail_kpa", over=10), (45, 2): Element("direct_rail_kpa", times=10),
    (56, 2): Element("absolute_rail_kpa", over=10),
    (59, 2): Element("injection_timing_deg", signed=True, over=100),
    (83, 4): Element("can_fuel_used_l", over=10), (84, 2): Element("can_fuel_l", over=10),
    (107, 4): Element("counted_fuel_used_l", over=10), (110, 2): Element("can_fuel_l_per_h", over=10),
    (102, 4): Element("engine_run_total_s", times=60), (103, 4): Element("counted_engine_run_s", times=60),
    (112, 2): Element("adblue_l", over=10), (115, 2): Element("can_coolant_c", signed=True, over=10),
    (151, 2): Element("traction_battery_c", signed=True, over=10),
    (389, 4): Element("oem_odometer_m", times=1000),
    (390, 4): Element("oem_fuel_l", over=10), (402, 4): Element("oem_service_due_m", times=1000),
    (755, 2): Element("oem_range_m", times=1000),
    (78, 8): Element("driver_id", identity="reversed"), (207, 8): Element("rfid", identity="written"),
    (8, 8): Element("authorized_key", identity="reversed"), (238, 8): Element("user_id", identity="written"),
    (11, 8): Element("sim_1_msb"), (14, 8): Element("sim_1_lsb"),
    (101, 8): Element("can_module", identity="written"),
    (124, 8): Element("machinery_flags", identity="written"),
    (132, 8): Element("security_flags", identity="written"),
    (517, 8): Element("security_flags_p4", identity="written"),
    (518, 8): Element("control_flags_p4", identity="written"),
    (519, 8): Element("indicator_flags_p4", identity="written"),
}  # fmt: skip

# Speeds are told in km/h; everywhere else in Motorpool they are m/s, so they are divided by 3.6.
SPEEDS: dict[tuple[int, int], str] = {
    (24, 2): "gnss_speed_mps",
    (37, 1): "obd_speed_mps",
    (81, 1): "can_speed_mps",
    (255, 1): "overspeed_mps",
}

# Elements of variable length (8 Extended) that are text.
TEXTS: dict[int, str] = {
    256: "vin",
    325: "can_vin",
    281: "obd_dtcs",
    282: "can_dtcs",
    264: "barcode",
    387: "iso6709",
    388: "module_id",
    403: "driver_name",
    404: "driver_licence_type",
    405: "driver_card_number",
    500: "msp500_vendor",
    501: "msp500_vehicle_number",
    502: "msp500_serial",
}


# Elements that hold a list of Bluetooth tags with their readings.
TAG_LISTS = frozenset({548, 11317})


def _numbered() -> Iterator[tuple[tuple[int, int], Element]]:
    for at in range(4):
        number = at + 1
        yield (25 + at, 2), Element(f"ble_{number}_c", signed=True, over=100, faults=_BLE_C)
        yield (
            ((86, 104, 106, 108)[at], 2),
            Element(f"ble_{number}_humidity_percent", over=10, faults=_BLE_HUMIDITY),
        )
        yield (270 + 3 * at, 2), Element(f"ble_{number}_fuel_level")
        yield (269 + 3 * at, 1), Element(f"ble_{number}_fuel_c", signed=True)
        yield (271 + 3 * at, 2), Element(f"ble_{number}_v", over=100)
        yield (306 + at, 4), Element(f"ble_{number}_fuel_hz")
        yield (335 + at, 2), Element(f"ble_{number}_lux")
        yield (72 + at, 4), Element(f"dallas_{number}_c", signed=True, over=10, faults=_DALLAS)
        yield (72 + at, 2), Element(f"dallas_{number}_c", signed=True, over=10, faults=_DALLAS)
        yield ((76, 77, 79, 71)[at], 8), Element(f"dallas_{number}_id", identity="reversed")
        yield (201 + 2 * at if at < 2 else 206 + 2 * at, 2), Element(f"lls_{number}_level", signed=True)
        yield (202 + 2 * at if at < 2 else 207 + 2 * at, 1), Element(f"lls_{number}_c", signed=True)
        yield from _eye(number, at)


def _eye(number: int, at: int) -> Iterator[tuple[tuple[int, int], Element]]:
    yield (10800 + at, 2), Element(f"eye_{number}_c", signed=True, over=100, faults=_EYE_C)
    yield (10804 + at, 1), Element(f"eye_{number}_humidity_percent")
    yield (10808 + at, 1), Element(f"eye_{number}_magnet")
    yield (10812 + at, 1), Element(f"eye_{number}_movement")
    yield (10816 + at, 1), Element(f"eye_{number}_pitch_deg", signed=True)
    yield (10820 + at, 1), Element(f"eye_{number}_low_battery")
    yield (10824 + at, 2), Element(f"eye_{number}_v", over=1000)
    yield (10832 + at, 2), Element(f"eye_{number}_roll_deg", signed=True)
    yield (10836 + at, 2), Element(f"eye_{number}_moves")
    yield (10840 + at, 2), Element(f"eye_{number}_magnets")


ELEMENTS: dict[tuple[int, int], Element] = (
    {key: Element(name) for key, name in _PLAIN.items()} | _READ | dict(_numbered())
)

# Names of what can trigger a record, whatever the element's size.
EVENTS: dict[int, str] = {
    **{number: element.name for (number, _), element in reversed(ELEMENTS.items())},
    **{number: name.removesuffix("_mps") for (number, _), name in SPEEDS.items()},
    **TEXTS,
    385: "beacons",
    **dict.fromkeys(TAG_LISTS, "tags"),
}

# Columns, and the sensors that can fill them: the first one a record has and that makes sense.
COLUMNS: dict[str, tuple[str, ...]] = {
    "odometer_m": ("odometer_m", "can_odometer_m", "oem_odometer_m"),
    "fuel_percent": ("can_fuel_percent", "fuel_percent"),
    "rpm": ("can_rpm", "rpm"),
    "coolant_c": ("can_coolant_c", "coolant_c"),
    "battery_v": ("battery_v",),
}
