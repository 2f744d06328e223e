"""Where the fleet goes: depots, customers, fuel stations and bus stops, each at a crossing of the town."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motorpool.demo.ground import Floats
from motorpool.demo.names import Names
from motorpool.demo.sketch import CLASSES

CUSTOMERS, FUEL_STATIONS, BUS_STOPS = 72, 4, 48


@dataclass(frozen=True, slots=True)
class Place:
    """A place with a name; `kind` is depot, customer, fuel_station or bus_stop; it stands at node `node` of the town."""

    name: str
    kind: str
    node: int


def choose(
    xy: Floats, ends: NDArray[np.int32], street_class: NDArray[np.int32], random: np.random.Generator
) -> list[Place]:
    """The places of a town: depots in the industrial estate, the others spread over the streets that suit them."""
    names = Names(random)
    on = {name: np.unique(ends[street_class == k]) for k, name in enumerate(CLASSES)}
    estate = on["industrial"]
    small = np.unique(np.concatenate([on["residential"], on["lane"], estate]))
    main = np.unique(np.concatenate([on["primary"], on["secondary"]]))
    depots = _spread(xy, estate, 2, random)
    stops = _spread(xy, main[np.hypot(*xy[main].T) < 3600.0], BUS_STOPS, random)
    near = main[np.hypot(*xy[main].T) < 4200.0]
    fuel = _spread(xy, np.setdiff1d(near, stops), FUEL_STATIONS, random)
    customers = _spread(xy, np.setdiff1d(small, depots), CUSTOMERS, random)
    places = [Place(name, "depot", n) for name, n in zip(("Betriebshof Nord", "Betriebshof Süd"), depots, strict=True)]
    places += [Place(f"Tankstelle {k + 1}", "fuel_station", node) for k, node in enumerate(fuel)]
    places += [Place(f"Haltestelle {k + 1}", "bus_stop", node) for k, node in enumerate(stops)]
    return places + [Place(names.customer(), "customer", node) for node in customers]


def _spread(xy: Floats, among: NDArray[np.int32], count: int, random: np.random.Generator) -> list[int]:
    """Nodes far from one another: of a few candidates always the one farthest from those already chosen."""
    chosen = [int(random.choice(among))]
    while len(chosen) < count:
        candidates = random.choice(among, size=6)
        apart = np.linalg.norm(xy[candidates][:, None] - xy[chosen][None], axis=2).min(axis=1)
        chosen.append(int(candidates[int(np.argmax(apart))]))
    return chosen
