"""Positions as columns: what devices said (`Fixes`), and the same with the vehicle it belongs to (`Batch`).

A row is what one device said once. Nothing derived is in it: odometer, motion and trips live in `state.py`
and in trips.

=================  =======  ================================================================  ==========
column             dtype    meaning                                                           not said
=================  =======  ================================================================  ==========
at_us              int64    time of the fix [µs since 1970-01-01 UTC], > 0                    required
lat_deg            float64  latitude, WGS 84 [deg], −90 … 90                                  required
lon_deg            float64  longitude, WGS 84 [deg], −180 … 180                               required
speed_mps          float32  speed over ground [m/s], ≥ 0                                      NaN
heading_deg        float32  course, clockwise from north [deg], 0 ≤ h < 360                   NaN
altitude_m         float32  height above sea level [m]                                        NaN
accuracy_m         float32  radius of the fix's uncertainty [m], ≥ 0                          NaN
odometer_m         float64  the device's own total distance [m], ≥ 0                          NaN
ignition           int8     0 off, 1 on                                                       −1
fuel_percent       float32  fuel level [%], 0 … 100                                           NaN
rpm                float32  engine speed [1/min]                                              NaN
coolant_c          float32  coolant temperature [°C]                                          NaN
battery_v          float32  supply voltage [V]                                                NaN
extra              object   compact JSON bytes with sorted keys: `dtcs`, `sensors`            None
=================  =======  ================================================================  ==========
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

UNKNOWN = -1
"""The ignition was not said."""

OFF, ON = 0, 1

REQUIRED: dict[str, DTypeLike] = {"at_us": np.int64, "lat_deg": np.float64, "lon_deg": np.float64}
OPTIONAL: dict[str, DTypeLike] = {
    "speed_mps": np.float32,
    "heading_deg": np.float32,
    "altitude_m": np.float32,
    "accuracy_m": np.float32,
    "odometer_m": np.float64,
    "ignition": np.int8,
    "fuel_percent": np.float32,
    "rpm": np.float32,
    "coolant_c": np.float32,
    "battery_v": np.float32,
    "extra": np.object_,
}
COLUMNS: dict[str, DTypeLike] = REQUIRED | OPTIONAL
"""Every column of `Fixes` with its dtype, in order."""


@dataclass(frozen=True, slots=True)
class Fixes:
    """What devices said, n rows, without identity. Columns, dtypes and units: the module's table."""

    at_us: NDArray[np.int64]
    lat_deg: NDArray[np.float64]
    lon_deg: NDArray[np.float64]
    speed_mps: NDArray[np.float32]
    heading_deg: NDArray[np.float32]
    altitude_m: NDArray[np.float32]
    accuracy_m: NDArray[np.float32]
    odometer_m: NDArray[np.float64]
    ignition: NDArray[np.int8]
    fuel_percent: NDArray[np.float32]
    rpm: NDArray[np.float32]
    coolant_c: NDArray[np.float32]
    battery_v: NDArray[np.float32]
    extra: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.at_us)

    @staticmethod
    def of(**columns: ArrayLike) -> "Fixes":
        """Fixes of the given columns; what is not given was not said.

        Raises
        ------
        TypeError
            A column is unknown, a required one is missing, or values do not convert to the column's dtype
            without loss of kind (floats are not accepted where integers are meant).
        ValueError
            The columns differ in length or are not one-dimensional.
        """
        if unknown := columns.keys() - COLUMNS.keys():
            raise TypeError(f"unknown columns: {', '.join(sorted(unknown))}")
        if missing := REQUIRED.keys() - columns.keys():
            raise TypeError(f"missing columns: {', '.join(sorted(missing))}")
        given = {name: _column(name, values) for name, values in columns.items()}
        length = len(given["at_us"])
        if wrong := [name for name, values in given.items() if values.shape != (length,)]:
            raise ValueError(f"columns of another length than at_us ({length}): {', '.join(wrong)}")
        return Fixes(**{name: given[name] if name in given else _not_said(name, length) for name in COLUMNS})

    @staticmethod
    def concat(parts: Sequence["Fixes"]) -> "Fixes":
        """All rows of all parts, in order; no parts give no rows."""
        if not parts:
            return Fixes.of(at_us=[], lat_deg=[], lon_deg=[])
        return Fixes(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS})

    def take(self, rows: ArrayLike) -> "Fixes":
        """The rows of an index array, a boolean mask or a slice's range, in that order."""
        return Fixes(**{name: getattr(self, name)[rows] for name in COLUMNS})


@dataclass(frozen=True, slots=True)
class Batch:
    """Fixes of known vehicles, in no particular order.

    `slot` is the vehicle's row of the state, `device_no` who said it. `is_source` is False where the device
    only adds sensors: its place does not move the vehicle. `content` is `content.content_hash`: two rows of
    one vehicle with equal `at_us` and `content` are the same row heard twice.
    """

    fixes: Fixes
    slot: NDArray[np.int32]
    device_no: NDArray[np.int32]
    is_source: NDArray[np.bool_]
    content: NDArray[np.int64]

    def __post_init__(self) -> None:
        for name in ("slot", "device_no", "is_source", "content"):
            if getattr(self, name).shape != self.fixes.at_us.shape:
                raise ValueError(f"{name} has another length than the fixes ({len(self.fixes)})")

    def __len__(self) -> int:
        return len(self.fixes)

    @staticmethod
    def concat(parts: Sequence["Batch"]) -> "Batch":
        """All rows of all parts, in order; at least one part."""
        return Batch(
            fixes=Fixes.concat([part.fixes for part in parts]),
            slot=np.concatenate([part.slot for part in parts]),
            device_no=np.concatenate([part.device_no for part in parts]),
            is_source=np.concatenate([part.is_source for part in parts]),
            content=np.concatenate([part.content for part in parts]),
        )

    def take(self, rows: ArrayLike) -> "Batch":
        """The rows of an index array or a boolean mask, in that order."""
        keep: Any = rows
        return Batch(
            fixes=self.fixes.take(keep),
            slot=self.slot[keep],
            device_no=self.device_no[keep],
            is_source=self.is_source[keep],
            content=self.content[keep],
        )


def _column(name: str, values: ArrayLike) -> NDArray[Any]:
    wanted = np.dtype(COLUMNS[name])
    array = np.asarray(values, dtype=wanted if wanted.hasobject or np.size(values) == 0 else None)
    if not np.can_cast(array.dtype, wanted, casting="same_kind"):
        raise TypeError(f"{name} must be {wanted}, not {array.dtype}")
    return array.astype(wanted, copy=False)


def _not_said(name: str, length: int) -> NDArray[Any]:
    dtype = np.dtype(COLUMNS[name])
    if dtype.hasobject:
        return np.full(length, None, dtype=dtype)
    return np.full(length, UNKNOWN if dtype == np.int8 else np.nan, dtype=dtype)
