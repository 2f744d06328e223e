"""Who may hear what, as sets; and windows that follow."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from motorpool.runtime.realtime.view import NOTHING, WHOLE, Box, View, Viewport, among, union
from tests.support.places import ROWS, Row, at, of_rows, rows_of

NUMBERS = st.frozensets(st.integers(1, 6))


@given(ROWS, NUMBERS)
def test_a_view_lets_exactly_its_vehicles_through(rows: list[Row], numbers: frozenset[int]) -> None:
    view = View.of(numbers, ())
    assert rows_of(view.select(of_rows(rows))) == [row for row in rows if row[1] in numbers]
    assert rows_of(WHOLE.select(of_rows(rows))) == rows


@given(st.lists(NUMBERS, max_size=4))
def test_the_union_of_views_is_the_union_of_their_vehicles(sets: list[frozenset[int]]) -> None:
    views = [View.of(numbers, map(str, numbers)) for numbers in sets]
    everything = frozenset[int]().union(*sets)
    joined = union(views)
    assert joined.numbers.tolist() == sorted(everything)
    assert joined.ids == frozenset(map(str, everything))
    assert joined.key == View.of(everything, ()).key
    assert union([*views, WHOLE]).is_whole


@given(NUMBERS, NUMBERS)
def test_views_share_a_key_exactly_when_they_let_the_same_through(one: frozenset[int], two: frozenset[int]) -> None:
    assert (View.of(one, ()).key == View.of(two, ()).key) == (one == two)
    assert View.of(one, ()).key != WHOLE.key


def test_nothing_sees_nothing_and_the_whole_sees_what_is_not_yet_there() -> None:
    assert not NOTHING.sees("new")
    assert WHOLE.sees("new")
    assert among(np.array([1, 2], np.uint32), NOTHING.numbers).tolist() == [False, False]


def test_a_box_holds_its_edges_and_may_span_the_180th_meridian() -> None:
    rows = of_rows([at(1, 0.0, 10.0, 179.9), at(2, 0.0, 10.0, -179.9), at(3, 0.0, 10.0, 0.0), at(4, 0.0, 20.0, 180.0)])
    assert Box(179.0, 0.0, -179.0, 20.0).mask(rows).tolist() == [True, True, False, True]
    assert Box(0.0, 10.0, 179.9, 10.0).mask(rows).tolist() == [True, False, True, False]


def test_a_window_tells_a_vehicle_that_leaves_once_more_and_then_no_longer() -> None:
    window = Viewport(Box(-98.0, 29.0, -96.0, 31.0))
    assert window.look(of_rows([at(1, 1.0), at(2, 1.0, 40.0)])).tolist() == [True, False]
    assert window.look(of_rows([at(3, 2.0)])).tolist() == [True]
    assert window.look(of_rows([at(1, 3.0, 40.0)])).tolist() == [True]
    assert window.look(of_rows([at(1, 4.0, 41.0), at(3, 4.0)])).tolist() == [False, True]
    assert window.look(of_rows([at(1, 5.0)])).tolist() == [True]
