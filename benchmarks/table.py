"""How results are printed: a table in Markdown, and the machine's load when it was measured."""

import os
from collections.abc import Sequence
from statistics import median

Cell = str | float | int


def print_table(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """A table in Markdown; numbers stand right, large ones without decimals."""
    texts = [[_text(cell) for cell in row] for row in rows]
    right = [all(isinstance(row[column], int | float) for row in rows) for column in range(len(head))]
    widths = [max(len(row[column]) for row in (head, *texts)) for column in range(len(head))]
    print(_line(head, widths, right))
    print(
        "|"
        + "|".join(
            "-" * (width + 1) + (":" if is_right else "-") for width, is_right in zip(widths, right, strict=True)
        )
        + "|"
    )
    for row in texts:
        print(_line(row, widths, right))
    print(
        f"load average: {' '.join(f'{load:.1f}' for load in os.getloadavg())} on {os.cpu_count()} cores\n", flush=True
    )


def spread(values: Sequence[float]) -> str:
    """Median with the least and the greatest."""
    return f"{_text(float(median(values)))} ({_text(float(min(values)))}–{_text(float(max(values)))})"


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = [
        cell.rjust(width) if is_right else cell.ljust(width)
        for cell, width, is_right in zip(cells, widths, right, strict=True)
    ]
    return f"| {' | '.join(padded)} |"


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    if abs(cell) >= 100 or isinstance(cell, int):
        return f"{cell:,.0f}".replace(",", " ")
    return f"{cell:.1f}" if abs(cell) >= 10 else f"{cell:.2f}"
