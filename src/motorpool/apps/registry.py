"""The one list of features, in the order of who may know whom."""

from motorpool.features.accounts.feature import FEATURE as ACCOUNTS
from motorpool.features.devices.feature import FEATURE as DEVICES
from motorpool.features.trips.feature import FEATURE as TRIPS
from motorpool.features.vehicles.feature import FEATURE as VEHICLES
from motorpool.kernel.events import Event
from motorpool.runtime.feature import Erase, Export, Feature, Provision, Search, Subscription

FEATURES: tuple[Feature, ...] = (ACCOUNTS, VEHICLES, DEVICES, TRIPS)

SUBSCRIPTIONS: tuple[Subscription, ...] = tuple(one for feature in FEATURES for one in feature.subscriptions)
PROVISION: tuple[Provision, ...] = tuple(one for feature in FEATURES for one in feature.provision)
EXPORT: tuple[Export, ...] = tuple(one for feature in FEATURES for one in feature.export)
ERASE: tuple[Erase, ...] = tuple(one for feature in FEATURES for one in feature.erase)
SEARCH: tuple[Search, ...] = tuple(one for feature in FEATURES for one in feature.search)
EVENTS: dict[str, type[Event]] = {one.NAME: one for feature in FEATURES for one in feature.events}
