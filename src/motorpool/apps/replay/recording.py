"""A recording in memory: columns of numbers sorted by time, and rows for the API made of them a batch at a time."""

from dataclasses import dataclass, replace
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motorpool.apps.replay.columns import Columns, guess
from motorpool.apps.replay.errors import ColumnMissing, RecordingEmpty
from motorpool.apps.replay.reading import Table, open_recording
from motorpool.apps.replay.times import Times, joined, read_times

Floats = NDArray[np.float64]

UNITS = {"speed_mps": 1.0, "speed_kmh": 3.6, "speed_mph": 3600 / 1609.344, "speed_kn": 3600 / 1852}
"""How much one metre a second is in each."""
ODOMETERS = {"odometer_m": 1.0, "odometer_km": 1000.0, "odometer_mi": 1609.344}
_PLAIN = ("lat", "lon", "heading_deg", "altitude_m", "accuracy_m", "fuel_percent", "rpm", "coolant_c", "battery_v")
_ON = ("1", "true", "on", "yes", "t", "1.0")
_OFF = ("0", "false", "off", "no", "f", "0.0")
CLOSE_S, ENOUGH_M = 15.0, 500.0
"""The unit of a speed is told by the way between fixes this close in time, when it adds up to this much."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person said about a recording: `--map`, `--device`, `--timezone`, `--pace-kmh`, `--last-hours`."""

    said: tuple[str, ...] = ()
    device: str | None = None
    zone: str = "UTC"
    pace_kmh: float | None = None
    last_hours: float | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """Positions in the order of time. `device` are indexes into `devices`; NaN in a column (−1 in `ignition`): not said.

    `columns` tells which column of the file became which field; `notes` what was assumed and left out.
    """

    devices: tuple[str, ...]
    device: NDArray[np.int32]
    at_us: NDArray[np.int64]
    values: dict[str, Floats]
    columns: Columns
    notes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.at_us)

    def rows(self, start: int, end: int, shift_us: int) -> list[dict[str, Any]]:
        """Rows `start` to `end` for `POST /api/v1/telemetry`, moved in time; what was not said is left out."""
        at = np.datetime_as_string((self.at_us[start:end] + shift_us).astype("datetime64[us]"), timezone="UTC").tolist()
        device = [self.devices[k] for k in self.device[start:end].tolist()]
        rows: list[dict[str, Any]] = [{"device": d, "at": t} for d, t in zip(device, at, strict=True)]
        for name, column in self.values.items():
            for row, value in zip(rows, column[start:end].tolist(), strict=True):
                if not isnan(value):
                    row[name] = value if name != "ignition" else bool(value)
        return rows

    def only_last(self, hours: float) -> "Recording":
        """The end of it."""
        start = int(np.searchsorted(self.at_us, self.at_us[-1] - round(hours * 3_600_000_000)))
        cut = {name: column[start:] for name, column in self.values.items()}
        return replace(self, device=self.device[start:], at_us=self.at_us[start:], values=cut)


def read_recording(path: Path, asked: Asked) -> Recording:
    """Read a file. Raises the errors of `errors`, each with a sentence that says what to do."""
    file = open_recording(path)
    columns = guess(file.columns, asked.said)
    table = {field: column for field, column in _by_field(file.load(list(set(columns.values()))), columns).items()}
    if not len(table["lat"]):
        raise RecordingEmpty(f"{path.name} holds no positions.")
    values, notes = _numbers(table), list[str]()
    times = _times(table, values, asked)
    devices, device = _devices(table, asked.device or _stem(path))
    kept = times.present & np.isfinite(values["lat"]) & np.isfinite(values["lon"]) & (device >= 0)
    if not kept.any():
        raise RecordingEmpty(f"No row of {path.name} has a time and a place.")
    if not kept.all():
        notes.append(f"{int((~kept).sum()):,} rows without time, place or device are left out")
    chosen = np.flatnonzero(kept)
    chosen = chosen[np.argsort(times.at_us[chosen], kind="stable")]
    at_us, values = times.at_us[chosen], {name: column[chosen] for name, column in values.items()}
    notes += [times.note] if times.note else []
    notes += _settle_speed(device[chosen], at_us, values)
    recording = Recording(devices, device[chosen], at_us, values, columns, tuple(notes))
    return recording if asked.last_hours is None else recording.only_last(asked.last_hours)


def _by_field(loaded: Table, columns: Columns) -> Table:
    return {field: loaded[column] for field, column in columns.items()}


def _stem(path: Path) -> str:
    return path.name.split(".")[0]


def _numbers(table: Table) -> dict[str, Floats]:
    """The numeric fields in the units of the API; a speed of unknown unit stays as `speed`."""
    values = {field: _floats(table[field]) for field in _PLAIN if field in table}
    for field, per_mps in UNITS.items():
        if field in table:
            values["speed_mps"] = _floats(table[field]) / per_mps
    if "speed" in table:
        values["speed"] = _floats(table["speed"])
    for field, metres in ODOMETERS.items():
        if field in table:
            values["odometer_m"] = _floats(table[field]) * metres
    if "ignition" in table:
        values["ignition"] = _switch(table["ignition"])
    return values


def _floats(column: Any) -> Floats:
    """Numbers, with a point or a comma; text that is none, and what is not finite, becomes NaN."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = pc.utf8_trim_whitespace(column)
        column = pc.replace_substring(column, ",", ".", max_replacements=1)
        number = pc.match_substring_regex(column, r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$")
        column = pc.if_else(pc.fill_null(number, False), column, pa.scalar(None, column.type))
    value = np.array(column.cast(pa.float64(), safe=False).to_numpy(), dtype=np.float64)
    value[~np.isfinite(value)] = np.nan
    return value


def _switch(column: Any) -> Floats:
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pc.utf8_lower(column.cast(pa.string()))
    on, off = (pc.is_in(text, pa.array(words)).to_numpy() for words in (_ON, _OFF))
    switched: Floats = np.where(on, 1.0, np.where(off, 0.0, np.nan))
    return switched


def _devices(table: Table, lone: str) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """The identifiers, and for each row its index (−1: none). Without such a column all rows are of one device."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if "device" not in table:
        return (lone,), np.zeros(len(table["lat"]), dtype=np.int32)
    encoded = pc.dictionary_encode(table["device"].cast(pa.string())).combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.chunk(0)
    index = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32)
    return tuple(encoded.dictionary.to_pylist()), index


def _times(table: Table, values: dict[str, Floats], asked: Asked) -> Times:
    if "at" in table:
        return read_times(table["at"], asked.zone)
    if "date" in table and "time" in table:
        return read_times(joined(table["date"], table["time"]), asked.zone)
    if "time" in table:
        return read_times(table["time"], asked.zone)
    if asked.pace_kmh is None:
        raise ColumnMissing(
            "No column looks like the time; say which with --map COLUMN=at. "
            "If this is a drawn route without times, --pace-kmh 40 drives it at that speed."
        )
    step_m = _steps_m(values["lat"], values["lon"])
    passed_us = np.concatenate([[0.0], np.cumsum(np.nan_to_num(step_m))]) / (asked.pace_kmh / 3.6) * 1e6
    return Times(
        np.round(passed_us).astype(np.int64), np.ones(len(passed_us), dtype=np.bool_), "a route without times, driven"
    )


def _steps_m(lat_deg: Floats, lon_deg: Floats) -> Floats:
    """Metres from each position to the next, on a plane that touches the sphere there; good enough for steps."""
    metre = np.radians(6_371_008.8)
    east = np.diff(lon_deg) * np.cos(np.radians(lat_deg[:-1]))
    steps: Floats = np.hypot(np.diff(lat_deg), east) * metre
    return steps


def _settle_speed(device: NDArray[np.int32], at_us: NDArray[np.int64], values: dict[str, Floats]) -> list[str]:
    """Give a speed without unit the unit that fits the way from fix to fix; leave it out when none can be told."""
    said = values.pop("speed", None)
    if said is None:
        return []
    order = np.lexsort((at_us, device))
    step_m = _steps_m(values["lat"][order], values["lon"][order])
    step_s = np.diff(at_us[order]) / 1e6
    between = (said[order][1:] + said[order][:-1]) / 2
    close = (np.diff(device[order]) == 0) & (step_s > 0) & (step_s <= CLOSE_S) & (step_m < 2000) & np.isfinite(between)
    driven_m = float(step_m[close].sum())
    if driven_m < ENOUGH_M or not between[close].any():
        return ["the speed has no unit and is left out (--map COLUMN=speed_kmh says it)"]
    ratio = float((between[close] * step_s[close]).sum()) / driven_m
    unit = min(UNITS, key=lambda name: abs(np.log(ratio / UNITS[name])))
    values["speed_mps"] = said / UNITS[unit]
    return [f"the speed has no unit; by the way from fix to fix it is {unit} (--map COLUMN=… says otherwise)"]
