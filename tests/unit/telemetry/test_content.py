import subprocess
import sys

import numpy as np
import pytest

from motorpool.telemetry.batch import COLUMNS, Fixes
from motorpool.telemetry.content import content_hash

ROWS = dict(
    at_us=[1_740_000_000_000_000] * 4,
    lat_deg=[40.7, 40.7, -33.9, 40.7],
    lon_deg=[-74.0, -74.0, 151.2, -74.0],
    speed_mps=[13.5, np.nan, 0.0, 13.5],
    ignition=[1, -1, 0, 1],
    odometer_m=[123456.5, np.nan, 0.0, 123456.5],
    extra=[None, None, None, b'{"dtcs":["P0420"]}'],
)
DEVICES = np.array([1, 2, 3, 1], np.int32)
LITERALS = [-7828406276772315453, -3820450937529552816, -3910095617177151472, -8886728362686941525]


def test_the_hash_is_the_same_for_ever():
    assert list(content_hash(DEVICES, Fixes.of(**ROWS))) == LITERALS


def test_the_hash_is_the_same_in_another_process():
    code = (
        "import numpy as np\n"
        "from motorpool.telemetry.batch import Fixes\n"
        "from motorpool.telemetry.content import content_hash\n"
        "rows = Fixes.of(at_us=[5], lat_deg=[1.5], lon_deg=[2.5], extra=[b'{}'])\n"
        "print(content_hash(np.array([9], np.int32), rows)[0])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    rows = Fixes.of(at_us=[5], lat_deg=[1.5], lon_deg=[2.5], extra=[b"{}"])
    assert int(said) == content_hash(np.array([9], np.int32), rows)[0]


@pytest.mark.parametrize("column", [name for name in COLUMNS if name != "extra"])
def test_every_column_counts(column):
    rows = Fixes.of(**ROWS)
    other = {name: getattr(rows, name) for name in COLUMNS} | {column: getattr(rows, column).copy()}
    other[column][0] = 17
    changed = content_hash(DEVICES, Fixes.of(**other)) != content_hash(DEVICES, rows)
    assert list(changed) == [True, False, False, False]


def test_the_device_and_the_extra_count():
    rows = Fixes.of(**ROWS)
    hashes = content_hash(DEVICES, rows)
    assert hashes[0] != hashes[3]
    assert content_hash(DEVICES + 1, rows)[0] != hashes[0]


def test_neither_neighbours_nor_the_kind_of_nan_count():
    rows = Fixes.of(**ROWS)
    assert list(content_hash(DEVICES[::-1], rows.take([3, 2, 1, 0]))) == LITERALS[::-1]
    odd = np.array([0x7FC00123], np.uint32).view(np.float32)
    strange = Fixes.of(**ROWS | {"speed_mps": np.array([13.5, odd[0], 0.0, 13.5], np.float32)})
    assert list(content_hash(DEVICES, strange)) == LITERALS


def test_a_million_similar_rows_have_a_million_hashes():
    n = 1_000_000
    rows = Fixes.of(at_us=np.arange(n) * 1_000_000, lat_deg=np.full(n, 40.7), lon_deg=np.full(n, -74.0))
    assert len(np.unique(content_hash(np.ones(n, np.int32), rows))) == n


def test_no_rows_have_no_hashes():
    assert len(content_hash(np.zeros(0, np.int32), Fixes.concat([]))) == 0
