"""What can be wrong with a recording, each with the place in the file.

FormatError
└── RecordingError
    ├── NotARecordingError   it does not begin like one
    ├── DamagedError         bytes at ``offset`` are not what a chunk must be
    └── SequenceError        the writer was called in an order that XDF does not allow
"""

from __future__ import annotations

from sentio_sensors.errors import FormatError


class RecordingError(FormatError):
    """A recording cannot be read or written.

    Args:
        what: What was got and what was expected.
        fix: What a person can do.
        offset: Byte of the file at which it shows; -1 where there is none.
    """

    def __init__(self, what: str, fix: str = "", offset: int = -1) -> None:
        self.offset = offset
        super().__init__(f"byte {offset}: {what}" if offset >= 0 else what, fix)


class NotARecordingError(RecordingError):
    """The file or folder is not a recording at all."""


class DamagedError(RecordingError):
    """Bytes are not what they must be: cut, changed, or hostile."""


class SequenceError(RecordingError):
    """A chunk was to be written where XDF does not allow it (samples before their header)."""
