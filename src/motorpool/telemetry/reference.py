"""What the stages are told and do not change: their thresholds. Immutable; an edit makes a new one."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from motorpool.kernel.time import SECOND_US

MINUTE_US = 60 * SECOND_US


class Rules(NamedTuple):
    """Thresholds of the stages.

    `jump_…` sanitize, `…_speed_mps`, `…_m` of moving and resting motion, `odometer_…` odometer, the rest
    trips.
    """

    jump_speed_mps: float = 67.0
    """Faster than this between two fixes is no drive (150 mph)."""
    jump_noise_m: float = 100.0
    """So far a fix may be wrong without being a jump."""
    jump_agreeing: int = 3
    """So many outliers in a row that agree with each other are believed."""

    move_speed_mps: float = 1.5
    """From this speed on it moves."""
    rest_speed_mps: float = 0.8
    """Below this speed it stands; between the two it goes on doing what it did."""
    step_m: float = 10.0
    """Moving, with speeds said: from here on a distance counts."""
    blind_step_m: float = 50.0
    """Moving, no speed said: from here on a distance counts."""
    start_m: float = 25.0
    """Standing, a moving speed said: from here on it has left."""
    rest_radius_m: float = 100.0
    """Standing, no moving speed said: within this it is noise, from here on it has left."""

    odometer_step_m: float = 1_100.0
    """Coarsest step of a device's own odometer (whole kilometres and some noise)."""
    ignition_hold_us: int = 15 * MINUTE_US
    """So long an ignition that was said holds for rows that do not say it."""

    confirm_m: float = 100.0
    """So far from its beginning a departure becomes a trip."""
    lookback_us: int = 3 * MINUTE_US
    """A trip begins at the fix before the first one that rolls, unless that is older than this."""
    gap_us: int = 15 * MINUTE_US
    """Silence that ends a trip."""
    stop_us: int = MINUTE_US
    """A halt this long is a stop; a departure that stands this long is none."""
    park_us: int = 5 * MINUTE_US
    """A halt this long ends the trip."""
    park_off_us: int = 2 * MINUTE_US
    """A halt with the ignition off this long ends the trip."""

    def record(self) -> NDArray[np.void]:
        """The rules as compiled stages read them, (1,) of `RULES`."""
        return np.array([tuple(self)], dtype=RULES)

    def faults(self) -> list[str]:
        """What contradicts itself, as sentences; empty when sound."""
        ordered = [
            ("rest_speed_mps", self.rest_speed_mps, "move_speed_mps", self.move_speed_mps),
            ("move_speed_mps", self.move_speed_mps, "jump_speed_mps", self.jump_speed_mps),
            ("step_m", self.step_m, "start_m", self.start_m),
            ("start_m", self.start_m, "rest_radius_m", self.rest_radius_m),
            ("blind_step_m", self.blind_step_m, "rest_radius_m", self.rest_radius_m),
            ("stop_us", self.stop_us, "park_us", self.park_us),
            ("lookback_us", self.lookback_us, "gap_us", self.gap_us),
            ("park_us", self.park_us, "gap_us", self.gap_us),
        ]
        found = [f"{name} must be above 0" for name, value in self._asdict().items() if not 0 < value < float("inf")]
        found += [f"{low} must not be above {high}" for low, a, high, b in ordered if a > b]
        if not 2 <= self.jump_agreeing <= 200:
            found.append("jump_agreeing must be 2 … 200")
        return found


RULES = np.dtype([(name, kind) for name, kind in Rules.__annotations__.items()])
"""`Rules` as a record: float64 and int64."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What the stages look things up in.

    Raises
    ------
    ValueError
        The rules contradict each other; the message names every fault.
    """

    rules: Rules = Rules()

    def __post_init__(self) -> None:
        if faults := self.rules.faults():
            raise ValueError("; ".join(faults))
