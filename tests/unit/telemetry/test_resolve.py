"""From identifiers to vehicles: whose device it is, and for which vehicle it spoke at the time of the fix."""

from typing import Any
from uuid import UUID

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from motorpool.telemetry import receipts
from motorpool.telemetry.batch import Fixes
from motorpool.telemetry.directory import NOBODY, Directory, TenantDirectory, tenant_directory
from motorpool.telemetry.inbox import Submission
from motorpool.telemetry.resolve import Resolved, resolve
from motorpool.telemetry.shard import Shard

ONE, TWO = UUID(int=1), UUID(int=2)


def tenant(
    number: int, devices: dict[int, list[str]], assigned: list[tuple[int, int, int | None]], ports: tuple[str, ...] = ()
) -> TenantDirectory:
    """A company's directory: names of devices, and (device, from, vehicle)."""
    rows: list[dict[str, Any]] = [
        {
            "tenant_no": number,
            "tenant_id": UUID(int=number),
            "device_no": no,
            "identifiers": names,
            "on_ports": sorted({*names} & {*ports}),
        }
        for no, names in devices.items()
    ]
    return tenant_directory(
        rows,
        [
            {
                "device_no": device,
                "from_us": at,
                "vehicle_no": vehicle,
                "vehicle_id": vehicle and UUID(int=1000 + vehicle),
                "is_source": True,
            }
            for device, at, vehicle in sorted(assigned, key=lambda one: one[:2])
        ],
    )


def said(tenant_id: UUID | None, *rows: tuple[str, int]) -> Submission:
    """A submission of (identifier, time) rows."""
    names = tuple(dict.fromkeys(name for name, _ in rows))
    fixes = Fixes.of(at_us=[at for _, at in rows], lat_deg=[0.0] * len(rows), lon_deg=[0.0] * len(rows))
    return Submission(names, np.array([names.index(name) for name, _ in rows], dtype=np.int32), fixes, tenant_id)


def resolved(directory: Directory, *submissions: Submission) -> tuple[Resolved, list[int | None], list[str]]:
    """What is found, as vehicle numbers and codes."""
    shard = Shard()
    found = resolve(submissions, Fixes.concat([one.fixes for one in submissions]).at_us, directory, shard)
    vehicles = [None if slot == NOBODY else shard.keys[slot].vehicle_no for slot in found.slot.tolist()]
    return found, vehicles, [receipts.CODES[code] for code in found.codes.tolist()]


def directory(*tenants: TenantDirectory) -> Directory:
    """A directory of companies."""
    return Directory().with_tenants(tenants, {one.tenant_no: 1 for one in tenants})


def test_the_same_name_is_another_device_in_each_company() -> None:
    known = directory(tenant(1, {5: ["bus"]}, [(5, 0, 50)]), tenant(2, {6: ["bus"]}, [(6, 0, 60)]))
    found, vehicles, codes = resolved(known, said(ONE, ("bus", 10)), said(TWO, ("bus", 10)))
    assert vehicles == [50, 60]
    assert found.device_no.tolist() == [5, 6]
    assert codes == ["", ""]


def test_on_the_device_ports_a_name_is_whose_it_was_claimed_by() -> None:
    known = directory(tenant(1, {5: ["bus"]}, [(5, 0, 50)]), tenant(2, {6: ["bus"]}, [(6, 0, 60)], ports=("bus",)))
    assert resolved(known, said(None, ("bus", 10)))[1] == [60]
    assert resolved(directory(tenant(1, {5: ["bus"]}, [(5, 0, 50)])), said(None, ("bus", 10)))[2] == ["unknown_device"]


def test_who_is_unknown_and_who_speaks_for_nobody_is_told_apart() -> None:
    known = directory(tenant(1, {5: ["a"], 6: ["b"], 7: ["c"]}, [(5, 100, 50), (6, 0, None)]))
    _, vehicles, codes = resolved(known, said(ONE, ("a", 99), ("a", 100), ("b", 5), ("c", 5), ("d", 5)))
    assert vehicles == [None, 50, None, None, None]
    assert codes == ["device_unassigned", "", "device_unassigned", "device_unassigned", "unknown_device"]
    assert resolved(known, said(TWO, ("a", 100)))[2] == ["unknown_device"]


TIMES = st.integers(0, 20)


@given(
    st.lists(
        st.tuples(st.integers(0, 2), TIMES, st.none() | st.integers(1, 4)), unique_by=lambda one: one[:2], max_size=8
    ),
    st.lists(st.tuples(st.integers(0, 3), TIMES), min_size=1, max_size=30),
)
def test_a_row_belongs_to_the_vehicle_of_the_last_beginning_before_it(
    assigned: list[tuple[int, int, int | None]], rows: list[tuple[int, int]]
) -> None:
    known = directory(tenant(1, {no: [f"d{no}", f"e{no}"] for no in range(3)}, assigned))
    _, vehicles, codes = resolved(known, said(ONE, *((f"{'de'[at % 2]}{no}", at) for no, at in rows)))
    for (no, at), vehicle, code in zip(rows, vehicles, codes, strict=True):
        before = [one for one in assigned if one[0] == no and one[1] <= at]
        expected = max(before, key=lambda one: one[1])[2] if before else None
        assert vehicle == expected
        assert code == ("unknown_device" if no == 3 else "" if expected else "device_unassigned")


def test_an_edit_replaces_one_company_and_leaves_the_old_directory_as_it_was() -> None:
    before = directory(
        tenant(1, {5: ["a"]}, [(5, 0, 50)], ports=("a",)), tenant(2, {6: ["b"]}, [(6, 0, 60)], ports=("b",))
    )
    after = before.with_tenants([tenant(1, {5: ["c"]}, [(5, 0, 51)], ports=("c",))], {1: 2, 2: 1})
    assert (set(before.ports), set(after.ports)) == ({"a", "b"}, {"b", "c"})
    assert resolved(after, said(None, ("a", 1), ("b", 1), ("c", 1)))[1] == [None, 60, 51]
    assert resolved(before, said(None, ("a", 1), ("b", 1), ("c", 1)))[1] == [50, 60, None]
    assert after.tenant_no_of(TWO) == 2
    assert after.tenant_no_of(UUID(int=9)) is None


def test_a_vehicle_keeps_its_slot_and_a_new_one_gets_the_next() -> None:
    known = directory(tenant(1, {5: ["a"], 6: ["b"]}, [(5, 0, 50), (6, 0, 50), (6, 10, 51)]))
    found, vehicles, _ = resolved(known, said(ONE, ("a", 1), ("b", 1), ("b", 10), ("a", 99)))
    assert vehicles == [50, 50, 51, 50]
    assert found.slot.tolist() == [0, 0, 1, 0]
