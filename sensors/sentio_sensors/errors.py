"""Typed errors of sensors.

SensorError
├── AbsentError          the device, file, permission or package is missing
├── DisconnectedError    the connection was lost: reopen with back-off
├── FormatError          the data cannot be used
│   └── RecordingError   a recording cannot be read or written (sentio_recording.errors)
└── FullError            the disk is full (sentio_recording.disk)
"""

from __future__ import annotations


class SensorError(Exception):
    """A sensor could not be opened or read.

    Args:
        what: What happened: what was received and what was expected.
        fix: What the user can do, often a command; may be empty.
    """

    def __init__(self, what: str, fix: str = "") -> None:
        self.what = what
        self.fix = fix
        super().__init__(f"{what}; {fix}" if fix else what)


class AbsentError(SensorError):
    """The device, file, permission or optional package is missing."""


class DisconnectedError(SensorError):
    """The connection to the device was lost; opening it again may succeed."""


class FormatError(SensorError):
    """The data does not have the expected form (channels, rate, file layout)."""
