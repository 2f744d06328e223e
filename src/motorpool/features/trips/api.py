"""The live picture: vehicles with their open trip and their last position, as one moment of the database."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from motorpool.features.vehicles import api as vehicles
from motorpool.runtime.db import Work
from motorpool.runtime.outbox_sql import NEWEST_OF_TENANT
from motorpool.runtime.realtime.positions import Positions

MOVING_PICTURE = """
select l.vehicle_no, l.at, l.lat_e7, l.lon_e7, l.speed_mps, l.heading_deg, l.motion_code, l.trip_id, l.trip_started_at
from latest_public l where l.tenant_no = tenant_no() and l.vehicle_no = any(%(numbers)s) order by l.vehicle_no
"""

EXPORT_TRIPS = "select * from trips_public where tenant_no = tenant_no() order by vehicle_no, started_at"

EXPORT_STOPS = "select * from stops_public where tenant_no = tenant_no() order by vehicle_no, started_at"


@dataclass(frozen=True, slots=True)
class Picture:
    """What the map shows of a channel: vehicles as they are sent, their places in columns, and every number the actor may hear.

    `cursor` is the position of the last event it contains.
    """

    cursor: int
    vehicles: list[dict[str, Any]]
    positions: Positions
    numbers: NDArray[np.int64]


async def live_picture(work: Work, *, fleet_id: UUID | None = None, vehicle_id: UUID | None = None) -> Picture:
    """The picture of all vehicles the actor may see, of a fleet, or of one vehicle. Raises NotFound.

    Read it in a transaction of one snapshot, so that its cursor fits its rows.
    """
    newest = await work.one(NEWEST_OF_TENANT)
    shown = await vehicles.live_vehicles(work, fleet_id, vehicle_id)
    numbers = np.array([one.no for one in shown], dtype=np.int64)
    rows = await work.all(MOVING_PICTURE, {"numbers": numbers.tolist()})
    trips = {row["vehicle_no"]: row for row in rows if row["trip_id"] is not None}
    return Picture(
        cursor=newest["position"] if newest else 0,
        vehicles=[_vehicle(one, trips.get(one.no)) for one in shown],
        positions=_positions(rows),
        numbers=numbers,
    )


async def export_trips(work: Work) -> dict[str, list[dict[str, Any]]]:
    """Trips and stops, by table. Positions are too many for one document: `/vehicles/{id}/positions` streams them as CSV or NDJSON."""
    return {"trips": await work.all(EXPORT_TRIPS), "stops": await work.all(EXPORT_STOPS)}


def _vehicle(vehicle: vehicles.LiveVehicle, latest: dict[str, Any] | None) -> dict[str, Any]:
    trip = None if latest is None else {"id": latest["trip_id"], "started_at": latest["trip_started_at"]}
    return {
        "id": vehicle.id,
        "no": vehicle.no,
        "name": vehicle.name,
        "plate": vehicle.plate,
        "kind": vehicle.kind,
        "fleet_id": vehicle.fleet_id,
        "status": vehicle.status,
        "trip": trip,
    }


def _positions(rows: list[dict[str, Any]]) -> Positions:
    nothing = float("nan")
    return Positions.from_si(
        at_us=np.array([row["at"].timestamp() * 1e6 for row in rows], dtype=np.float64).round().astype(np.int64),
        vehicle_no=np.array([row["vehicle_no"] for row in rows], dtype=np.int64),
        lat_deg=np.array([row["lat_e7"] for row in rows], dtype=np.float64) / 1e7,
        lon_deg=np.array([row["lon_e7"] for row in rows], dtype=np.float64) / 1e7,
        speed_mps=np.array([nothing if row["speed_mps"] is None else row["speed_mps"] for row in rows]),
        heading_deg=np.array([nothing if row["heading_deg"] is None else row["heading_deg"] for row in rows]),
        motion=np.array([row["motion_code"] for row in rows], dtype=np.uint8),
    )
