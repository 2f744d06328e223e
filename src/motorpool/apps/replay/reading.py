"""Recordings from files: Parquet, CSV, NDJSON (each also .gz where that is usual) and GPX, as Arrow columns."""

import csv
import gzip
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from motorpool.apps.replay.errors import RecordingEmpty, RecordingMissing, RecordingUnreadable

Table = dict[str, Any]
"""Column name → Arrow column."""


@dataclass(frozen=True, slots=True)
class File:
    """A recording that can be read: its column names now, the columns asked for later."""

    path: Path
    columns: tuple[str, ...]
    load: Callable[[Sequence[str]], Table]


def open_recording(path: Path) -> File:
    """Look into a file. Raises RecordingMissing, RecordingUnreadable, RecordingEmpty."""
    if not path.is_file():
        raise RecordingMissing(f"There is no file {path}.")
    if path.stat().st_size == 0:
        raise RecordingEmpty(f"{path.name} is empty.")
    name = path.name.lower().removesuffix(".gz")
    reader = next((found for ending, found in _READERS.items() if name.endswith(ending)), None)
    if reader is None:
        raise RecordingUnreadable(f"{path.name} must end in {', '.join(_READERS)} (or one of them and .gz).")
    with _told(path):
        return reader(path)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Errors of the libraries that read, as a sentence with the file's name."""
    import pyarrow as pa
    from lxml import etree

    try:
        yield
    except (pa.ArrowException, OSError, EOFError, UnicodeDecodeError, csv.Error, etree.XMLSyntaxError) as error:
        reason = str(error).strip().split("\n")[0]
        raise RecordingUnreadable(f"{path.name} cannot be read: {reason}") from error


def _parquet(path: Path) -> File:
    import pyarrow.parquet as pq

    def load(columns: Sequence[str]) -> Table:
        with _told(path):
            table = pq.read_table(path, columns=list(columns))
        return {name: table[name] for name in columns}

    return File(path, tuple(pq.read_schema(path).names), load)


def _csv(path: Path) -> File:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    with _text(path) as lines:
        first = lines.readline()
        delimiter = max(",;\t|", key=first.count)
        header = tuple(next(csv.reader([first], delimiter=delimiter), []))

    def load(columns: Sequence[str]) -> Table:
        """Everything as text: what it means is decided later, and 007 stays 007."""
        convert = arrow_csv.ConvertOptions(
            include_columns=list(columns), column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=True
        )
        with _told(path):
            parse = arrow_csv.ParseOptions(delimiter=delimiter)
            read = arrow_csv.ReadOptions(column_names=list(header), skip_rows=1)
            table = arrow_csv.read_csv(str(path), read_options=read, parse_options=parse, convert_options=convert)
        return {name: table[name] for name in columns}

    return File(path, header, load)


def _ndjson(path: Path) -> File:
    import pyarrow as pa
    from pyarrow import json as arrow_json

    with _binary(path) as stream:
        table: Any = arrow_json.read_json(stream)
    while any(pa.types.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    return File(path, tuple(table.column_names), lambda columns: {name: table[name] for name in columns})


def _gpx(path: Path) -> File:
    """Track points of GPX 1.0 and 1.1 [topografix.com/GPX/1/1], with speed and course of Garmin's extension."""
    import pyarrow as pa

    rows: dict[str, list[str | None]] = {"lat": [], "lon": [], **{name: [] for name in _GPX_FIELDS.values()}}
    with _binary(path) as stream:
        for point in _track_points(stream):
            rows["lat"].append(point.get("lat"))
            rows["lon"].append(point.get("lon"))
            said = {_local(part.tag): part.text for part in point.iter() if isinstance(part.tag, str)}
            for tag, column in _GPX_FIELDS.items():
                rows[column].append(said.get(tag))
    if not rows["lat"]:
        raise RecordingEmpty(f"{path.name} holds no track points.")
    filled = {name: pa.chunked_array([column], pa.string()) for name, column in rows.items() if any(column)}
    return File(path, tuple(filled), lambda columns: {name: filled[name] for name in columns})


_GPX_FIELDS = {"time": "time", "ele": "altitude_m", "speed": "speed_mps", "course": "heading_deg"}


def _track_points(stream: IO[bytes]) -> Iterator[Any]:
    """Points one by one, forgotten when done; no entities, no network, no huge trees."""
    from lxml import etree

    parsed = etree.iterparse(
        stream, events=("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    for _, element in parsed:
        if _local(element.tag) == "trkpt":
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def _local(tag: Any) -> str:
    return str(tag).rpartition("}")[2]


def _binary(path: Path) -> IO[bytes]:
    if path.name.lower().endswith(".gz"):
        return cast(IO[bytes], gzip.open(path, "rb"))
    return path.open("rb")


def _text(path: Path) -> IO[str]:
    if path.name.lower().endswith(".gz"):
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


_READERS: dict[str, Callable[[Path], File]] = {
    ".parquet": _parquet,
    ".csv": _csv,
    ".tsv": _csv,
    ".gpx": _gpx,
    ".ndjson": _ndjson,
    ".jsonl": _ndjson,
}
