"""The demo town: whole, the same every time, drivable, and small enough for a map."""

import gzip
import json
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motorpool.demo.ground import to_lat_lon, to_plane
from motorpool.demo.landscape import within
from motorpool.demo.picture import geojson
from motorpool.demo.routes import Routes, route, routes_of
from motorpool.demo.sketch import BRIDGED, CLASSES, LIMIT_MPS
from motorpool.demo.town import Town, build

TOWN = build(1)
NODES = st.integers(0, len(TOWN.xy) - 1)


@pytest.mark.parametrize("seed", [1, 2, 3, 77])
def test_every_crossing_reaches_every_other(seed: int) -> None:
    town = build(seed)
    next_to = Routes(town).next_to
    reached, waiting = {0}, [0]
    while waiting:
        for node, _ in next_to[waiting.pop()]:
            if node not in reached:
                reached.add(node)
                waiting.append(node)
    assert len(reached) == len(town.xy)


@pytest.mark.parametrize("seed", [1, 2, 3, 77])
def test_it_is_a_town_of_a_few_thousand_street_segments_with_every_class_of_street(seed: int) -> None:
    town = build(seed)
    assert 3000 < len(town.ends) < 6000
    assert set(town.street_class.tolist()) == set(range(len(CLASSES)))
    assert town.length_m.min() > 1.0
    assert town.length_m.max() < 400.0


def test_the_same_seed_draws_the_same_town_and_another_seed_another() -> None:
    build.cache_clear()
    again = build(1)
    assert again is not TOWN
    for name in ("xy", "ends", "length_m", "street", "signals"):
        np.testing.assert_array_equal(getattr(again, name), getattr(TOWN, name))
    assert (again.names, again.places) == (TOWN.names, TOWN.places)
    assert not np.array_equal(build(2).xy[:100], TOWN.xy[:100])


def test_it_lies_inland_within_eight_kilometres_of_its_market_square() -> None:
    lat, lon = to_lat_lon(np.zeros((1, 2)))
    assert (lat[0], lon[0]) == (47.95, 9.35)
    assert np.hypot(*TOWN.xy.T).max() < 8000.0


def test_plane_and_sphere_agree_on_distances_and_there_and_back_is_the_same_place() -> None:
    np.testing.assert_allclose(to_plane(TOWN.lat_deg, TOWN.lon_deg), TOWN.xy, atol=1e-6)
    a, b = TOWN.ends.T
    sphere = _haversine_m(TOWN.lat_deg[a], TOWN.lon_deg[a], TOWN.lat_deg[b], TOWN.lon_deg[b])
    np.testing.assert_allclose(sphere, TOWN.length_m, rtol=3e-3)


def test_speed_limits_are_those_of_the_class_and_higher_only_in_the_country() -> None:
    for k, name in enumerate(CLASSES):
        limits = set(np.round(TOWN.limit_mps[TOWN.street_class == k] * 3.6).tolist())
        assert limits <= {round(LIMIT_MPS[name] * 3.6), 80 if name == "primary" else 0}


def test_only_main_roads_cross_the_river_and_some_do() -> None:
    river = to_plane(*next(area for area in TOWN.areas if area.name == "Lauter").corners.T)
    ends = TOWN.xy[TOWN.ends]
    steps = np.linspace(0, 1, 9)[:, None, None]
    wet = within((ends[:, 0] * (1 - steps) + ends[:, 1] * steps).reshape(-1, 2), river).reshape(9, -1).any(axis=0)
    assert {CLASSES[k] for k in TOWN.street_class[wet].tolist()} <= set(BRIDGED)
    assert wet.sum() >= 6


def test_places_of_every_kind_stand_apart_at_crossings_that_exist() -> None:
    counts = {kind: len(TOWN.places_of(kind)) for kind in ("depot", "fuel_station", "bus_stop", "customer")}
    assert counts == {"depot": 2, "fuel_station": 4, "bus_stop": 48, "customer": 72}
    assert all(0 <= place.node < len(TOWN.xy) for place in TOWN.places)
    assert len({place.name for place in TOWN.places}) == len(TOWN.places)


def test_streets_have_names_of_their_own_except_main_roads_in_two_parts() -> None:
    small = [TOWN.names[s] for s in set(TOWN.street[TOWN.street_class >= CLASSES.index("residential")].tolist())]
    assert len(small) == len(set(small)) > 300


@settings(max_examples=40, deadline=None)
@given(NODES, NODES)
def test_a_route_follows_streets_from_start_to_end(start: int, end: int) -> None:
    path = route(TOWN, start, end)
    ways = routes_of(TOWN)
    assert (path[0], path[-1]) == (start, end)
    assert len(set(path)) == len(path)
    length = sum(TOWN.length_m[ways.edge(a, b)] for a, b in pairwise(path))
    assert math.isclose(length, ways.distance_m(start, end), abs_tol=1e-6)


@settings(max_examples=40, deadline=None)
@given(NODES, NODES, NODES)
def test_no_detour_is_quicker_than_the_route(start: int, over: int, end: int) -> None:
    ways = routes_of(TOWN)
    direct = ways.duration_s(start, end)
    assert direct <= ways.duration_s(start, over) + ways.duration_s(over, end) + 1e-6
    assert math.isclose(direct, ways.duration_s(end, start), abs_tol=1e-6)


def test_a_route_to_where_one_is_stays_there() -> None:
    assert route(TOWN, 5, 5) == [5]


def test_the_map_is_small_and_draws_each_segment_once() -> None:
    picture = geojson(TOWN)
    text = json.dumps(picture, ensure_ascii=False, separators=(",", ":")).encode()
    assert len(text) < 400_000
    assert len(gzip.compress(text)) < 60_000
    lines = [f["geometry"]["coordinates"] for f in picture["features"] if f["geometry"]["type"] == "LineString"]
    assert sum(len(line) - 1 for line in lines) == len(TOWN.ends)


def test_the_map_names_classes_and_layers_and_rounds_to_six_places() -> None:
    picture = geojson(TOWN)
    west, south, east, north = picture["bbox"]
    for feature in picture["features"]:
        assert feature["properties"]["layer"] in ("street", "water", "park", "place")
        assert feature["properties"]["name"]
        assert feature["properties"].get("class", "lane") in CLASSES
        for lon, lat in _points(feature["geometry"]):
            assert (round(lon, 6), round(lat, 6)) == (lon, lat)
            if feature["properties"]["layer"] == "street":
                assert west <= lon <= east
                assert south <= lat <= north


def test_polygons_on_the_map_are_closed() -> None:
    rings = [f["geometry"]["coordinates"][0] for f in geojson(TOWN)["features"] if f["geometry"]["type"] == "Polygon"]
    assert len(rings) == len(TOWN.areas) > 5
    assert all(ring[0] == ring[-1] and len(ring) > 3 for ring in rings)


def test_small_streets_are_drawn_before_large_ones() -> None:
    classes = [CLASSES.index(f["properties"]["class"]) for f in geojson(TOWN)["features"] if "class" in f["properties"]]
    assert classes == sorted(classes, reverse=True)


def _points(geometry: dict[str, object]) -> list[list[float]]:
    coordinates = geometry["coordinates"]
    assert isinstance(coordinates, list)
    return {"Point": [coordinates], "LineString": coordinates, "Polygon": coordinates[0]}[str(geometry["type"])]


def _haversine_m(lat1: np.ndarray, lon1: np.ndarray, lat2: np.ndarray, lon2: np.ndarray) -> np.ndarray:
    lat1, lon1, lat2, lon2 = (np.radians(x) for x in (lat1, lon1, lat2, lon2))
    h = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6_371_008.8 * np.arcsin(np.sqrt(h))


def test_town_is_a_value_nobody_changes() -> None:
    with pytest.raises(AttributeError):
        TOWN.name = "elsewhere"  # type: ignore[misc]
    assert isinstance(TOWN, Town)
