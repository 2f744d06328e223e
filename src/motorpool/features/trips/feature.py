"""Trips: positions, trips and stops as people and programs ask for them. The tables are telemetry's.

Owns: nothing of its own.
"""

from motorpool.features.trips import api, http
from motorpool.runtime.feature import Feature
from motorpool.telemetry.events import TripEnded, TripRevised, TripStarted

FEATURE = Feature(
    name="trips",
    routers=(http.router,),
    events=(TripStarted, TripEnded, TripRevised),
    permissions=("positions.read", "trips.read"),
    export=(api.export_trips,),
)
