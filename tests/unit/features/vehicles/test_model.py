"""The rules of vehicles: VINs, words to look for, changes."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motorpool.features.vehicles.model import (
    VIN_VALUES,
    Vehicle,
    VehicleRetired,
    VinCheckDigitWrong,
    VinInvalid,
    check_digit,
    checked_vin,
    folded,
    search_terms,
)

SIGNS = st.text(st.sampled_from(sorted(VIN_VALUES)), min_size=17, max_size=17)
TEXTS = st.text(max_size=200)


@pytest.mark.parametrize("vin", ["1M8GDM9AXKP042788", "11111111111111111", "5GZCZ43D13S812715", "JH4KA8260MC000000"])
def test_vins_of_real_vehicles_are_taken(vin: str) -> None:
    assert checked_vin(f" {vin.lower()} ") == vin


@given(SIGNS)
def test_of_all_ninth_signs_one_is_right_where_the_rule_holds(vin: str) -> None:
    north_american = "1" + vin[1:]
    right = north_american[:8] + check_digit(north_american) + north_american[9:]
    assert checked_vin(right) == right
    for sign in "0123456789X":
        if sign != right[8]:
            with pytest.raises(VinCheckDigitWrong):
                checked_vin(right[:8] + sign + right[9:])


@given(SIGNS, st.integers(0, 16), st.sampled_from("0123456789"))
def test_a_mistyped_digit_is_noticed(vin: str, place: int, digit: str) -> None:
    vin = "1" + vin[1:]
    right = vin[:8] + check_digit(vin) + vin[9:]
    if place not in (0, 8) and right[place].isdigit() and right[place] != digit:
        with pytest.raises(VinCheckDigitWrong):
            checked_vin(right[:place] + digit + right[place + 1 :])


WRONG = ["", "1M8GDM9AXKP04278", "1M8GDM9AXKP0427888", "IM8GDM9AXKP042788", "1M8GDM9AXKP04278Q", "1M8GDM9AXKP04278\n8"]


@pytest.mark.parametrize("text", [*WRONG, "\uff11M8GDM9AXKP042788"])
def test_what_is_no_vin_is_told(text: str) -> None:
    with pytest.raises(VinInvalid):
        checked_vin(text)


@given(TEXTS)
def test_folding_is_done_once_for_all_and_bounded(text: str) -> None:
    assert len(folded(text).encode()) <= 1200
    assert (
        folded(text.upper()) == folded(text.lower())
        or text.upper().lower() != text.lower()
        or text.lower().upper() != text.upper()
    )


@pytest.mark.parametrize(
    ("one", "two"), [("Müller", "MULLER"), ("STRASSE", "straße"), ("ﬁre", "FIRE"), ("Ａ１", "a1"), ("Å", "a")]
)
def test_case_marks_and_width_make_no_difference(one: str, two: str) -> None:
    assert folded(one) == folded(two)


@given(TEXTS, TEXTS)
def test_every_word_of_a_text_finds_it(one: str, two: str) -> None:
    terms = search_terms(one, two, None)
    for word in folded(one).split():
        for part in search_terms(word):
            assert any(term.startswith(part) for term in terms)
    assert terms == sorted(set(terms))
    assert all(0 < len(term) <= 60 for term in terms)


def test_words_written_together_and_apart_are_all_terms() -> None:
    assert search_terms("Van Smith-Jones", "ZH 48-213") == sorted(
        ["van", "smith", "jones", "smithjones", "vansmithjones", "zh", "48", "213", "48213", "zh48213"]
    )


def vehicle(status: str) -> Vehicle:
    """A vehicle in a state."""
    return Vehicle(UUID(int=1), 7, "A", None, None, None, None, None, "van", "diesel", None, status, 3)


def test_a_change_is_a_new_version_and_says_the_new_values() -> None:
    new, event = vehicle("in_service").changed({"name": "B", "plate": "P"})
    assert (new.name, new.plate, new.version, new.no) == ("B", "P", 4, 7)
    assert (event.name, event.plate, event.status) == ("B", "P", "in_service")


def test_a_retired_vehicle_changes_only_by_coming_back() -> None:
    for fields in ({}, {"name": "B"}, {"status": "retired"}):
        with pytest.raises(VehicleRetired):
            vehicle("retired").changed(fields)
    assert vehicle("retired").changed({"status": "reserved", "name": "B"})[0].name == "B"
