"""The floors of this machine, measured anew with every run: what no program on it can beat.

python -m benchmarks.floors
"""

import os
import socket
import tempfile
import time
from statistics import median

import numpy as np

from benchmarks.table import print_table

TIMES = 5


def copied_gb_per_s() -> float:
    """Memory read and written by one core [GB/s]."""
    source = np.ones(16_000_000)
    target = np.empty_like(source)
    began = time.perf_counter()
    np.copyto(target, source)
    return 2 * source.nbytes / 1e9 / (time.perf_counter() - began)


def synced_ms() -> float:
    """Median of writing 8 KiB until they are on the disk [ms]."""
    taken = []
    with tempfile.NamedTemporaryFile() as file:
        for _ in range(50):
            began = time.perf_counter()
            os.write(file.fileno(), bytes(8_192))
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - began)
    return median(taken) * 1e3


def round_trips_per_s() -> float:
    """128 bytes there and back over a socket pair, by one thread [1/s]."""
    one, other = socket.socketpair()
    with one, other:
        began = time.perf_counter()
        for _ in range(5_000):
            one.send(bytes(128))
            other.recv(128)
        return 5_000 / (time.perf_counter() - began)


def main() -> None:
    """Measure and print the table."""
    floors = {
        "memory copied, one core [GB/s]": copied_gb_per_s,
        "8 KiB on the disk [ms]": synced_ms,
        "128 bytes through a socket pair [1/s]": round_trips_per_s,
    }
    print_table(
        ("floor", "median"), [(name, median(measure() for _ in range(TIMES))) for name, measure in floors.items()]
    )


if __name__ == "__main__":
    main()
