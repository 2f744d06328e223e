"""Who drives: the vehicles of a demo fleet with names, plates, VINs and trackers. Vehicle k is the same in any fleet size."""

from dataclasses import dataclass

import numpy as np

from motorpool.demo.kinds import BUS, CAR, TRUCK, VAN, Kind, Shift
from motorpool.features.vehicles.model import check_digit

_VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
_VIN_YEARS = "ABCDEFGHJKLMNPRSTVWXY123456789"
"""Model years from 2010 on [ISO 3779 as used in North America, 49 CFR 565.15]."""
_PATTERN = (VAN, BUS, VAN, TRUCK, CAR, VAN, BUS, VAN, TRUCK, VAN, CAR, BUS)
_FLEETS = {"van": "Delivery", "truck": "Haulage", "bus": "Buses", "car": "Service"}
_MODELS = {
    "van": (("Mercedes-Benz", "Sprinter", "WDB"), ("Volkswagen", "Crafter", "WV1"), ("Ford", "Transit", "WF0"), ("MAN", "TGE", "WMA")),
    "truck": (("MAN", "TGM", "WMA"), ("Scania", "P 280", "YS2"), ("Volvo", "FL", "YV2"), ("DAF", "LF", "XLR")),
    "bus": (("Mercedes-Benz", "Citaro", "WEB"), ("MAN", "Lion's City", "WMA"), ("Solaris", "Urbino", "SUU")),
    "car": (("Škoda", "Octavia", "TMB"), ("Volkswagen", "Caddy", "WV2"), ("Renault", "Kangoo", "VF1")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One vehicle of the roster. `device` is its tracker's IMEI; `odometer_m` what it had driven when the demo began."""

    index: int
    name: str
    plate: str
    vin: str
    make: str
    model: str
    year: int
    kind: Kind
    shift: Shift
    fleet: str
    device: str
    odometer_m: float


def roster(seed: int, vehicles: int) -> list[Entry]:
    """The first vehicles of a seed's fleet."""
    return [_entry(seed, index) for index in range(vehicles)]


def _entry(seed: int, index: int) -> Entry:
    random = np.random.default_rng([seed, 3, index])
    kind = _PATTERN[index % len(_PATTERN)]
    turn = sum(k is kind for k in _PATTERN[: index % 12]) + (index // 12) * _PATTERN.count(kind)
    models = _MODELS[kind.name]
    make, model, maker = models[int(random.integers(len(models)))]
    year = int(random.integers(2016, 2026))
    return Entry(
        index=index,
        name=f"{kind.name.capitalize()} {turn + 1:02d}",
        plate=f"TB-{chr(65 + seed % 26)}{chr(65 + index % 26)} {1000 + (index * 137 + seed * 7) % 9000}",
        vin=_vin(maker, year, seed, index, random),
        make=make,
        model=model,
        year=year,
        kind=kind,
        shift=kind.shifts[turn % len(kind.shifts)],
        fleet=_FLEETS[kind.name],
        device=imei(seed, index),
        odometer_m=float(round(random.uniform(8_000, 30_000) * (2026 - year) * 1000.0)),
    )


def _vin(maker: str, year: int, seed: int, index: int, random: np.random.Generator) -> str:
    middle = "".join(random.choice(list(_VIN_LETTERS), 5))
    serial = f"{seed % 100:02d}{index:04d}"
    vin = f"{maker}{middle}0{_VIN_YEARS[year - 2010]}D{serial}"
    return vin[:8] + check_digit(vin) + vin[9:]


def imei(seed: int, index: int) -> str:
    """A tracker's 15-digit number; the last digit is Luhn's [3GPP TS 23.003]."""
    number = f"35{seed % 1_000_000:06d}{index:06d}"
    digits = [int(d) * (1 + k % 2) for k, d in enumerate(number)]
    return number + str(-sum(d // 10 + d % 10 for d in digits) % 10)
