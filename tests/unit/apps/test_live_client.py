"""The live picture as a fold: old snapshot + events = new snapshot."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from motorpool.apps.live_client import Picture, apply
from motorpool.runtime.realtime.positions import Positions
from tests.support.places import ROWS, Row, of_rows

FLEETS = ["f1", "f2"]
ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["start", "end", "revise", "remove trip", "add", "change", "remove"]),
        st.integers(1, 3),
        st.sampled_from(FLEETS),
    ),
    max_size=30,
)


def clock(moment: int) -> str:
    return f"2026-01-01T{moment // 60:02}:{moment % 60:02}:00Z"


class Fleet:
    """The truth, changed by actions that each tell one event."""

    def __init__(self) -> None:
        self.vehicles: dict[str, dict[str, Any]] = {}
        self.cursor = 0

    def told(self, name: str, /, **data: Any) -> dict[str, Any]:
        self.cursor += 1
        at = clock(self.cursor)
        return {"type": "event", "channel": "c", "cursor": self.cursor, "name": name, "at": at, "data": data}

    def snapshot(self) -> dict[str, Any]:
        vehicles = [dict(vehicle) for vehicle in self.vehicles.values()]
        return {"type": "snapshot", "channel": "c", "cursor": self.cursor, "vehicles": vehicles}

    def do(self, action: str, number: int, fleet: str) -> dict[str, Any] | None:
        id = f"v{number}"
        if action in ("add", "change"):
            return self._tell_vehicle(action, id, number, fleet)
        if id not in self.vehicles:
            return None
        if action == "remove":
            del self.vehicles[id]
            return self.told("vehicles.vehicle_removed.v1", vehicle_id=id)
        return self._trip(action, id)

    def _tell_vehicle(self, action: str, id: str, number: int, fleet: str) -> dict[str, Any]:
        fields = {
            "no": number,
            "name": fleet,
            "plate": None,
            "kind": "bus",
            "fleet_id": fleet,
            "status": "active",
        }
        trip = self.vehicles.get(id, {}).get("trip")
        self.vehicles[id] = {"id": id, **fields, "trip": trip}
        name = "vehicles.vehicle_added.v1" if action == "add" else "vehicles.vehicle_changed.v1"
        return self.told(name, vehicle_id=id, **fields)

    def _trip(self, action: str, id: str) -> dict[str, Any]:
        trip = self.vehicles[id]["trip"]
        if action == "start" or trip is None:
            trip = {"id": f"t{self.cursor}", "started_at": clock(self.cursor)}
            self.vehicles[id]["trip"] = trip
            return self.told(
                "telemetry.trip_started.v1", vehicle_id=id, trip_id=trip["id"], started_at=trip["started_at"]
            )
        about = {"vehicle_id": id, "trip_id": trip["id"], "started_at": trip["started_at"]}
        if action == "revise":
            trip["started_at"] = about["started_at"] = clock(self.cursor)
            return self.told("telemetry.trip_revised.v1", **about, ended_at=None, revision=2, removed=False)
        self.vehicles[id]["trip"] = None
        if action == "remove trip":
            return self.told("telemetry.trip_revised.v1", **about, ended_at=None, revision=2, removed=True)
        return self.told("telemetry.trip_ended.v1", **about, ended_at=clock(self.cursor))


@given(ACTIONS, ACTIONS)
def test_old_snapshot_and_events_make_the_new_snapshot(
    before: list[tuple[str, int, str]], after: list[tuple[str, int, str]]
) -> None:
    fleet = Fleet()
    for action in before:
        fleet.do(*action)
    picture = apply(Picture("c"), fleet.snapshot())
    events = [event for event in (fleet.do(*action) for action in after) if event]
    for event in events:
        picture = apply(apply(picture, event), event)  # the second time changes nothing
    new = apply(Picture("c"), fleet.snapshot())
    assert (picture.vehicles, picture.cursor) == (new.vehicles, new.cursor)
    for event in events:
        assert apply(new, event) == new


@given(st.lists(ROWS, max_size=6), st.randoms())
def test_the_newest_place_wins_in_any_order(batches: list[list[Row]], random: Any) -> None:
    newest: dict[int, float] = {}
    for row in (row for rows in batches for row in rows):
        newest[row[1]] = max(row[0], newest.get(row[1], row[0]))
    random.shuffle(batches)
    picture = Picture("c")
    for rows in batches:
        picture = apply(picture, of_rows(rows))
    assert {number: place[0] for number, place in picture.places.items()} == newest


def test_an_older_revision_does_not_replace_the_trip_under_way() -> None:
    fleet = Fleet()
    fleet.do("add", 1, "f1")
    fleet.do("start", 1, "f1")
    picture = apply(Picture("c"), fleet.snapshot())
    older = fleet.told(
        "telemetry.trip_revised.v1",
        vehicle_id="v1",
        trip_id="old",
        started_at="2025-12-31T23:00:00Z",
        ended_at=None,
    )
    assert apply(picture, older).vehicles == picture.vehicles
    unknown = fleet.told("telemetry.trip_ended.v1", vehicle_id="v9", trip_id="t", started_at=clock(0))
    assert apply(picture, unknown).vehicles == picture.vehicles


def test_a_vehicle_that_leaves_the_fleet_leaves_its_channel() -> None:
    fleet = Fleet()
    fleet.do("add", 1, "f1")
    picture = apply(Picture("fleet:f1"), {**fleet.snapshot(), "channel": "fleet:f1"})
    moved = fleet.do("change", 1, "f2")
    assert moved is not None
    assert apply(picture, {**moved, "channel": "fleet:f1"}).vehicles == {}


def test_what_is_not_of_the_picture_changes_nothing_and_resync_empties_it() -> None:
    fleet = Fleet()
    fleet.do("add", 1, "f1")
    picture = apply(Picture("c"), fleet.snapshot())
    assert apply(picture, {"type": "pong", "at": 1.0}) == picture
    assert apply(picture, {**fleet.snapshot(), "channel": "other", "vehicles": []}) == picture
    assert apply(picture, fleet.told("costs.invoice_paid.v1", invoice_id="i")).vehicles == picture.vehicles
    assert apply(picture, Positions.none()) == picture
    assert apply(picture, {"type": "resync", "channel": "c", "reason": "gap"}) == Picture("c")
