"""From identifiers to devices, vehicles and slots. Pure: the directory is an argument."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motorpool.telemetry import receipts
from motorpool.telemetry.directory import NOBODY, UNKNOWN_DEVICE, Device, Directory, Moved
from motorpool.telemetry.inbox import Submission
from motorpool.telemetry.shard import Shard


@dataclass(frozen=True, slots=True)
class Resolved:
    """Per row of the submissions, one after the other: device, slot, whether it moves the vehicle, and a code (0: good)."""

    device_no: NDArray[np.int32]
    slot: NDArray[np.int32]
    is_source: NDArray[np.bool_]
    codes: NDArray[np.int8]


def resolve(
    submissions: Sequence[Submission], at_us: NDArray[np.int64], directory: Directory, shard: Shard
) -> Resolved:
    """Find every row's device and, by the assignment at its time, its vehicle's slot."""
    devices = [device for one in submissions for device in _devices(one, directory)]
    offsets = np.cumsum([0, *(len(one.identifiers) for one in submissions)])[:-1]
    owner = np.concatenate([one.device + offset for one, offset in zip(submissions, offsets, strict=True)])
    numbers, vehicle_nos, from_us, are_sources, _, moved = zip(*devices, strict=True) if devices else ((),) * 6
    device_no = np.array(numbers, dtype=np.int32)[owner]
    began = at_us >= np.array(from_us, dtype=np.int64)[owner]
    slot = np.where(began, _slots(devices, vehicle_nos, shard)[owner], np.int32(NOBODY))
    is_source = np.array(are_sources, dtype=np.bool_)[owner]
    for index, one in enumerate(moved):
        if one is not None:
            rows = np.flatnonzero(owner == index)
            slot[rows], is_source[rows] = _by_time(one, at_us[rows], shard)
    codes = np.full(len(owner), receipts.GOOD, dtype=np.int8)
    codes[slot == NOBODY] = receipts.DEVICE_UNASSIGNED
    codes[device_no == NOBODY] = receipts.UNKNOWN_DEVICE
    return Resolved(device_no, slot, is_source, codes)


def _devices(submission: Submission, directory: Directory) -> list[Device]:
    names = directory.names(submission.tenant_id)
    return [names.get(identifier, UNKNOWN_DEVICE) for identifier in submission.identifiers]


def _slots(devices: Sequence[Device], vehicle_nos: Sequence[int], shard: Shard) -> NDArray[np.int32]:
    """The slot of each device that has one vehicle for ever, NOBODY for the others."""
    slots = np.array([shard.slots.get(number, NOBODY) for number in vehicle_nos], dtype=np.int32)
    for index in np.flatnonzero(slots == NOBODY).tolist():
        if (key := devices[index].key) is not None:
            slots[index] = shard.slot_of(key)
    return slots


def _by_time(moved: Moved, at_us: NDArray[np.int64], shard: Shard) -> tuple[list[int], NDArray[np.bool_]]:
    vehicle_no, is_source = moved.assigned.at(at_us)
    numbers = vehicle_no.tolist()
    return [NOBODY if number == NOBODY else shard.slot_of(moved.keys[number]) for number in numbers], is_source
