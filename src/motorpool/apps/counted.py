"""What became of rows, in words."""

from motorpool.apps.client import Counts


def counted(counts: Counts) -> str:
    """Counts in words, refusals by reason."""
    refused = ", ".join(f"{number:,} {code}" for code, number in sorted(counts.rejected.items()))
    text = f"{counts.accepted:,} accepted, {counts.duplicates:,} known already, {counts.rejected.total():,} refused"
    return f"{text} ({refused})" if refused else text
