import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motorpool.science.geo.sphere import EARTH_RADIUS_M, bearing_deg, haversine_m

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)


@pytest.mark.parametrize(
    ("here", "there", "metres"),
    [
        ((0.0, 0.0), (0.0, 1.0), EARTH_RADIUS_M * math.pi / 180),
        ((0.0, 0.0), (0.0, 180.0), EARTH_RADIUS_M * math.pi),
        ((90.0, 0.0), (-90.0, 77.0), EARTH_RADIUS_M * math.pi),
        ((0.0, 179.5), (0.0, -179.5), EARTH_RADIUS_M * math.pi / 180),
        ((52.5200, 13.4050), (48.8566, 2.3522), 877_464.6),  # Berlin, Paris
    ],
)
def test_known_distances(here, there, metres):
    assert haversine_m(*here, *there) == pytest.approx(metres, rel=1e-6)


@given(latitudes, longitudes, latitudes, longitudes)
def test_the_way_back_is_as_long_and_never_longer_than_half_the_earth(lat1, lon1, lat2, lon2):
    there = haversine_m(lat1, lon1, lat2, lon2)
    assert there == pytest.approx(haversine_m(lat2, lon2, lat1, lon1), abs=1e-6)
    assert 0.0 <= there <= EARTH_RADIUS_M * math.pi + 1e-6


@given(latitudes, longitudes)
def test_a_place_is_no_distance_from_itself(lat, lon):
    assert haversine_m(lat, lon, lat, lon) == 0.0


def test_a_metre_is_still_a_metre():
    assert haversine_m(52.0, 13.0, 52.0 + 1 / 111_195.08, 13.0) == pytest.approx(1.0, rel=1e-6)


def test_an_unknown_place_is_at_no_distance_known():
    assert math.isnan(haversine_m(math.nan, 0.0, 0.0, 0.0))
    assert math.isnan(bearing_deg(0.0, math.nan, 0.0, 0.0))


@pytest.mark.parametrize(
    ("lat", "lon", "heading_deg"), [(1.0, 0.0, 0.0), (0.0, 1.0, 90.0), (-1.0, 0.0, 180.0), (0.0, -1.0, 270.0)]
)
def test_the_four_courses_from_the_null_place(lat, lon, heading_deg):
    assert bearing_deg(0.0, 0.0, lat, lon) == pytest.approx(heading_deg)


@given(latitudes, longitudes, latitudes, longitudes)
def test_a_course_is_in_its_range(lat1, lon1, lat2, lon2):
    assert 0.0 <= bearing_deg(lat1, lon1, lat2, lon2) < 360.0
