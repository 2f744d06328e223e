"""A recording of 490 buses in Austin, Texas: a fix about every two minutes, with the dirt they came with."""

import os
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet

from motorpool.kernel.time import DAY_US
from motorpool.telemetry.batch import Batch, Fixes
from motorpool.telemetry.stages.sanitize import admit, canonical
from support.drives import batch_of

NAME = Path("traces", "capmetro_bus_positions.parquet")


def trace() -> Path:
    """The recording: below MOTORPOOL_SHARED_DATA, else in `shared/data` beside or above the repository."""
    said = os.environ.get("MOTORPOOL_SHARED_DATA")
    folders = [Path(said)] if said else [up / "shared" / "data" for up in Path(__file__).resolve().parents]
    found = [folder / NAME for folder in folders if (folder / NAME).exists()]
    assert found, f"{NAME} is missing: set MOTORPOOL_SHARED_DATA to the folder that holds it"
    return found[0]


@cache
def buses() -> tuple[Fixes, np.ndarray, np.ndarray]:
    """All fixes as recorded, the bus of each (0 … 489), and the code of each at the door."""
    table = parquet.read_table(trace(), columns=["vehicle_id", "timestamp", "latitude", "longitude", "speed_mps"])
    fixes = Fixes.of(
        at_us=_at_us(table["timestamp"].to_numpy().astype(str)),
        lat_deg=table["latitude"].to_numpy(),
        lon_deg=table["longitude"].to_numpy(),
        speed_mps=table["speed_mps"].to_numpy(),
    )
    _, slot = np.unique(table["vehicle_id"].to_numpy(), return_inverse=True)
    return fixes, slot, admit(fixes, int(fixes.at_us.max()), retention_us=20 * 365 * DAY_US)


def admitted_buses() -> Batch:
    """What passes the door."""
    fixes, slot, codes = buses()
    return batch_of(canonical(fixes.take(codes == 0)), slot[codes == 0], slot[codes == 0])


def _at_us(texts: np.ndarray) -> np.ndarray:
    local = np.array([text[:19] for text in texts], dtype="datetime64[us]").astype(np.int64)
    behind_h = np.array([int(text[19:22]) for text in texts])
    return local - behind_h * 3600 * 1_000_000
