"""Every way into the hub, as typed values; pure.

``Hub.apply`` takes one; the command log keeps them as JSON arrays that begin with the tag, and a
replay applies them again. New fields go last and have a default, so that old logs can be read.
Times are seconds of the LSL clock.
"""

from __future__ import annotations

from typing import Any

import msgspec

from sentio_bridge.affect.personal.profile import Profile
from sentio_bridge.core.sensor_status import SensorStatus
from sentio_bridge.protocol.bodies import RecordingBody
from sentio_models import Estimate


class EstimateReceived(msgspec.Struct, frozen=True):
    """An estimator has read a window.

    Attributes:
        subject: Whose window.
        estimator: Which one read it.
        captured: When the window ended.
        estimate: What it found.
    """

    subject: str
    estimator: str
    captured: float
    estimate: Estimate


class SensorChanged(msgspec.Struct, frozen=True, array_like=True, tag="sensor"):
    """A source of a sensor does something else now."""

    subject: str
    sensor: str
    source: str
    status: SensorStatus


class ModelChanged(msgspec.Struct, frozen=True, array_like=True, tag="model"):
    """A modality's model is missing (``absent``) or failed (``error``)."""

    subject: str
    modality: str
    state: str
    reason: str
    fix: str


class MarkerReceived(msgspec.Struct, frozen=True, array_like=True, tag="marker"):
    """A named moment, from an engine or a marker stream."""

    subject: str
    name: str
    time: float
    data: dict[str, Any] = {}


class ConsentGranted(msgspec.Struct, frozen=True, array_like=True, tag="grant"):
    """A person allows a sensor for exactly these purposes."""

    subject: str
    sensor: str
    purposes: tuple[str, ...]
    by: str


class ConsentWithdrawn(msgspec.Struct, frozen=True, array_like=True, tag="withdraw"):
    """A person takes back everything agreed for a sensor."""

    subject: str
    sensor: str
    by: str


class Freeze(msgspec.Struct, frozen=True, array_like=True, tag="freeze"):
    """Adaptation should hold still."""

    subject: str
    reason: str


class Unfreeze(msgspec.Struct, frozen=True, array_like=True, tag="unfreeze"):
    """Adaptation may go on."""

    subject: str


class Override(msgspec.Struct, frozen=True, array_like=True, tag="override"):
    """Hold entries of the affect vector at values for some seconds; None releases one."""

    subject: str
    values: dict[str, float | None]
    seconds: float


class RateChanged(msgspec.Struct, frozen=True, array_like=True, tag="rate"):
    """At most this many frames a second go out for every subject."""

    hz: float


class CalibrationStarted(msgspec.Struct, frozen=True, array_like=True, tag="calibrate"):
    """A block of the guided baseline begins; ``profile`` names what is made."""

    subject: str
    kind: str
    seconds: float
    profile: str = ""


class CalibrationStopped(msgspec.Struct, frozen=True, array_like=True, tag="calibrate_stop"):
    """The running block is given up."""

    subject: str


class CalibrationChecked(msgspec.Struct, frozen=True, array_like=True, tag="calibrate_check"):
    """Blocks whose time is over are finished now, not at the next frame."""


class LabelGiven(msgspec.Struct, frozen=True, array_like=True, tag="label"):
    """The person, or the game's own condition, says what the state is."""

    subject: str
    name: str
    value: float
    time: float


class AdaptationReported(msgspec.Struct, frozen=True, array_like=True, tag="adaptation"):
    """An engine has changed something."""

    subject: str
    what: str
    value: float
    why: str
    time: float


class ProfileUsed(msgspec.Struct, frozen=True, array_like=True, tag="profile"):
    """A person's profile is in use from now on."""

    subject: str
    profile: Profile


class ProfileProblem(msgspec.Struct, frozen=True, array_like=True, tag="profile_problem"):
    """A person's profile could not be read (``unusable``) or written (``not_saved``)."""

    subject: str
    problem: str
    reason: str


class RecordingChanged(msgspec.Struct, frozen=True, array_like=True, tag="recording"):
    """A recording was ``started``, ``stopped``, or ``ended`` by itself.

    Attributes:
        subject: Who is informed.
        change: One of the three.
        folder: Of the recording; None where it ended by itself.
        reason: Why it ended by itself; None otherwise.
    """

    subject: str
    change: str
    folder: str | None = None
    reason: str | None = None


class RecordingReported(msgspec.Struct, frozen=True):
    """What the recorder does now, for `detail`; a replay has no recorder and no such command."""

    recording: RecordingBody


Command = (
    EstimateReceived
    | SensorChanged
    | ModelChanged
    | MarkerReceived
    | ConsentGranted
    | ConsentWithdrawn
    | Freeze
    | Unfreeze
    | Override
    | RateChanged
    | CalibrationStarted
    | CalibrationStopped
    | CalibrationChecked
    | LabelGiven
    | AdaptationReported
    | ProfileUsed
    | ProfileProblem
    | RecordingChanged
    | RecordingReported
)
"""Any of them."""
