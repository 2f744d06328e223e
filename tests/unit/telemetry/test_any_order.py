"""Any splitting, shuffling, doubling or delaying of the rows ends in the same state, trips and stops."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from motorpool.telemetry.batch import Batch
from support.drives import believable
from support.memory_store import DeafStore, MemoryStore

VEHICLES = 3


def fleet(seed: int) -> Batch:
    rng = np.random.default_rng(seed)
    return Batch.concat([believable(rng, slot) for slot in range(VEHICLES)])


def in_order(rows: Batch, store: MemoryStore) -> MemoryStore:
    store.hear(rows)
    return store


def scrambled(rows: Batch, seed: int, reach_rows: float, store: MemoryStore) -> MemoryStore:
    """Delay each row by up to `reach_rows`, send 30 % twice, and cut the whole into batches anywhere."""
    rng = np.random.default_rng(seed)
    copies = np.concatenate([np.arange(len(rows)), rng.choice(len(rows), int(len(rows) * 0.3))])
    arrival = np.argsort(np.argsort(rows.fixes.at_us))[copies] + rng.uniform(0, reach_rows, len(copies))
    arriving = copies[np.argsort(arrival)]
    cuts = np.sort(rng.choice(len(arriving), min(int(rng.integers(1, 12)), len(arriving)), replace=False))
    for part in np.split(arriving, cuts):
        store.hear(rows.take(rng.permutation(part)))
    return store


seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=300, deadline=None)
@given(drive=seeds, order=seeds, reach_rows=st.sampled_from([0.0, 3.0, 30.0, 1e9]))
def test_any_order_any_batches_and_any_duplicates_end_in_the_same_picture(drive, order, reach_rows):
    rows = fleet(drive)
    expected = in_order(rows, MemoryStore(VEHICLES)).picture()
    assert scrambled(rows, order, reach_rows, MemoryStore(VEHICLES)).picture() == expected


def test_the_property_notices_a_store_that_ignores_late_rows():
    wrong = 0
    for seed in range(20):
        rows = fleet(seed)
        expected = in_order(rows, MemoryStore(VEHICLES)).picture()
        wrong += scrambled(rows, seed, 30.0, DeafStore(VEHICLES)).picture() != expected
    assert wrong > 15
