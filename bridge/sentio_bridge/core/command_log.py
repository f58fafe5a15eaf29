"""The hub's commands as the texts that a recording keeps, and back; no I/O, no clock.

Messages are a function of the commands and of the polls between them. Each entry is a JSON array
that begins with a tag; its time is its stamp in the recording. JSON, not msgpack: XDF knows no
binary samples, and what researchers open the file with decodes every text.
"""

from __future__ import annotations

import msgspec

from sentio_bridge.core import commands as cmd
from sentio_bridge.errors import BridgeError

STREAM = "hub"
"""Name of the recording's stream."""


class EstimateUsed(msgspec.Struct, frozen=True, array_like=True, tag="estimate"):
    """An ``EstimateReceived``; the estimate is recorded elsewhere, or made again from samples."""

    subject: str
    estimator: str
    captured: float


class Polled(msgspec.Struct, frozen=True, array_like=True, tag="poll"):
    """A ``Hub.poll`` that returned messages."""


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
    | cmd.AdaptationReported
    | cmd.ProfileUsed
    | cmd.ProfileProblem
    | cmd.RecordingChanged
)
"""Commands that are kept as they are."""

Entry = EstimateUsed | Polled | Logged
"""What the log holds."""

_encoder = msgspec.json.Encoder(enc_hook=float)  # numpy's numbers
_decoder = msgspec.json.Decoder(Entry)


class LogError(BridgeError):
    """A text of the command log is none of its entries."""


def entry_of(command: cmd.Command) -> EstimateUsed | Logged | None:
    """Return what the log keeps of a command; None for what a replay has no use for."""
    if isinstance(command, cmd.EstimateReceived):
        return EstimateUsed(command.subject, command.estimator, command.captured)
    if isinstance(command, cmd.RecordingReported):
        return None
    return command


def encode(entry: Entry) -> bytes:
    """Return an entry as text; numbers come back exactly."""
    return _encoder.encode(entry)


def decode(text: str | bytes) -> Entry:
    """Read an entry.

    Raises:
        LogError: It is none.
    """
    try:
        entry: Entry = _decoder.decode(text)
        return entry
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise LogError(f"command log: {error}", "the recording is of another version") from None
