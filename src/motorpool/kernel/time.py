"""Time inside Motorpool is aware UTC; in columns it is int64 microseconds since 1970-01-01 UTC (`…_us`)."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US


def utc_now() -> datetime:
    """The present, aware."""
    return datetime.now(UTC)


def to_us(at: datetime) -> int:
    """Microseconds since the epoch of an aware time; exact."""
    return (at - EPOCH) // timedelta(microseconds=1)


def from_us(at_us: int) -> datetime:
    """The aware time of microseconds since the epoch. Raises OverflowError outside years 1–9999."""
    return EPOCH + timedelta(microseconds=int(at_us))
