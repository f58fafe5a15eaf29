"""Output of sensors: stream descriptions and chunks of samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray


class Role(StrEnum):
    """Quantity that a channel measures, independent of the device's name for it.

    ``rr`` is intervals between heart beats; ``motion`` is where head and hands are;
    ``other`` is recorded and read by no model.
    """

    EEG = "eeg"
    ECG = "ecg"
    EOG = "eog"
    EMG = "emg"
    PPG = "ppg"
    EDA = "eda"
    RESP = "resp"
    TEMP = "temp"
    ACCEL = "accel"
    HEART_RATE = "heart_rate"
    RR = "rr"
    AUDIO = "audio"
    VIDEO = "video"
    FACE = "face"
    INPUT = "input"
    MOTION = "motion"
    MARKER = "marker"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Channel:
    """One column of a stream.

    Attributes:
        label: The device's name, for example ``Fz`` or ``jawOpen``.
        unit: Physical unit after scaling: ``uV`` (EEG, ECG, EOG, EMG), ``uS`` (EDA), ``degC``
            (TEMP), ``g`` (ACCEL), ``/min`` (HEART_RATE), ``ms`` (RR), ``1`` (FACE blendshapes,
            0..1); the device's own, or ``au``, if none is defined (PPG, INPUT, MOTION, OTHER).
    """

    label: str
    unit: str = "au"


@dataclass(frozen=True, slots=True)
class StreamSpec:
    """Description of one stream: role, channels and nominal rate.

    A device with several kinds of channel opens one stream for each role.

    Attributes:
        id: Unique within the sidecar and stable over reconnections, for example
            ``synthetic/eeg`` or ``lsl:Unicorn/eeg``.
        role: Quantity that all channels of this stream measure.
        rate_hz: Nominal samples (video: frames) a second; 0 for irregular streams.
        channels: One entry a column. Video has a single channel named ``rgb``.
        device: Readable name of the device.
        meta: Further facts for recordings, as strings.
    """

    id: str
    role: Role
    rate_hz: float
    channels: tuple[Channel, ...]
    device: str = ""
    meta: Mapping[str, str] = field(default_factory=dict)


class StreamKey(NamedTuple):
    """Key of a stream: ids are unique only among one subject's streams.

    Attributes:
        subject: Subject of the stream; empty if none.
        stream: ``StreamSpec.id``.
    """

    subject: str
    stream: str


class Stamps(msgspec.Struct, frozen=True, gc=False):
    """Original stamps of a chunk whose ``times`` are derived from them.

    Attributes:
        original: What the sender stated, float64 shape ``(n,)``, seconds of the sender's clock.
        offset: Seconds to add to get to the LSL clock of this machine.
        arrived: When the chunk arrived, seconds of the LSL clock.
        remarks: Codes about the sender's clock that lower no quality, such as
            ``clock_offset:-70.000``.
    """

    original: NDArray[np.float64]
    offset: float
    arrived: float
    remarks: tuple[str, ...] = ()


class Chunk(msgspec.Struct, frozen=True, gc=False):
    """Consecutive samples of one stream, oldest first.

    Attributes:
        stream: The ``StreamSpec.id`` that these samples belong to.
        times: Capture time of each sample, float64 shape ``(n,)``, seconds of the LSL local
            clock (monotonic); the time of capture, not of arrival.
        values: Shape ``(n, channels)``: float32 for signals, in the channel's unit; audio is
            float32 -1..1 mono; markers are an object array of ``str``. Video is uint8
            ``(n, height, width, 3)`` RGB.
        quality: 0..1 if the source can detect it (frozen camera, lead off), else 1.
        reasons: Reasons for a quality below 1: short codes such as ``frozen`` or ``clipping``;
            or ``simulated``, which lowers nothing.
        lost: Number of samples missing just before this chunk (package counter, xrun).
        stamps: Original stamps if ``times`` are derived from them, else None.
    """

    stream: str
    times: NDArray[np.float64]
    values: NDArray[Any]
    quality: float = 1.0
    reasons: tuple[str, ...] = ()
    lost: int = 0
    stamps: Stamps | None = None

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.times)
