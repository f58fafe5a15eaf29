"""Messages from worker threads to the hub."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sentio_bridge.core.sensor_status import SensorStatus
from sentio_bridge.protocol import codec
from sentio_models import Estimate, ModelError, ModelMissingError
from sentio_sensors import Chunk, StreamSpec


@dataclass(frozen=True, slots=True)
class Measured:
    """An estimate of one subject.

    Attributes:
        subject: Whose.
        worker: Name of the worker that made it.
        estimate: What the estimator returned.
        captured: Capture time of the newest sample it used (LSL clock).
    """

    subject: str
    worker: str
    estimate: Estimate
    captured: float


@dataclass(frozen=True, slots=True)
class ModelProblem:
    """An estimator could not be made or does not run.

    Attributes:
        subject: Whose.
        modality: Which modality is without it.
        state: ``absent`` (a file or package is missing) or ``error``.
        reason: What happened.
        fix: What a person can do.
    """

    subject: str
    modality: str
    state: str
    reason: str
    fix: str

    @classmethod
    def of(cls, subject: str, modality: str, error: Exception) -> ModelProblem:
        """Describe an exception that making or running an estimator raised."""
        if isinstance(error, ModelError):
            state = "absent" if isinstance(error, ModelMissingError) else "error"
            return cls(subject, modality, state, error.what, error.fix)
        return cls(
            subject, modality, "error", f"{type(error).__name__}: {error}", "please report this"
        )


@dataclass(frozen=True, slots=True)
class SensorChanged:
    """What a source of one subject does now.

    Attributes:
        subject: Whose.
        source: The source's name.
        sensors: The sensors it stands for.
        status: The same for each.
    """

    subject: str
    source: str
    sensors: tuple[str, ...]
    status: SensorStatus


@dataclass(frozen=True, slots=True)
class MarkerReceived:
    """A sample of a marker stream.

    Attributes:
        subject: Whose stream.
        name: The marker.
        time: When it was captured (LSL clock).
    """

    subject: str
    name: str
    time: float


@dataclass(frozen=True, slots=True)
class RawSamples:
    """A chunk that the configuration wants published on ``raw/``."""

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
    """A recording ended by itself; from the thread that writes it."""

    reason: str


PipelineMessage = (
    Measured | ModelProblem | SensorChanged | MarkerReceived | RawSamples | RecordingEnded
)
