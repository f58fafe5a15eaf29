"""What a model is given: slices of one or more streams, without a clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Signal:
    """The newest seconds of one stream.

    Attributes:
        values: Shape ``(n, channels)`` float32, in the units that ``sentio_sensors.Channel``
            names; video is uint8 ``(n, height, width, 3)`` RGB.
        offsets: When each sample was taken, seconds before the window's end, float64 ``(n,)``,
            ascending, at most 0. Gaps show here.
        rate_hz: The nominal rate; 0 for irregular streams.
        channels: Column labels, for example 10-20 electrode names.
        quality: 0..1, what the source says of its own samples.
        reasons: Why ``quality`` is below 1, as short codes.
    """

    values: NDArray[Any]
    offsets: NDArray[np.float64]
    rate_hz: float
    channels: tuple[str, ...]
    quality: float = 1.0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """The slices that end at the same moment.

    Attributes:
        signals: By role name (``eeg``, ``ppg``, ``eda``, ...); a role that has no fresh samples
            is not in the mapping.
        step: Seconds since the window before ended; ``inf`` for the first. What a stateful
            estimator ages its memory with.
    """

    signals: Mapping[str, Signal]
    step: float = float("inf")
