"""What sensors hand on: described streams and chunks of their samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Role(StrEnum):
    """What a channel measures, whatever the device calls it."""

    EEG = "eeg"
    ECG = "ecg"
    PPG = "ppg"
    EDA = "eda"
    RESP = "resp"
    TEMP = "temp"
    ACCEL = "accel"
    HEART_RATE = "heart_rate"
    AUDIO = "audio"
    VIDEO = "video"
    FACE = "face"
    MARKER = "marker"


@dataclass(frozen=True, slots=True)
class Channel:
    """One column of a stream.

    Attributes:
        label: The device's own name, for example ``Fz`` or ``jawOpen``.
        unit: Physical unit after scaling: ``uV`` (EEG, ECG), ``uS`` (EDA), ``degC`` (TEMP),
            ``g`` (ACCEL), ``/min`` (HEART_RATE), ``1`` (FACE blendshapes, 0..1), ``au`` where
            none is defined (PPG).
    """

    label: str
    unit: str = "au"


@dataclass(frozen=True, slots=True)
class StreamSpec:
    """What one stream is: one role, its channels and its nominal rate.

    A device with several kinds of channel opens one stream for each role.

    Attributes:
        id: Unique within the sidecar and stable when the device comes back, for example
            ``synthetic/eeg`` or ``lsl:Unicorn/eeg``.
        role: What all channels of this stream measure.
        rate_hz: Nominal samples (video: frames) a second; 0 for irregular streams.
        channels: One entry a column. Video has a single channel named ``rgb``.
        device: What a person calls the device.
        meta: Anything a recording should keep, as strings.
    """

    id: str
    role: Role
    rate_hz: float
    channels: tuple[Channel, ...]
    device: str = ""
    meta: Mapping[str, str] = field(default_factory=dict)


class StreamKey(NamedTuple):
    """What tells streams apart: ids are unique only among one subject's streams.

    Attributes:
        subject: Whose stream.
        stream: ``StreamSpec.id``.
    """

    subject: str
    stream: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive samples of one stream, oldest first.

    Attributes:
        stream: The ``StreamSpec.id`` that these samples belong to.
        times: Capture time of each sample, float64 shape ``(n,)``, seconds of the LSL local
            clock (monotonic); the instant the sample was taken, not when it arrived.
        values: Shape ``(n, channels)``: float32 for signals, in the channel's unit; audio is
            float32 -1..1 mono; markers are an object array of ``str``. Video is uint8
            ``(n, height, width, 3)`` RGB.
        quality: 0..1 where the source itself knows (frozen camera, lead off), else 1.
        reasons: Why quality is below 1: short codes such as ``frozen`` or ``clipping``.
        lost: Samples known to be missing just before this chunk (package counter, xrun).
    """

    stream: str
    times: NDArray[np.float64]
    values: NDArray[Any]
    quality: float = 1.0
    reasons: tuple[str, ...] = ()
    lost: int = 0

    def __len__(self) -> int:
        """Count the samples."""
        return len(self.times)
