"""Messages of worker threads: commands for the hub, and messages for the sidecar."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sentio_bridge.core.commands import Command, ModelChanged
from sentio_bridge.core.outgoing import RawMessage
from sentio_bridge.pipeline.jobs import JobDone
from sentio_bridge.protocol.bodies import RawBody
from sentio_models import ModelError, ModelMissingError
from sentio_sensors import Chunk, StreamSpec


@dataclass(frozen=True, slots=True)
class RecordingEnded:
    """A recording ended by itself; posted by its writing thread."""

    reason: str


PipelineMessage = Command | RawMessage | JobDone | RecordingEnded
"""Items of the sidecar's queue."""


def model_problem(subject: str, modality: str, error: Exception) -> ModelChanged:
    """Return the command for an exception of creating or running an estimator."""
    if isinstance(error, ModelError):
        state = "absent" if isinstance(error, ModelMissingError) else "error"
        return ModelChanged(subject, modality, state, error.what, error.fix)
    reason = f"{type(error).__name__}: {error}"
    return ModelChanged(subject, modality, "error", reason, "please report this")


def raw_message(subject: str, spec: StreamSpec, chunk: Chunk) -> RawMessage:
    """Return a chunk as a ``raw/<stream>`` message (PROTOCOL.md, section 9)."""
    return RawMessage(
        RawBody(
            stream=spec.id,
            role=spec.role.value,
            rate_hz=spec.rate_hz,
            channels=[channel.label for channel in spec.channels],
            t=chunk.times.astype("<f8").tobytes(),
            x=np.asarray(chunk.values).astype("<f4").tobytes(),
            subject=subject,
        )
    )
