"""Input of a model: slices of one or more streams, without a clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray


class Signal(msgspec.Struct, frozen=True):
    """The newest seconds of one stream.

    Attributes:
        values: Shape ``(n, channels)`` float32, in the units of ``sentio_sensors.Channel``;
            video is uint8 ``(n, height, width, 3)`` RGB.
        offsets: Capture time of each sample relative to the window's end, seconds, float64
            ``(n,)``, ascending, at most 0; includes gaps.
        rate_hz: Nominal rate; 0 for irregular streams.
        channels: Column labels, for example 10-20 electrode names.
        quality: 0..1, quality reported by the source.
        reasons: Reasons for a ``quality`` below 1, as short codes.
    """

    values: NDArray[Any]
    offsets: NDArray[np.float64]
    rate_hz: float
    channels: tuple[str, ...]
    quality: float = 1.0
    reasons: tuple[str, ...] = ()


class Window(msgspec.Struct, frozen=True):
    """Slices that end at the same time.

    Attributes:
        signals: By role name (``eeg``, ``ppg``, ``eda``, ...); roles without new samples are
            missing.
        step: Seconds since the end of the previous window; ``inf`` for the first. Stateful
            estimators use it as elapsed time.
    """

    signals: Mapping[str, Signal]
    step: float = float("inf")
