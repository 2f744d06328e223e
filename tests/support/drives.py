"""Believable drives: vehicles that drive, halt, park, jitter, fall silent and jump, said well or badly."""

from dataclasses import dataclass, field

import numpy as np

from motorpool.kernel.time import SECOND_US
from motorpool.telemetry.batch import UNKNOWN, Batch, Fixes
from motorpool.telemetry.content import content_hash

START_US = 1_740_000_000 * SECOND_US
METRES_PER_DEG = 111_195.08


def batch_of(fixes: Fixes, slot=0, device_no=1, is_source=True) -> Batch:
    """A batch of fixes; vehicle, device and source may be one value or a column."""
    n = len(fixes)
    devices = np.broadcast_to(np.asarray(device_no, np.int32), n).copy()
    return Batch(
        fixes=fixes,
        slot=np.broadcast_to(np.asarray(slot, np.int32), n).copy(),
        device_no=devices,
        is_source=np.broadcast_to(np.asarray(is_source, np.bool_), n).copy(),
        content=content_hash(devices, fixes),
    )


@dataclass
class Drive:
    """One vehicle's rows as they are said, built leg by leg; lengths in metres, times in seconds."""

    every_s: float = 1.0
    lat_deg: float = 40.7
    lon_deg: float = -74.0
    at_s: float = 0.0
    says_speed: bool = True
    ignition: int = UNKNOWN
    jitter_m: float = 0.0
    odometer_m: float | None = None
    seed: int = 0
    rows: list[dict] = field(default_factory=list)
    true_m: float = 0.0

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)

    def say(self, speed_mps: float = 0.0, **more) -> "Drive":
        """One row, here and now."""
        east, north = self.rng.normal(0, self.jitter_m / 1.5, 2) if self.jitter_m else (0.0, 0.0)
        row = {
            "at_us": START_US + int(self.at_s * 1e6),
            "lat_deg": self.lat_deg + north / METRES_PER_DEG,
            "lon_deg": self.lon_deg + east / METRES_PER_DEG / np.cos(np.radians(self.lat_deg)),
            "speed_mps": speed_mps if self.says_speed else np.nan,
            "ignition": self.ignition,
            "odometer_m": np.nan if self.odometer_m is None else self.odometer_m,
        }
        self.rows.append(row | more)
        return self

    def wait(self, seconds: float, every_s: float | None = None, speed_mps: float = 0.0) -> "Drive":
        """Stand and say so."""
        step = every_s or self.every_s
        for _ in range(round(seconds / step)):
            self.at_s += step
            self.say(speed_mps)
        return self

    def go(self, metres: float, speed_mps: float = 14.0, heading_deg: float = 90.0) -> "Drive":
        """Drive straight ahead, saying so on the way."""
        for _ in range(max(1, round(metres / speed_mps / self.every_s))):
            self.at_s += self.every_s
            self.shift(speed_mps * self.every_s, heading_deg)
            self.say(speed_mps)
        return self

    def shift(self, metres: float, heading_deg: float = 90.0) -> "Drive":
        """Move without saying anything."""
        north, east = metres * np.cos(np.radians(heading_deg)), metres * np.sin(np.radians(heading_deg))
        self.lat_deg += north / METRES_PER_DEG
        self.lon_deg += east / METRES_PER_DEG / np.cos(np.radians(self.lat_deg))
        self.true_m += metres
        if self.odometer_m is not None:
            self.odometer_m += metres
        return self

    def silence(self, seconds: float) -> "Drive":
        """Say nothing for a while."""
        self.at_s += seconds
        return self

    def batch(self, slot: int = 0, device_no: int = 1, is_source: bool = True) -> Batch:
        """Everything said so far."""
        names = set().union(*self.rows)
        columns = {name: [row.get(name, np.nan) for row in self.rows] for name in names}
        return batch_of(Fixes.of(**columns), slot, device_no, is_source)


def believable(rng: np.random.Generator, slot: int, legs: int = 10) -> Batch:
    """One vehicle's life of some hours, with everything that goes wrong in practice."""
    drive = Drive(
        every_s=float(rng.choice([5, 15, 30, 120])),
        lat_deg=40.7 + slot * 0.1,
        says_speed=bool(rng.random() < 0.7),
        ignition=int(rng.choice([-1, 0, 1])),
        jitter_m=float(rng.choice([0, 3, 10])),
        odometer_m=float(rng.choice([1e5, 2e6])) if rng.random() < 0.3 else None,
        seed=int(rng.integers(2**31)),
    )
    drive.say()
    for _ in range(legs):
        _leg(drive, rng)
    parts = [drive.batch(slot)]
    if rng.random() < 0.5:
        parts.append(_second_device(parts[0], rng))
    return Batch.concat(parts)


def _leg(drive: Drive, rng: np.random.Generator) -> None:
    LEGS[str(rng.choice(KINDS))](drive, rng)


def _spike(drive: Drive, rng: np.random.Generator) -> None:
    drive.at_s += drive.every_s
    drive.say(3.0, lat_deg=drive.lat_deg + rng.uniform(0.05, 3))


def _jump(drive: Drive, rng: np.random.Generator) -> None:
    drive.shift(rng.uniform(60_000, 400_000), rng.uniform(0, 360))
    drive.wait(4 * drive.every_s)


def _turn_key(drive: Drive, rng: np.random.Generator) -> None:
    drive.ignition = int(rng.choice([-1, 0, 1]))
    drive.wait(2 * drive.every_s)


def _drive_with_stuck_odometer(drive: Drive, rng: np.random.Generator) -> None:
    counted, drive.odometer_m = drive.odometer_m, None
    for _ in range(6):
        drive.at_s += drive.every_s
        drive.shift(12 * drive.every_s, rng.uniform(80, 100))
        drive.say(12.0, odometer_m=np.nan if counted is None else counted)
    drive.odometer_m = counted


LEGS = {
    "drive": lambda d, rng: d.go(rng.uniform(60, 144 * d.every_s), rng.uniform(4, 25), rng.uniform(0, 360)),
    "halt": lambda d, rng: d.wait(rng.uniform(40, 290)),
    "park": lambda d, rng: d.wait(rng.uniform(300, 900), every_s=max(d.every_s, 60.0)),
    "silence": lambda d, rng: d.silence(rng.uniform(100, 3000)),
    "spike": _spike,
    "jump": _jump,
    "twin": lambda d, rng: d.say(5.0, lat_deg=d.lat_deg + rng.choice([0, 1e-4, 0.02])),
    "ignition": _turn_key,
    "stuck": _drive_with_stuck_odometer,
}
KINDS = [*LEGS, "drive", "drive", "drive", "halt"]


def _second_device(source: Batch, rng: np.random.Generator) -> Batch:
    some = source.take(rng.random(len(source)) < 0.4).fixes
    n = len(some)
    at_us = some.at_us + rng.choice([0, 0, 1_000_000, 7_000_000], n)
    fixes = Fixes.of(
        at_us=at_us,
        lat_deg=some.lat_deg + 0.5,
        lon_deg=some.lon_deg,
        rpm=rng.uniform(600, 3000, n),
        ignition=rng.choice([-1, 0, 1], n),
    )
    return batch_of(fixes, int(source.slot[0]), device_no=2, is_source=False)
