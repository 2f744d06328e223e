"""Vehicles: what drives, in which fleet, and who may see it.

Owns: fleets, vehicles, vehicle_terms, vehicle_viewers.
Tells: VehicleAdded, VehicleChanged, FleetAdded, FleetRenamed, ViewerAdded, ViewerRemoved.
"""

from motorpool.features.vehicles import api, http
from motorpool.features.vehicles.events import (
    FleetAdded,
    FleetRenamed,
    VehicleAdded,
    VehicleChanged,
    ViewerAdded,
    ViewerRemoved,
)
from motorpool.runtime.feature import Feature

FEATURE = Feature(
    name="vehicles",
    routers=(http.router,),
    events=(VehicleAdded, VehicleChanged, FleetAdded, FleetRenamed, ViewerAdded, ViewerRemoved),
    permissions=("vehicles.read", "vehicles.write"),
    export=(api.export_vehicles,),
    erase=(api.erase_viewer,),
    search=(api.search_vehicles,),
)
