"""`motorpool replay FILE`: send a recording – Parquet, CSV, GPX or NDJSON – through the public API."""

import argparse
import asyncio
import time
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from motorpool.apps import sign_in
from motorpool.apps.client import Client, Counts
from motorpool.apps.counted import counted
from motorpool.apps.replay.bookmark import Bookmark, Mark
from motorpool.apps.replay.playing import Replay, shift_to_end_at
from motorpool.apps.replay.recording import Asked, Recording, read_recording
from motorpool.kernel.errors import Malformed, MotorpoolError
from motorpool.runtime.settings import load_settings

PATIENCE_S = 600.0
"""How long a replay waits for a server that is away before it stops; what was committed is remembered."""
NOTHING_ACCEPTED, WRONG_INPUT, SERVER_TROUBLE, INTERRUPTED = 1, 2, 3, 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="recording: .parquet, .csv, .gpx, .ndjson (also .gz)")
    parser.add_argument(
        "--speed", type=float, help="so many seconds of the recording in one; as fast as accepted without"
    )
    parser.add_argument(
        "--keep-times", action="store_true", help="keep the recorded times instead of moving its end to now"
    )
    parser.add_argument(
        "--map", action="append", default=[], metavar="COLUMN=FIELD", help="say what a column means; repeatable"
    )
    parser.add_argument("--device", help="identifier for a file without a device column (its name without ending)")
    parser.add_argument("--timezone", default="UTC", help="zone of times that do not say theirs (%(default)s)")
    parser.add_argument("--pace-kmh", type=float, help="drive a route without times at this speed")
    parser.add_argument("--last-hours", type=float, help="only the last hours of the recording")
    parser.add_argument(
        "--again", action="store_true", help="start over instead of going on where an earlier replay stopped"
    )
    sign_in.add_arguments(parser)


def run(arguments: argparse.Namespace, console: Console | None = None) -> int:
    """Replay. Exit code 0: done; 1: nothing was accepted; 2: wrong file or argument; 3: server refused or away; 130: Ctrl-C."""
    console = console or Console(stderr=True)
    try:
        _check(arguments)
        return asyncio.run(_replay(arguments, console))
    except KeyboardInterrupt:
        console.print("Stopped. The same command goes on from here.")
        return INTERRUPTED
    except MotorpoolError as error:
        console.print(error.detail, style="red", markup=False, highlight=False)
        return WRONG_INPUT if isinstance(error, Malformed) else SERVER_TROUBLE


def _check(arguments: argparse.Namespace) -> None:
    for name in ("speed", "pace_kmh", "last_hours"):
        value = getattr(arguments, name)
        if value is not None and not value > 0:
            raise Malformed(f"--{name.replace('_', '-')} must be more than 0.")


async def _replay(arguments: argparse.Namespace, console: Console) -> int:
    asked = Asked(
        said=tuple(arguments.map),
        device=arguments.device,
        zone=arguments.timezone,
        pace_kmh=arguments.pace_kmh,
        last_hours=arguments.last_hours,
    )
    recording = read_recording(arguments.file, asked)
    _describe(recording, console)
    async with Client(arguments.url, sign_in.credentials(arguments), patience_s=PATIENCE_S) as client:
        destination = f"{client.url}|{client.account}|{arguments.keep_times}"
        bookmark = Bookmark.of(load_settings().data_dir, arguments.file, asked, destination)
        mark = _start(bookmark, recording, arguments, console)
        with _bar(console) as bar:
            task = bar.add_task("Sending", total=len(recording), completed=mark.sent)

            def keep(reached: Mark) -> None:
                bookmark.save(reached)
                bar.update(task, completed=reached.sent)

            mark = await Replay(recording, arguments.speed, keep).play(client, mark)
    bookmark.remove()
    return _summary(mark, client.counts, console)


def _start(bookmark: Bookmark, recording: Recording, arguments: argparse.Namespace, console: Console) -> Mark:
    """Where to begin: where an earlier replay stopped, else at the beginning."""
    found = None if arguments.again else bookmark.load()
    if found is not None and found.sent < len(recording):
        console.print(f"Going on after {found.sent:,} rows sent before (--again starts over).")
        return found
    shift_us = 0 if arguments.keep_times else shift_to_end_at(recording.at_us, time.time_ns() // 1000)
    if shift_us:
        console.print(f"Moved by {shift_us / 86_400e6:+,.1f} days, so that it ends now (--keep-times leaves it).")
    return Mark(0, shift_us)


def _describe(recording: Recording, console: Console) -> None:
    """Say how the file was understood."""
    mapping = ", ".join(f"{column} → {field}" for field, column in recording.columns.items())
    console.print(f"Columns: {mapping}", markup=False, highlight=False)
    for note in recording.notes:
        console.print(f"Note: {note}.", markup=False, highlight=False)
    hours = (recording.at_us[-1] - recording.at_us[0]) / 3_600e6
    console.print(f"{len(recording):,} positions of {len(recording.devices):,} devices over {hours:,.1f} hours.")


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console
    )


def _summary(mark: Mark, latest: Counts, console: Console) -> int:
    counts = mark.counts()
    console.print(f"Done: {counted(counts)}.", markup=False, highlight=False)
    for code in sorted(counts.rejected):
        console.print(f"  {code}: {latest.example.get(code, '')}", markup=False, highlight=False)
    if "unknown_device" in counts.rejected:
        console.print("Add these devices first, or let your company register unknown devices by itself.")
    return 0 if counts.accepted + counts.duplicates else NOTHING_ACCEPTED
