"""Start: from `motorpool up` on an empty data folder, and again on the same, until `/health/ready` says yes.

The first start makes the database, brings it to the present schema and sets up the demo's companies.

    python -m benchmarks.start [turns]
"""

import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.table import print_table, spread
from tests.support.processes import Up

GOAL_S = 5.0


def once() -> tuple[float, float]:
    """Seconds of a first and of a second start."""
    with tempfile.TemporaryDirectory() as folder:
        up = Up(Path(folder, "data"))
        try:
            first = up.start()
            up.stop()
            second = up.start()
            up.stop()
        finally:
            up.end()
    return first, second


def main() -> None:
    """Measure and print the table."""
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    first, second = zip(*(once() for _ in range(turns)), strict=True)
    print_table(
        ("`motorpool up` until ready", "seconds", "goal"),
        [("first, on an empty folder", spread(first), "–"), ("second", spread(second), f"< {GOAL_S:.0f}")],
    )
    assert median(second) > 0


if __name__ == "__main__":
    main()
