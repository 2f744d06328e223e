"""Compile or load the stages' kernels before the first position comes, so that it does not wait for them."""

import numpy as np

from motorpool.telemetry.batch import Batch, Fixes
from motorpool.telemetry.content import content_hash
from motorpool.telemetry.pipeline import run_stages
from motorpool.telemetry.reference import Reference
from motorpool.telemetry.state import fresh


def warm_up() -> None:
    """Run the stages over one position of nobody."""
    fixes = Fixes.of(at_us=[1], lat_deg=[1.0], lon_deg=[1.0])
    number = np.zeros(1, dtype=np.int32)
    batch = Batch(fixes, number, number, np.ones(1, dtype=np.bool_), content_hash(number, fixes))
    run_stages(batch, fresh(1), Reference())
