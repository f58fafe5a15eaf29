"""Encode the hub's commands as texts for recordings, and back; no I/O, no clock.

Messages are a function of the commands and of the polls between them. Each entry is a JSON array
that starts with a tag; its time is its timestamp in the recording. JSON, not msgpack: XDF has no
binary samples, and the readers that researchers use decode every text.
"""

from __future__ import annotations

import msgspec

from sentio_bridge.core import commands as cmd
from sentio_bridge.errors import BridgeError

STREAM = "hub"
"""Name of the recording's stream."""


class EstimateUsed(msgspec.Struct, frozen=True, array_like=True, tag="estimate"):
    """An ``EstimateReceived``; the estimate is recorded separately, or recomputed."""

    subject: str
    estimator: str
    captured: float


class Polled(msgspec.Struct, frozen=True, array_like=True, tag="poll"):
    """A ``Hub.poll`` that returned messages."""


class StateSaved(msgspec.Struct, frozen=True, array_like=True, tag="state"):
    """The commands before this entry are included in the saved state, if that is used."""


Logged = (
    cmd.SensorChanged
    | cmd.ModelChanged
    | cmd.MarkerReceived
    | cmd.ConsentGranted
    | cmd.ConsentWithdrawn
    | cmd.Freeze
    | cmd.Unfreeze
    | cmd.Override
    | cmd.RateChanged
    | cmd.CalibrationStarted
    | cmd.CalibrationStopped
    | cmd.CalibrationChecked
    | cmd.LabelGiven
    | cmd.SelfReported
    | cmd.AdaptationReported
    | cmd.ProfileUsed
    | cmd.ProfileProblem
    | cmd.RecordingChanged
)
"""Commands that are logged unchanged."""

Entry = EstimateUsed | Polled | StateSaved | Logged
"""Entry of the log."""

_encoder = msgspec.json.Encoder(enc_hook=float)  # converts numpy scalars
_decoder = msgspec.json.Decoder(Entry)


class LogError(BridgeError):
    """A text is not a valid entry of the command log."""


def entry_of(command: cmd.Command) -> EstimateUsed | Logged | None:
    """Return the log entry of a command; None if a replay does not need it."""
    if isinstance(command, cmd.EstimateReceived):
        return EstimateUsed(command.subject, command.estimator, command.captured)
    if isinstance(command, cmd.RecordingReported):
        return None
    return command


def encode(entry: Entry) -> bytes:
    """Encode an entry as text; numbers are exact."""
    return _encoder.encode(entry)


def decode(text: str | bytes) -> Entry:
    """Decode an entry.

    Raises:
        LogError: The text is not a valid entry.
    """
    try:
        entry: Entry = _decoder.decode(text)
        return entry
    except (ValueError, RecursionError) as error:
        raise LogError(
            f"command log: {error}", "the recording was made by another version"
        ) from None
