"""The demo fleet's papers: valid, unique, the same every time."""

import pytest

from motorpool.demo.roster import imei, roster
from motorpool.features.vehicles.model import FUEL_TYPES, KINDS, check_digit, checked_vin

FLEET = roster(1, 200)


def test_every_vin_is_well_formed_with_a_right_check_digit() -> None:
    for entry in FLEET:
        assert checked_vin(entry.vin) == entry.vin
        assert entry.vin[8] == check_digit(entry.vin)


@pytest.mark.parametrize("field", ["name", "plate", "vin", "device"])
def test_no_two_vehicles_share_a_name_a_plate_a_vin_or_a_tracker(field: str) -> None:
    values = [getattr(entry, field) for entry in FLEET]
    assert len(set(values)) == len(values)


def test_fleets_of_two_seeds_share_no_tracker_and_no_vin() -> None:
    other = roster(2, 200)
    for field in ("vin", "device", "plate"):
        assert not {getattr(e, field) for e in FLEET} & {getattr(e, field) for e in other}


def test_a_tracker_has_an_imei_with_luhns_digit() -> None:
    for index in range(50):
        digits = [int(d) for d in imei(3, index)]
        doubled = [d * 2 - 9 * (d > 4) if k % 2 else d for k, d in enumerate(digits)]
        assert len(digits) == 15
        assert sum(doubled) % 10 == 0


def test_a_larger_fleet_begins_with_the_smaller_one() -> None:
    assert roster(1, 8) == FLEET[:8]


def test_there_are_vans_trucks_buses_and_cars_the_api_knows() -> None:
    kinds = {entry.kind.name for entry in FLEET[:12]}
    assert kinds == {"van", "truck", "bus", "car"} <= set(KINDS)
    assert {entry.fleet for entry in FLEET} == {"Delivery", "Haulage", "Buses", "Service"}
    assert "diesel" in FUEL_TYPES


def test_all_shifts_of_a_kind_are_worked() -> None:
    for kind in {entry.kind for entry in FLEET}:
        assert {entry.shift for entry in FLEET if entry.kind is kind} == set(kind.shifts)
