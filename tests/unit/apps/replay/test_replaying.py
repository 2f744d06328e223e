"""Replaying: through the API, moved in time, paced, interrupted and gone on with."""

import argparse
import asyncio
import io
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from motorpool.apps.client import Counts
from motorpool.apps.replay.bookmark import Bookmark, Mark
from motorpool.apps.replay.command import add_arguments, run
from motorpool.apps.replay.playing import Replay, shift_to_end_at
from motorpool.apps.replay.recording import Asked, Recording, read_recording
from support.api_server import API_KEY, HANG_UP, LOST_ANSWER, api_server
from support.recorded import recorded


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTORPOOL_DATA_DIR", str(tmp_path / "kept"))
    monkeypatch.delenv("MOTORPOOL_API_KEY", raising=False)


async def replayed(*arguments: str) -> tuple[int, str]:
    """Exit code and what was printed."""
    parser, said = argparse.ArgumentParser(), io.StringIO()
    add_arguments(parser)
    parsed = parser.parse_args([str(argument) for argument in arguments])
    code = await asyncio.to_thread(run, parsed, Console(file=said, width=500))
    return code, said.getvalue()


def trace(folder: Path, count: int = 12_000) -> Path:
    """Two buses, one fix a second each, on one day in 2020."""
    at = np.datetime_as_string(np.datetime64("2020-05-05T00:00:00") + np.arange(count) // 2)
    lines = [f"bus-{k % 2},{at[k]}Z,{47 + k / 1e6:.6f},9.5" for k in range(count)]
    path = folder / "trace.csv"
    path.write_text("\n".join(["bus,time,lat,lon", *lines]))
    return path


class Stops(Exception):
    """The process dies here."""


class Frail:
    """Takes rows until it breaks."""

    def __init__(self, batches: int) -> None:
        self.left, self.rows = batches, list[dict[str, Any]]()

    async def send(self, rows: list[dict[str, Any]]) -> Counts:
        if not self.left:
            raise Stops
        self.left -= 1
        self.rows += rows
        return Counts(accepted=len(rows))


async def test_a_recording_arrives_whole_in_order_and_ends_now(tmp_path: Path) -> None:
    async with api_server() as server:
        code, said = await replayed(trace(tmp_path), "--url", server.url)
        assert code == 0
        assert len(server.arrived) == 12_000
        at = [str(row["at"]) for row in server.arrived]
        assert at == sorted(at)
        age_s = (datetime.now(UTC) - datetime.fromisoformat(at[-1])).total_seconds()
        assert 0 <= age_s < 60
        assert "Columns: bus → device, time → at, lat → lat, lon → lon" in said
        assert "12,000 positions of 2 devices" in said
        assert "12,000 accepted, 0 known already, 0 refused" in said


async def test_times_are_kept_when_asked(tmp_path: Path) -> None:
    async with api_server() as server:
        await replayed(trace(tmp_path, 100), "--url", server.url, "--keep-times", "--api-key", API_KEY)
        assert server.arrived[0]["at"] == "2020-05-05T00:00:00.000000Z"


async def test_the_austin_buses_of_an_evening_arrive_with_their_dirt_counted() -> None:
    async with api_server() as server:
        path = recorded("traces/capmetro_bus_positions.parquet")
        code, said = await replayed(path, "--url", server.url, "--last-hours", "6")
        whole = read_recording(path, Asked(last_hours=6.0))
        zero = int((whole.values["lat"] == 0).sum())
        assert code == 0
        counts = Counter({"accepted": len(server.rows), "rejected": zero})
        assert counts["accepted"] > 5000
        assert f"{counts['accepted']:,} accepted" in said
        assert counts["accepted"] + zero <= len(whole)


async def test_lost_answers_and_broken_connections_double_nothing(tmp_path: Path) -> None:
    async with api_server() as server:
        server.trouble = [HANG_UP, LOST_ANSWER, HANG_UP]
        code, said = await replayed(trace(tmp_path), "--url", server.url, "--api-key", API_KEY)
        assert code == 0
        assert len(server.arrived) == 12_000
        assert "7,000 accepted, 5,000 known already" in said


async def test_an_interrupted_replay_goes_on_with_the_same_times_and_says_so(tmp_path: Path) -> None:
    path, kept = trace(tmp_path), list[Mark]()
    recording = read_recording(path, Asked())
    frail = Frail(batches=1)
    with pytest.raises(Stops):
        await Replay(recording, None, kept.append).play(frail, Mark(0, 777_000_000))
    assert kept == [Mark(5000, 777_000_000, accepted=5000)]
    async with api_server() as server:
        destination = f"{server.url}|API key|False"
        Bookmark.of(tmp_path / "kept", path, Asked(), destination).save(kept[-1])
        code, said = await replayed(path, "--url", server.url, "--api-key", API_KEY)
        assert code == 0
        assert "Going on after 5,000 rows sent before" in said
        assert [*frail.rows, *server.arrived] == recording.rows(0, 12_000, 777_000_000)
        assert "12,000 accepted" in said
        assert list((tmp_path / "kept" / "replays").iterdir()) == []


async def test_again_starts_over(tmp_path: Path) -> None:
    path = trace(tmp_path, 100)
    async with api_server() as server:
        Bookmark.of(tmp_path / "kept", path, Asked(), f"{server.url}|API key|False").save(Mark(50, 0))
        await replayed(path, "--url", server.url, "--api-key", API_KEY, "--again")
        assert len(server.arrived) == 100


async def test_a_changed_file_or_another_destination_starts_anew(tmp_path: Path) -> None:
    path = trace(tmp_path, 100)
    first = Bookmark.of(tmp_path, path, Asked(), "a")
    assert first != Bookmark.of(tmp_path, path, Asked(), "b")
    assert first != Bookmark.of(tmp_path, path, Asked(device="x"), "a")
    path.write_text(path.read_text() + "\n")
    assert first != Bookmark.of(tmp_path, path, Asked(), "a")


def test_a_damaged_bookmark_is_as_none(tmp_path: Path) -> None:
    bookmark = Bookmark(tmp_path / "deep" / "x.json")
    assert bookmark.load() is None
    bookmark.save(Mark(3, -4, rejected={"teleport": 1}))
    assert bookmark.load() == Mark(3, -4, rejected={"teleport": 1})
    bookmark.path.write_text('{"sent": "x"')
    assert bookmark.load() is None
    bookmark.remove()
    bookmark.remove()


async def test_a_paced_replay_sends_what_is_due_and_no_more(tmp_path: Path) -> None:
    recording, sent = read_recording(trace(tmp_path, 40), Asked()), list[int]()
    frail = Frail(batches=100)
    await Replay(recording, 10.0, lambda mark: sent.append(mark.sent)).play(frail, Mark(0, 0))
    assert frail.rows == recording.rows(0, 40, 0)
    assert len(sent) > 2
    assert sent[0] < 20


def test_the_end_of_a_recording_is_its_last_time_that_can_be_true() -> None:
    second = 1_000_000
    now_us = 1_767_261_600 * second
    sane = [now_us - 500 * second, now_us - 400 * second - 3]
    assert shift_to_end_at(np.array(sane), now_us) == 400 * second
    assert shift_to_end_at(np.array([0, *sane, now_us + 10**9 * second]), now_us) == 400 * second
    assert shift_to_end_at(np.array([5 * second, 7 * second]), now_us) == now_us - 7 * second


async def test_unknown_devices_are_explained_and_nothing_accepted_is_a_failure(tmp_path: Path) -> None:
    async with api_server(known_devices=set()) as server:
        code, said = await replayed(trace(tmp_path, 10), "--url", server.url)
        assert code == 1
        assert "10 refused (10 unknown_device)" in said
        assert "unknown_device: No device has this identifier." in said
        assert "Add these devices first" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nothing.csv"], "There is no file nothing.csv"),
        (["x.csv", "--speed", "0"], "--speed must be more than 0"),
        (["x.csv", "--pace-kmh", "-1"], "--pace-kmh must be more than 0"),
        (["x.csv", "--last-hours", "nan"], "--last-hours must be more than 0"),
    ],
)
async def test_wrong_input_ends_with_a_sentence_and_code_2(arguments: list[str], sentence: str) -> None:
    code, said = await replayed(*arguments)
    assert (code, sentence in said) == (2, True)


async def test_an_address_that_is_none_is_wrong_input_and_a_wrong_key_is_the_servers_no(tmp_path: Path) -> None:
    path = trace(tmp_path, 10)
    assert (await replayed(path, "--url", "nowhere"))[0] == 2
    async with api_server() as server:
        code, said = await replayed(path, "--url", server.url, "--api-key", "mpk_wrong")
        assert (code, "API key is wrong" in said) == (3, True)


def test_rows_say_nothing_of_what_is_not_known() -> None:
    recording = Recording(
        devices=("a",),
        device=np.zeros(2, dtype=np.int32),
        at_us=np.array([0, 1_500_000]),
        values={"lat": np.array([1.0, 2.0]), "rpm": np.array([np.nan, 900.0]), "ignition": np.array([0.0, np.nan])},
        columns={},
        notes=(),
    )
    assert recording.rows(0, 2, 500_000) == [
        {"device": "a", "at": "1970-01-01T00:00:00.500000Z", "lat": 1.0, "ignition": False},
        {"device": "a", "at": "1970-01-01T00:00:02.000000Z", "lat": 2.0, "rpm": 900.0},
    ]
