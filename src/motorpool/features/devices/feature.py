"""Devices: trackers, the names they send, and for which vehicle they speak when.

Owns: devices, device_identifiers, device_identities, device_assignments.
Tells: DeviceAdded, DeviceChanged, DeviceAssigned.
"""

from motorpool.features.devices import api, http
from motorpool.features.devices.events import DeviceAdded, DeviceAssigned, DeviceChanged
from motorpool.runtime.feature import Feature

FEATURE = Feature(
    name="devices",
    routers=(http.router,),
    events=(DeviceAdded, DeviceChanged, DeviceAssigned),
    permissions=("devices.read", "devices.write", "telemetry.write"),
    export=(api.export_devices,),
)
