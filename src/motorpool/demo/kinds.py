"""Kinds of vehicles: how they move, what they burn, when they work."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shift:
    """When a vehicle leaves its depot, in hours of the town's day, and for how many hours it works."""

    start_h: float
    hours: float


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of vehicle. Accelerations in m/s², speeds in m/s.

    `lateral_mps2` is what its driver accepts sideways in a bend. `refuel_days`: every how many days it is filled up.
    """

    name: str
    accelerate_mps2: float
    brake_mps2: float
    lateral_mps2: float
    top_mps: float
    litres_per_km: float
    tank_l: float
    battery_v: float
    idle_rpm: float
    refuel_days: int
    shifts: tuple[Shift, ...]


VAN = Kind("van", 1.5, 2.0, 1.9, 130 / 3.6, 0.098, 75.0, 12.0, 800.0, 2,
           (Shift(7, 14), Shift(19, 13), Shift(5, 13), Shift(12, 15)))  # fmt: skip
TRUCK = Kind("truck", 0.75, 1.3, 1.2, 80 / 3.6, 0.285, 320.0, 24.0, 600.0, 3,
             (Shift(4, 15), Shift(15, 14), Shift(8, 15)))  # fmt: skip
BUS = Kind("bus", 0.95, 1.15, 1.1, 85 / 3.6, 0.34, 300.0, 24.0, 620.0, 2,
           (Shift(5, 17), Shift(16, 15), Shift(6, 17)))  # fmt: skip
CAR = Kind("car", 1.9, 2.5, 2.3, 140 / 3.6, 0.064, 50.0, 12.0, 780.0, 3,
           (Shift(7, 13), Shift(20, 13), Shift(6, 14), Shift(13, 14)))  # fmt: skip
