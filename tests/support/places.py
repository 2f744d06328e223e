"""Positions for tests, and Hypothesis strategies that make them."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from motorpool.runtime.realtime.positions import DTYPES, NOT_SAID, Positions

Row = tuple[float, int, int, int, int, int, int]

ROWS = st.lists(
    st.tuples(
        st.integers(0, 2**43).map(float),
        st.integers(1, 6),
        st.integers(-900_000_000, 900_000_000),
        st.integers(-1_800_000_000, 1_800_000_000),
        st.integers(0, NOT_SAID),
        st.integers(0, 35_999) | st.just(NOT_SAID),
        st.integers(0, 3),
    ),
    max_size=12,
)


def of_rows(rows: list[Row]) -> Positions:
    """Positions of rows (at_ms, vehicle_no, lat_e7, lon_e7, speed_cmps, heading_cdeg, motion)."""
    columns: list[Any] = list(zip(*rows, strict=True)) if rows else [()] * len(DTYPES)
    return Positions(*(np.array(column, dtype) for column, dtype in zip(columns, DTYPES, strict=True)))


def rows_of(positions: Positions) -> list[Row]:
    """The rows of positions."""
    return list(zip(*(column.tolist() for column in positions.columns()), strict=True))


def at(number: int, at_ms: float, lat_deg: float = 30.0, lon_deg: float = -97.0) -> Row:
    """One row of a vehicle at a place, moving at 10 m/s to the east."""
    return (at_ms, number, round(lat_deg * 1e7), round(lon_deg * 1e7), 1_000, 9_000, 1)
