"""What threads tell the hub."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sentio_bridge.pipeline.estimator_runner import Measured, ModelProblem
from sentio_bridge.pipeline.source_runner import SensorChanged
from sentio_bridge.protocol import codec
from sentio_sensors import Chunk, StreamSpec


@dataclass(frozen=True, slots=True)
class MarkerReceived:
    """A sample of a marker stream, on its way to the hub."""

    subject: str
    name: str
    time: float


@dataclass(frozen=True, slots=True)
class RawSamples:
    """A chunk that was asked for on ``raw/``, on its way to the publisher."""

    spec: StreamSpec
    chunk: Chunk

    def message(self) -> bytes:
        """Return the whole ``raw/<stream>`` message (PROTOCOL.md)."""
        spec, chunk = self.spec, self.chunk
        body: Mapping[str, Any] = {
            "stream": spec.id,
            "role": spec.role.value,
            "rate_hz": spec.rate_hz,
            "channels": [channel.label for channel in spec.channels],
            "t": chunk.times.astype("<f8").tobytes(),
            "x": np.asarray(chunk.values).astype("<f4").tobytes(),
        }
        return codec.encode_map("raw", spec.id, body)


@dataclass(frozen=True, slots=True)
class RecordingEnded:
    """A recording came to its end by itself, from the thread that writes it."""

    reason: str


PipelineMessage = (
    RecordingEnded | Measured | ModelProblem | SensorChanged | MarkerReceived | RawSamples
)
