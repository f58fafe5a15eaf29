"""Typed errors of recordings, with the position in the file.

FormatError
└── RecordingError
    ├── NotARecordingError   it has no recording's header
    ├── DamagedError         bytes at ``offset`` are not a valid chunk
    └── SequenceError        the writer was called in an order that XDF forbids
"""

from __future__ import annotations

from sentio_sensors.errors import FormatError


class RecordingError(FormatError):
    """A recording cannot be read or written.

    Args:
        what: What was read and what was expected.
        fix: What the user can do.
        offset: Byte of the file at which it was detected; -1 if there is none.
    """

    def __init__(self, what: str, fix: str = "", offset: int = -1) -> None:
        self.offset = offset
        super().__init__(f"byte {offset}: {what}" if offset >= 0 else what, fix)


class NotARecordingError(RecordingError):
    """The file or folder is not a recording."""


class DamagedError(RecordingError):
    """Invalid bytes: truncated, changed, or hostile."""


class SequenceError(RecordingError):
    """A chunk is not allowed at this position, such as samples before their header."""
