import math

import pytest

from motorpool.telemetry.reference import Reference, Rules


def test_the_rules_as_delivered_are_sound():
    assert Reference().rules.faults() == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"park_us": 0}, "park_us must be above 0"),
        ({"confirm_m": math.nan}, "confirm_m must be above 0"),
        ({"gap_us": 60_000_000}, "park_us must not be above gap_us"),
        ({"rest_speed_mps": 3.0}, "rest_speed_mps must not be above move_speed_mps"),
        ({"step_m": 400.0}, "step_m must not be above start_m"),
        ({"jump_agreeing": 1}, "jump_agreeing must be 2 … 200"),
    ],
)
def test_rules_that_contradict_themselves_are_refused_when_made(change, fault):
    with pytest.raises(ValueError, match=fault):
        Reference(Rules(**change))


def test_all_faults_are_told_at_once():
    with pytest.raises(ValueError, match=r"gap_us.*; .*stop_us"):
        Reference(Rules(gap_us=-1, stop_us=0))
