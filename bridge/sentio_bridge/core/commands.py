"""Commands: the typed inputs of the hub; pure.

``Hub.apply`` accepts one. The command log stores them as JSON arrays that start with the tag, and
a replay applies them again. New fields go last and have a default, so that old logs can be read.
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
    """An estimator's result for a window.

    Attributes:
        subject: Subject of the window.
        estimator: Id of the estimator.
        captured: Time of the window's end.
        estimate: The result.
    """

    subject: str
    estimator: str
    captured: float
    estimate: Estimate


class SensorChanged(msgspec.Struct, frozen=True, array_like=True, tag="sensor"):
    """The status of a sensor's source has changed.

    Attributes:
        subject: Subject of the sensor.
        sensor: The sensor.
        source: The source.
        status: Its status from now on.
        since: Since when the sensor is captured, if that was before this command.
    """

    subject: str
    sensor: str
    source: str
    status: SensorStatus
    since: float | None = None


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
    """The person allows a sensor for exactly these purposes."""

    subject: str
    sensor: str
    purposes: tuple[str, ...]
    by: str


class ConsentWithdrawn(msgspec.Struct, frozen=True, array_like=True, tag="withdraw"):
    """The person withdraws consent for a sensor; None: for every purpose."""

    subject: str
    sensor: str
    by: str
    purposes: tuple[str, ...] | None = None


class Freeze(msgspec.Struct, frozen=True, array_like=True, tag="freeze"):
    """Adaptation must stop changing."""

    subject: str
    reason: str
    by: str = ""


class Unfreeze(msgspec.Struct, frozen=True, array_like=True, tag="unfreeze"):
    """Adaptation may continue."""

    subject: str
    by: str = ""


class Override(msgspec.Struct, frozen=True, array_like=True, tag="override"):
    """Set entries of the affect vector for a time; None releases an entry."""

    subject: str
    values: dict[str, float | None]
    seconds: float
    by: str = ""


class RateChanged(msgspec.Struct, frozen=True, array_like=True, tag="rate"):
    """The maximum frame rate of every subject has changed."""

    hz: float


class CalibrationStarted(msgspec.Struct, frozen=True, array_like=True, tag="calibrate"):
    """A block of the calibration starts; ``profile`` names the resulting profile."""

    subject: str
    kind: str
    seconds: float
    profile: str = ""


class CalibrationStopped(msgspec.Struct, frozen=True, array_like=True, tag="calibrate_stop"):
    """The running block is cancelled."""

    subject: str


class CalibrationChecked(msgspec.Struct, frozen=True, array_like=True, tag="calibrate_check"):
    """Blocks that have ended are finished now, not at the next frame."""


class LabelGiven(msgspec.Struct, frozen=True, array_like=True, tag="label"):
    """The person, or the game, labels the true state; the fused state does not change."""

    subject: str
    name: str
    value: float
    time: float


class SelfReported(msgspec.Struct, frozen=True, array_like=True, tag="self_report"):
    """The person reports their own state, as evidence."""

    subject: str
    name: str
    value: float
    time: float


class AdaptationReported(msgspec.Struct, frozen=True, array_like=True, tag="adaptation"):
    """An engine reports an adaptation."""

    subject: str
    what: str
    value: float
    why: str
    time: float
    asked: float | None = None
    by: str = ""
    seconds: float | None = None


class ProfileUsed(msgspec.Struct, frozen=True, array_like=True, tag="profile"):
    """A profile is in use from now on."""

    subject: str
    profile: Profile


class ProfileProblem(msgspec.Struct, frozen=True, array_like=True, tag="profile_problem"):
    """A profile could not be read (``unusable``) or written (``not_saved``)."""

    subject: str
    problem: str
    reason: str


class RecordingChanged(msgspec.Struct, frozen=True, array_like=True, tag="recording"):
    """A recording was ``started``, ``stopped``, or ``ended`` by itself.

    Attributes:
        subject: Subject of the event.
        change: ``started``, ``stopped`` or ``ended``.
        folder: Folder of the recording; None if it ended by itself.
        reason: Why it ended by itself; None otherwise.
    """

    subject: str
    change: str
    folder: str | None = None
    reason: str | None = None


class RecordingReported(msgspec.Struct, frozen=True):
    """Status of the recorder, for `detail`; not used in a replay."""

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
    | SelfReported
    | AdaptationReported
    | ProfileUsed
    | ProfileProblem
    | RecordingChanged
    | RecordingReported
)
"""Any command."""
