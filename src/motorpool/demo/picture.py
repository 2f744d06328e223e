"""The town as the map's layer: GeoJSON [RFC 7946]."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from motorpool.demo.sketch import CLASSES
from motorpool.demo.town import Town

DIGITS = 6
"""Decimal places of a coordinate: a tenth of a metre."""


def geojson(town: Town) -> dict[str, Any]:
    """A FeatureCollection of everything one sees from above; about 330 kB as JSON, 90 kB with gzip.

    `properties.layer` of a feature says what it is: `street` (LineString; `class`, `name`, `limit_kmh`), `water` and `park`
    (Polygon; `name`), `place` (Point; `kind`, `name`). Streets come from small to large, so that large ones are drawn on top.
    """
    features = [_area(area.kind, area.name, area.corners) for area in town.areas]
    features += [_street(town, nodes, edge) for nodes, edge in _lines(town)]
    features += [
        _feature("Point", _point(town, place.node), {"layer": "place", "kind": place.kind, "name": place.name})
        for place in town.places
    ]
    box = [float(f(axis)) for f in (np.min, np.max) for axis in (town.lon_deg, town.lat_deg)]
    return {
        "type": "FeatureCollection",
        "name": town.name,
        "bbox": [round(b, DIGITS) for b in box],
        "features": features,
    }


def _lines(town: Town) -> Iterator[tuple[list[int], int]]:
    """Runs of nodes along one street, with an edge of it; from small streets to large ones."""
    runs: list[tuple[list[int], int]] = []
    for edge, ((a, b), street) in enumerate(zip(town.ends.tolist(), town.street.tolist(), strict=True)):
        if runs and runs[-1][0][-1] == a and town.street[runs[-1][1]] == street:
            runs[-1][0].append(b)
        else:
            runs.append(([a, b], edge))
    yield from sorted(runs, key=lambda run: -_RANK[CLASSES[town.street_class[run[1]]]])


_RANK = {name: k for k, name in enumerate(CLASSES)}


def _street(town: Town, nodes: list[int], edge: int) -> dict[str, Any]:
    properties = {
        "layer": "street",
        "class": CLASSES[town.street_class[edge]],
        "name": town.names[town.street[edge]],
        "limit_kmh": round(float(town.limit_mps[edge]) * 3.6),
    }
    return _feature("LineString", [_point(town, node) for node in nodes], properties)


def _area(layer: str, name: str, corners: Any) -> dict[str, Any]:
    ring = [[round(lon, DIGITS), round(lat, DIGITS)] for lat, lon in corners.tolist()]
    return _feature("Polygon", [[*ring, ring[0]]], {"layer": layer, "name": name})


def _point(town: Town, node: int) -> list[float]:
    return [round(float(town.lon_deg[node]), DIGITS), round(float(town.lat_deg[node]), DIGITS)]


def _feature(kind: str, coordinates: Any, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": kind, "coordinates": coordinates},
        "properties": properties,
    }
