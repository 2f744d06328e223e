"""What can be wrong with a recording, in sentences for the person who has it."""

from motorpool.kernel.errors import Malformed


class RecordingMissing(Malformed):
    """There is no such file."""


class RecordingUnreadable(Malformed):
    """This file cannot be read as a recording."""


class RecordingEmpty(Malformed):
    """There are no positions in this file."""


class ColumnMissing(Malformed):
    """A recording needs a time and a place: name the columns with --map."""


class MappingWrong(Malformed):
    """--map takes column=field."""


class TimeUnreadable(Malformed):
    """A time in this recording cannot be read."""
