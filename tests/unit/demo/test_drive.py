"""The demo fleet on the road: believable to a server that checks, and the same however time is cut."""

from collections import defaultdict
from datetime import datetime
from functools import lru_cache
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from motorpool.demo.day import Days
from motorpool.demo.drive import LIVE, PAST, Cadence, Fleet, Known, Row
from motorpool.demo.ground import to_plane
from motorpool.demo.itinerary import DAY_S, OVERHEATING, day_of, day_start_s
from motorpool.demo.roster import Entry, roster
from motorpool.demo.routes import routes_of
from motorpool.demo.town import build
from motorpool.kernel.time import SECOND_US

TOWN = build(1)
SEED = 1
FLEET = roster(SEED, 12)
START_S = 1_760_000_000  # a Thursday, 08:53 UTC
HOUR_S = 3600


def fleet(start_s: int = START_S, known: dict[str, Known] | None = None, entries: list[Entry] = FLEET) -> Fleet:
    return Fleet.of(TOWN, entries, SEED, start_s * SECOND_US, known)


@lru_cache
def a_day() -> tuple[Row, ...]:
    return tuple(fleet().step((START_S + DAY_S) * SECOND_US, Cadence(2, 10, 120)))


def by_device(rows: tuple[Row, ...] | list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: str(row["at"])):
        found[row["device"]].append(row)
    return found


def seconds(row: Row) -> float:
    return datetime.fromisoformat(row["at"]).timestamp()


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(1, HOUR_S), max_size=12))
def test_the_same_rows_come_in_the_same_order_however_the_time_is_cut(cuts: list[int]) -> None:
    whole = fleet().step((START_S + HOUR_S) * SECOND_US)
    cut = fleet()
    parts = [row for at in [*sorted(cuts), HOUR_S] for row in cut.step((START_S + at) * SECOND_US)]
    assert parts == whole


def test_a_step_into_the_past_or_of_no_time_says_nothing() -> None:
    still = fleet()
    assert still.step(START_S * SECOND_US) == []
    assert still.step((START_S - 100) * SECOND_US) == []
    assert still.step((START_S + 60) * SECOND_US) == fleet().step((START_S + 60) * SECOND_US)


def test_another_seed_drives_another_way() -> None:
    other = Fleet.of(TOWN, roster(2, 12), 2, START_S * SECOND_US)
    until_us = (START_S + 600) * SECOND_US
    assert [r["lat"] for r in other.step(until_us)] != [r["lat"] for r in fleet().step(until_us)]


def test_a_fleet_that_starts_again_goes_on_as_if_nothing_had_happened() -> None:
    noon_s = START_S + 30 * HOUR_S
    whole = by_device(fleet().step((noon_s + HOUR_S) * SECOND_US, PAST))
    known = {d: Known(round(seconds(rows[-1])) * SECOND_US, rows[-1]["odometer_m"])
             for d, rows in by_device(fleet().step(noon_s * SECOND_US, PAST)).items()}  # fmt: skip
    again = by_device(fleet(noon_s - DAY_S, known).step((noon_s + HOUR_S) * SECOND_US, PAST))
    for device, rows in again.items():
        since = [row for row in whole[device] if seconds(row) > known[device].at_us / SECOND_US]
        assert [_without_odometer(row) for row in rows] == [_without_odometer(row) for row in since]
        np.testing.assert_allclose([r["odometer_m"] for r in rows], [r["odometer_m"] for r in since], atol=2.0)


def test_no_street_is_driven_faster_than_allowed_and_no_vehicle_beyond_its_brakes_and_engine() -> None:
    for entry in FLEET:
        days = Days(routes_of(TOWN), entry, SEED)
        track = days.day(day_of(entry, START_S)).track
        sample = track.at(np.arange(0.0, DAY_S, 1.0))
        change = np.diff(sample.speed_mps)
        assert change.max() <= entry.kind.accelerate_mps2 + 1e-6
        assert change.min() >= -entry.kind.brake_mps2 - 1e-6
        assert (sample.speed_mps <= _limits(track, sample.distance_m) + 1e-6).all()
        np.testing.assert_allclose(
            np.diff(sample.distance_m), (sample.speed_mps[1:] + sample.speed_mps[:-1]) / 2, atol=1.0
        )


def test_corners_are_taken_slowly() -> None:
    track = Days(routes_of(TOWN), FLEET[0], SEED).day(day_of(FLEET[0], START_S)).track
    turn = np.abs((np.diff(track.heading_deg) + 180) % 360 - 180)
    corner = track.corner_m[1:-1][turn > 70]
    passing = track.speed_mps[np.searchsorted(track.distance_m, corner)]
    assert len(corner) > 50
    assert passing.max() < 25 / 3.6


def test_what_trackers_say_of_speed_stays_near_the_highest_limit_of_the_town() -> None:
    assert max(row["speed_mps"] for row in a_day()) < 100 / 3.6 + 0.5
    assert min(row["speed_mps"] for row in a_day()) >= 0.0


def test_positions_lie_on_streets_within_metres() -> None:
    rows = a_day()[::211]
    xy = to_plane(np.array([r["lat"] for r in rows]), np.array([r["lon"] for r in rows]))
    start, end = TOWN.xy[TOWN.ends[:, 0]], TOWN.xy[TOWN.ends[:, 1]]
    along = end - start
    share = ((xy[:, None] - start) * along).sum(axis=2) / (along**2).sum(axis=1)
    nearest = np.linalg.norm(xy[:, None] - start - np.clip(share, 0, 1)[..., None] * along, axis=2).min(axis=1)
    assert nearest.max() < 12.0
    assert 0.5 < nearest.mean() < 4.0


def test_the_odometer_counts_what_was_driven_and_never_runs_back() -> None:
    for rows in by_device(a_day()).values():
        metres = np.diff([row["odometer_m"] for row in rows])
        assert metres.min() >= 0
        xy = to_plane(np.array([r["lat"] for r in rows]), np.array([r["lon"] for r in rows]))
        assert (np.hypot(*np.diff(xy, axis=0).T) <= metres + 20.0).all()
        assert metres.sum() > 20_000


def test_fuel_falls_with_the_distance_and_rises_only_at_a_fuel_station() -> None:
    stations = TOWN.xy[[place.node for place in TOWN.places_of("fuel_station")]]
    filled = 0
    for rows in by_device(a_day()).values():
        fuel = np.array([row["fuel_percent"] for row in rows])
        assert fuel.min() > 5.0
        for k in np.flatnonzero(np.diff(fuel) > 0).tolist():
            here = to_plane(np.array([rows[k]["lat"]]), np.array([rows[k]["lon"]]))
            assert np.hypot(*(stations - here).T).min() < 60.0
            assert fuel[k + 1] > 90.0
            filled += 1
    assert filled >= 3


def test_engines_rest_at_some_stops_and_idle_at_others() -> None:
    states = {(row["ignition"], row["speed_mps"] > 0) for row in a_day()}
    assert states == {(True, True), (True, False), (False, False)}
    for row in a_day():
        assert (row["rpm"] > 400) == row["ignition"]
        assert row["rpm"] < 4500


def test_the_alternator_lifts_the_battery_of_light_and_heavy_vehicles() -> None:
    for entry in FLEET:
        volts = [(row["ignition"], row["battery_v"]) for row in a_day() if row["device"] == entry.device]
        running = [v for on, v in volts if on]
        resting = [v for on, v in volts if not on]
        assert min(running) > max(resting) > entry.kind.battery_v


def test_everything_said_is_within_what_the_server_takes() -> None:
    bounds = {"heading_deg": (0, 360), "altitude_m": (300, 900), "accuracy_m": (1, 12), "coolant_c": (-10, 125)}
    for row in a_day():
        for field, (low, high) in bounds.items():
            assert low <= row[field] <= high
        assert row["heading_deg"] != 360.0
        assert row["at"].endswith("Z")


def test_after_a_silence_the_buffered_rows_come_late_and_in_no_order() -> None:
    told = fleet().told((START_S + DAY_S) * SECOND_US, LIVE)
    late = [(heard_s, row) for heard_s, row in told if heard_s - seconds(row) > 60]
    assert len(late) > 300
    bursts: dict[tuple[str, int], list[float]] = defaultdict(list)
    for heard_s, row in late:
        bursts[row["device"], heard_s].append(seconds(row))
    long = [at for at in bursts.values() if len(at) > 20]
    assert len(long) >= 5
    assert all(at != sorted(at) for at in long)
    assert all(heard_s >= seconds(row) for heard_s, row in told)


def test_no_row_is_told_twice_and_a_kept_silence_loses_none() -> None:
    told = fleet().step((START_S + DAY_S) * SECOND_US)
    assert len({(row["device"], row["at"]) for row in told}) == len(told)
    entry = next(e for e in FLEET if any(s.kept for s in _day(e).itinerary.silences))
    day = _day(entry)
    silence = next(s for s in day.itinerary.silences if s.kept)
    rows = Fleet.of(TOWN, [entry], SEED, day.start_s * SECOND_US).step((day.start_s + DAY_S - 1) * SECOND_US)
    during = {round(seconds(row)) - day.start_s for row in rows}
    speed = day.track.at(np.arange(silence.start_s + 1.0, silence.end_s + 1.0)).speed_mps
    assert {silence.start_s + 1 + int(k) for k in np.flatnonzero(speed > 0.31)} <= during


def test_now_and_then_a_fault_shows_and_an_engine_gets_too_hot() -> None:
    shown: set[str] = set()
    hottest = 0.0
    for entry in FLEET[:4]:
        days = Days(routes_of(TOWN), entry, SEED)
        first = day_of(entry, START_S)
        broken = [n for n in range(first, first + 60) if days._plan(n).fault is not None]
        assert len(broken) < 15
        for number in broken:
            start_s = day_start_s(entry, number)
            rows = Fleet.of(TOWN, [entry], SEED, start_s * SECOND_US).step((start_s + DAY_S - 1) * SECOND_US, PAST)
            codes = {code for row in rows for code in row.get("dtcs", [])}
            shown |= codes
            if OVERHEATING in codes:
                hottest = max(hottest, *(row["coolant_c"] for row in rows))
            else:
                assert max(row["coolant_c"] for row in rows) < 95
    assert len(shown) >= 3
    assert OVERHEATING not in shown or hottest > 100


def test_somebody_is_on_the_move_at_every_minute_of_the_day_and_night() -> None:
    moving = np.zeros(24 * 60, dtype=int)
    for entry in roster(SEED, 60):
        days = Days(routes_of(TOWN), entry, SEED)
        number = day_of(entry, START_S)
        at_s = START_S + np.arange(24 * 60) * 60
        for n in (number, number + 1):
            day = days.day(n)
            second = (at_s - day.start_s).astype(float)
            inside = (second >= 0) & (second < DAY_S)
            moving[inside] += day.track.at(second[inside]).speed_mps > 0.3
    assert moving.min() >= 2
    assert moving.mean() > 12


def test_every_vehicle_is_home_before_its_next_day_begins() -> None:
    for entry in roster(SEED, 24):
        days = Days(routes_of(TOWN), entry, SEED)
        for number in range(20_000, 20_004):
            day = days.day(number)
            assert day.track.time_s[-1] < DAY_S
            np.testing.assert_allclose(day.distance_m, day.itinerary.distance_m(routes_of(TOWN)))
            assert len(day.track.switch_s) % 2 == 0
            assert (np.diff(day.track.switch_s) > 0).all()


def test_the_past_is_coarser_than_the_present() -> None:
    until_us = (START_S + HOUR_S) * SECOND_US
    assert 0 < len(fleet().step(until_us, PAST)) * 8 < len(fleet().step(until_us, LIVE))


def _day(entry: Entry) -> Any:
    return Days(routes_of(TOWN), entry, SEED).day(day_of(entry, START_S))


def _limits(track: Any, distance_m: np.ndarray) -> np.ndarray:
    """The limit of the street at each distance: the higher one where two meet."""
    edges = {tuple(sorted(map(tuple, np.round(TOWN.xy[e], 3)))): k for k, e in enumerate(TOWN.ends)}
    corners = [tuple(p) for p in np.round(track.xy, 3)]
    limit = np.array([TOWN.limit_mps[edges[tuple(sorted(pair))]] for pair in zip(corners, corners[1:], strict=False)])
    before = np.clip(np.searchsorted(track.corner_m, distance_m - 0.01, side="right") - 1, 0, len(limit) - 1)
    after = np.clip(np.searchsorted(track.corner_m, distance_m + 0.01, side="right") - 1, 0, len(limit) - 1)
    return np.maximum(limit[before], limit[after])


def _without_odometer(row: Row) -> Row:
    return {k: v for k, v in row.items() if k != "odometer_m"}
