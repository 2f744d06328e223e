"""Recordings read: real ones, and every way a file can be wrong, each with a sentence."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from motorpool.apps.replay.columns import guess
from motorpool.apps.replay.errors import (
    ColumnMissing,
    MappingWrong,
    RecordingEmpty,
    RecordingMissing,
    RecordingUnreadable,
    TimeUnreadable,
)
from motorpool.apps.replay.recording import Asked, Recording, read_recording
from motorpool.apps.replay.times import read_times
from support.recorded import recorded


def read(path: Path, *said: str, **asked: Any) -> Recording:
    return read_recording(path, Asked(said=said, **asked))


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


def times_of(recording: Recording) -> list[str]:
    return [row["at"] for row in recording.rows(0, len(recording), 0)]


def test_the_austin_buses_are_read_whole_and_sorted() -> None:
    buses = read(recorded("traces/capmetro_bus_positions.parquet"))
    assert (len(buses), len(buses.devices)) == (599_818, 490)
    assert (np.diff(buses.at_us) >= 0).all()
    assert datetime.fromtimestamp(buses.at_us[0] / 1e6, UTC).isoformat() == "2015-03-07T06:00:22+00:00"
    assert buses.columns["speed_mps"] == "speed_mps"
    assert int((np.abs(buses.values["lat"]) < 1e-9).sum()) == 80
    row = buses.rows(0, 1, 0)[0]
    assert set(row) == {"device", "at", "lat", "lon", "speed_mps"}


def test_the_jersey_city_trucks_speak_local_time() -> None:
    path = recorded("traces/jersey_city_refuse_trucks.csv.gz")
    trucks = read(path, zone="America/New_York")
    assert (len(trucks), len(trucks.devices)) == (9744, 139)
    assert {"101", "J-27"} <= set(trucks.devices)
    assert any("no zone" in note for note in trucks.notes)
    shift_us = trucks.at_us[0] - read(path).at_us[0]
    assert shift_us in (4 * 3_600_000_000, 5 * 3_600_000_000)


def test_the_twizy_has_dates_beside_times_a_speed_without_unit_and_some_dirt() -> None:
    twizy = read(recorded("traces/rsk_twizy_ev.csv.gz"))
    assert (len(twizy), twizy.devices) == (55_475, ("rsk_twizy_ev",))
    assert (twizy.columns["date"], twizy.columns["time"]) == ("Date", "Time")
    assert any("170 that do not fit" in note for note in twizy.notes)
    assert any("speed_kmh" in note for note in twizy.notes)
    assert 10 < np.nanmax(twizy.values["speed_mps"]) < 30


def test_the_drives_have_seconds_since_1970_and_miles_an_hour() -> None:
    drives = read(recorded("traces/driveplotr_nds.csv.gz"))
    assert len(drives) == 23_187
    assert drives.columns == {"at": "time_utc", "lat": "gps_lat", "lon": "gps_long", "speed_mph": "speed_mph",
                              "heading_deg": "gps_heading", "altitude_m": "gps_elevation", "rpm": "engine_rpm"}  # fmt: skip
    assert times_of(drives)[0].startswith("2019-05-23T20:")
    assert np.nanmax(drives.values["speed_mps"]) < 45


def test_the_unit_of_a_speed_is_found_from_the_way_between_fixes() -> None:
    drives = read(recorded("traces/driveplotr_nds.csv.gz"), "speed_mph=speed")
    np.testing.assert_allclose(
        drives.values["speed_mps"], read(recorded("traces/driveplotr_nds.csv.gz")).values["speed_mps"]
    )


def test_one_column_may_tell_several_drivers_apart() -> None:
    drives = read(recorded("traces/driveplotr_nds.csv.gz"), "drive=device")
    assert len(drives.devices) == 28


def test_a_drawn_route_without_times_is_driven_at_a_pace_when_asked_and_refused_otherwise() -> None:
    path = recorded("osm/andorra_for_map_matching.gpx")
    with pytest.raises(ColumnMissing, match="--pace-kmh"):
        read(path)
    route = read(path, pace_kmh=36.0)
    step_m = np.diff(route.at_us) / 1e5
    assert len(route) == 21
    assert route.values["altitude_m"][0] == 1695.5
    assert 500 < step_m.sum() < 5000


def test_a_gpx_track_with_times_speed_and_course_is_read_and_entities_are_not(tmp_path: Path) -> None:
    secret = written(tmp_path, "secret.txt", "47.9")
    point = (
        '<trkpt lat="47.5" lon="9.5"><ele>400</ele><time>2026-01-01T10:00:0{k}Z</time><extensions><x:TrackPointExtension>'
        "<x:speed>12.5</x:speed><x:course>90</x:course></x:TrackPointExtension></extensions></trkpt>"
    )
    text = (
        f'<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
        '<gpx xmlns="http://www.topografix.com/GPX/1/1" xmlns:x="x"><trk><name>&e;</name><trkseg>'
        + "".join(point.replace("{k}", str(k)) for k in (2, 1, 3))
        + "</trkseg></trk></gpx>"
    )
    track = read(written(tmp_path, "my.walk.gpx.gz", text))
    assert track.devices == ("my",)
    assert track.rows(0, 1, 0) == [
        {"device": "my", "at": "2026-01-01T10:00:01.000000Z", "lat": 47.5, "lon": 9.5, "speed_mps": 12.5,
         "heading_deg": 90.0, "altitude_m": 400.0}
    ]  # fmt: skip
    assert len(track) == 3


def test_a_csv_with_semicolons_decimal_commas_a_byte_order_mark_and_leading_zeros(tmp_path: Path) -> None:
    text = "\ufeffIMEI;Time;Lat;Lng;Speed km/h;Ignition\n007;2026-01-01 10:00:00Z;47,5;9,25;36;on\n007;2026-01-01 10:00:05Z;;9.5;36;off\n"
    trace = read(written(tmp_path, "a.csv", text))
    assert trace.devices == ("007",)
    assert trace.rows(0, 9, 0) == [
        {
            "device": "007",
            "at": "2026-01-01T10:00:00.000000Z",
            "lat": 47.5,
            "lon": 9.25,
            "speed_mps": 10.0,
            "ignition": True,
        }
    ]
    assert trace.notes[0].startswith("1 rows without")


def test_what_motorpool_itself_takes_is_read_back_from_ndjson(tmp_path: Path) -> None:
    rows = [{"device": "a", "at": "2026-01-01T10:00:00Z", "lat": 1.5, "lon": 2.5, "fuel_percent": 50.0, "odometer_m": 1000.0},
            {"device": "b", "at": "2026-01-01T10:00:01+01:00", "lat": 1.5, "lon": 2.5, "ignition": True}]  # fmt: skip
    text = "\n".join(json.dumps(row) for row in rows)
    for name in ("a.ndjson", "a.jsonl.gz"):
        trace = read(written(tmp_path, name, text))
        assert [row["device"] for row in trace.rows(0, 2, 0)] == ["b", "a"]
        assert trace.rows(1, 2, 0)[0]["fuel_percent"] == 50.0


def test_nested_json_is_flattened_and_mapped(tmp_path: Path) -> None:
    text = '{"unit": 5, "pos": {"lat": 1.5, "lon": 2.5}, "ts": 1767261600000}\n'
    trace = read(written(tmp_path, "a.ndjson", text), "pos.lat=lat", "pos.lon=lon")
    assert trace.rows(0, 1, 0) == [{"device": "5", "at": "2026-01-01T10:00:00.000000Z", "lat": 1.5, "lon": 2.5}]


def test_parquet_may_hold_timestamps_and_dictionaries(tmp_path: Path) -> None:
    at = pa.array([2_000_000, 1_000_000, None], pa.timestamp("us"))
    columns = {
        "vehicle": pa.array(["x", "y", "x"]).dictionary_encode(),
        "time": at,
        "lat": [1.0, 2.0, 3.0],
        "lon": [1.0, 2.0, 3.0],
    }
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    trace = read(tmp_path / "a.parquet")
    assert [row["device"] for row in trace.rows(0, 9, 0)] == ["y", "x"]


def test_only_the_last_hours_are_taken_when_asked(tmp_path: Path) -> None:
    lines = "".join(f"2026-01-01T{hour:02d}:00:00Z,1,{hour}\n" for hour in range(1, 11))
    trace = read(written(tmp_path, "a.csv", "time,lat,lon\n" + lines), last_hours=2.0)
    assert trace.values["lon"].tolist() == [8.0, 9.0, 10.0]


@pytest.mark.parametrize(
    ("name", "text", "error", "sentence"),
    [
        ("missing.csv", None, RecordingMissing, "There is no file"),
        ("empty.csv", "", RecordingEmpty, "empty.csv is empty"),
        ("head.csv", "time,lat,lon\n", RecordingEmpty, "holds no positions"),
        ("a.xlsx", "x", RecordingUnreadable, "must end in .parquet, .csv"),
        ("a.parquet", "this is no parquet", RecordingUnreadable, "a.parquet cannot be read"),
        ("a.ndjson", "{not json", RecordingUnreadable, "a.ndjson cannot be read"),
        ("a.csv", "time,lat,lon\n2026-01-01T10:00:00Z,1\n", RecordingUnreadable, "a.csv cannot be read"),
        ("a.gpx", "<gpx><trk>", RecordingUnreadable, "a.gpx cannot be read"),
        ("a.gpx", "<gpx></gpx>", RecordingEmpty, "holds no track points"),
        ("a.csv", "time,y,lon\n1,2,3\n", ColumnMissing, "latitude; say which with --map COLUMN=lat. The columns are time, y, lon"),
        ("a.csv", "time,lat,y\n1,2,3\n", ColumnMissing, "longitude"),
        ("a.csv", "when,lat,lon\n1,2,3\n", ColumnMissing, "--map COLUMN=at"),
        ("a.csv", "time,lat,lon\nyesterday,2,3\n", TimeUnreadable, r"'yesterday' \(row 1\) is no time"),
        ("a.csv", "time,lat,lon\n2026-01-01T10:00:00Z,2,3\nsoon,2,3\n", TimeUnreadable, r"'soon' \(row 2\)"),
        ("a.csv", "time,lat,lon\n2026-01-01T10:00:00Z,here,there\n", RecordingEmpty, "No row of a.csv has a time and a place"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_in_a_sentence(
    tmp_path: Path, name: str, text: str | None, error: type[Exception], sentence: str
) -> None:
    path = tmp_path / name if text is None else written(tmp_path, name, text)
    with pytest.raises(error, match=sentence):
        read(path)


def test_a_gzip_file_that_is_cut_short_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv.gz", "time,lat,lon\n" + "2026-01-01T10:00:00Z,1.5,2.5\n" * 10_000)
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(RecordingUnreadable, match=r"a\.csv\.gz cannot be read"):
        read(path)


def test_a_folder_is_not_a_recording(tmp_path: Path) -> None:
    with pytest.raises(RecordingMissing):
        read(tmp_path)


def test_an_unknown_zone_is_told(tmp_path: Path) -> None:
    with pytest.raises(TimeUnreadable, match="Mars/Olympus"):
        read(written(tmp_path, "a.csv", "time,lat,lon\n2026-01-01T10:00:00,1,2\n"), zone="Mars/Olympus")


@pytest.mark.parametrize(
    ("columns", "said", "found"),
    [
        (["bus", "timestamp", "latitude", "longitude"], [], {"device": "bus", "at": "timestamp", "lat": "latitude", "lon": "longitude"}),
        (["Lat", "Lon", "Date", "Time"], [], {"lat": "Lat", "lon": "Lon", "date": "Date", "time": "Time"}),
        (["lat", "lon", "Date", "Time"], ["Date=at"], {"lat": "lat", "lon": "lon", "at": "Date"}),
        (["lat", "lon", "timestamp", "date"], [], {"lat": "lat", "lon": "lon", "at": "timestamp"}),
        (["lat", "lon", "d", "c"], ["d=date", "c=time"], {"lat": "lat", "lon": "lon", "date": "d", "time": "c"}),
        (["lat", "lon", "speed", "speed_kmh"], [], {"lat": "lat", "lon": "lon", "speed_kmh": "speed_kmh"}),
        (["lat", "lon", "speed", "speed_kmh"], ["speed=speed_kn"], {"lat": "lat", "lon": "lon", "speed_kn": "speed"}),
        (["lat", "lon", "id", "imei"], [], {"lat": "lat", "lon": "lon", "device": "imei"}),
        (["lat", "lon", "a=b"], ["a=b=rpm"], {"lat": "lat", "lon": "lon", "rpm": "a=b"}),
    ],
)  # fmt: skip
def test_columns_are_guessed_and_what_is_said_wins(columns: list[str], said: list[str], found: dict[str, str]) -> None:
    assert guess(columns, said) == found


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("lat", "takes column=field"),
        ("x=lat", "no column 'x'"),
        ("lat=latitude", "no field 'latitude'; the fields are device"),
    ],
)
def test_a_wrong_mapping_is_told(said: str, sentence: str) -> None:
    with pytest.raises(MappingWrong, match=sentence):
        guess(["lat", "lon"], [said])


@pytest.mark.parametrize(
    ("written_as", "iso"),
    [
        ("2026-03-04T05:06:07.5+02:00", "2026-03-04T03:06:07.500"),
        ("2026-03-04 05:06:07", "2026-03-04T05:06:07.000"),
        ("1772600767", "2026-03-04T05:06:07.000"),
        ("1772600767.25", "2026-03-04T05:06:07.250"),
        ("1772600767250", "2026-03-04T05:06:07.250"),
        ("03/24/2026 05:06:07", "2026-03-24T05:06:07.000"),
        ("24/03/2026 05:06", "2026-03-24T05:06:00.000"),
        ("24.03.2026 05:06:07", "2026-03-24T05:06:07.000"),
        ("03/24/2026 05:06:07 PM", "2026-03-24T17:06:07.000"),
    ],
)
def test_times_are_read_as_people_and_machines_write_them(written_as: str, iso: str) -> None:
    times = read_times(pa.chunked_array([[written_as, " ", None]], pa.string()), "UTC")
    assert str(times.at_us[:1].astype("datetime64[us]").astype("datetime64[ms]")[0]) == iso
    assert times.present.tolist() == [True, False, False]


@pytest.mark.parametrize(("count", "unit"), [(1, "s"), (10**3, "ms"), (10**6, "us"), (10**9, "ns")])
def test_numbers_are_seconds_or_parts_of_them_by_their_size(count: int, unit: str) -> None:
    times = read_times(pa.chunked_array([[1_772_600_767 * count]], pa.int64()), "UTC")
    assert times.at_us.tolist() == [1_772_600_767_000_000], unit


def test_a_column_that_cannot_hold_times_is_told() -> None:
    with pytest.raises(TimeUnreadable, match="bool"):
        read_times(pa.chunked_array([[True]]), "UTC")
