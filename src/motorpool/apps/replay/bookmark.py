"""How far a replay got, kept in a small file, so that the same command goes on where it stopped."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

from motorpool.apps.client import Counts
from motorpool.apps.replay.recording import Asked


class Mark(msgspec.Struct):
    """How many rows are committed, how far the recording was moved in time, and what became of the rows."""

    sent: int
    shift_us: int
    accepted: int = 0
    duplicates: int = 0
    rejected: dict[str, int] = {}

    def counts(self) -> Counts:
        """The counts so far."""
        counts = Counts(self.accepted, self.duplicates)
        counts.rejected.update(self.rejected)
        return counts


@dataclass(frozen=True, slots=True)
class Bookmark:
    """The file. One for each recording, destination and way of reading it: change one of them and it starts anew."""

    path: Path

    @staticmethod
    def of(folder: Path, recording: Path, asked: Asked, destination: str) -> "Bookmark":
        """The bookmark of a recording as it is now, in `<folder>/replays`."""
        state = recording.stat()
        key = f"{recording.resolve()}|{state.st_size}|{state.st_mtime_ns}|{asked}|{destination}"
        name = f"{recording.name}.{hashlib.sha256(key.encode()).hexdigest()[:12]}.motorpool-replay.json"
        return Bookmark(folder / "replays" / name)

    def load(self) -> Mark | None:
        """Where it stopped; None when it never began, was finished, or the file is damaged."""
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=Mark)
        except (OSError, msgspec.DecodeError):
            return None

    def save(self, mark: Mark) -> None:
        """Keep how far it got; a crash leaves the old or the new, never half."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        fresh.write_bytes(msgspec.json.encode(mark))
        os.replace(fresh, self.path)

    def remove(self) -> None:
        """The replay is done."""
        self.path.unlink(missing_ok=True)
