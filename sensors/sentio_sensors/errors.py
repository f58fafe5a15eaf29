"""Everything that can go wrong with a sensor, as typed errors.

SensorError
├── AbsentError          the device, file, permission or package is not there
├── DisconnectedError    it was there and is gone: reopen with back-off
├── FormatError          what it sent cannot be used
│   └── RecordingError   a recording cannot be read or written (sentio_recording.errors)
└── FullError            the disk takes no more (sentio_recording.disk)
"""

from __future__ import annotations


class SensorError(Exception):
    """A sensor could not be opened or read.

    Args:
        what: What happened, with what was got and what was expected.
        fix: What a person can do about it, often a command; may be empty.
    """

    def __init__(self, what: str, fix: str = "") -> None:
        self.what = what
        self.fix = fix
        super().__init__(f"{what}; {fix}" if fix else what)


class AbsentError(SensorError):
    """The device, file, permission or optional package is not there."""


class DisconnectedError(SensorError):
    """The device was there and has gone; opening it again may succeed."""


class FormatError(SensorError):
    """The data is not in the promised form (channels, rate, file layout)."""
