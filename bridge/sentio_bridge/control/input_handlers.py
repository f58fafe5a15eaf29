"""What the engine itself sends in: lines of text, and samples of sensors that it reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from sentio_bridge.control.dispatcher import Handler, when
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.sensor_status import SensorStatus
from sentio_bridge.errors import RequestError
from sentio_bridge.pipeline.text_worker import TextWorker
from sentio_bridge.protocol import requests as rq
from sentio_bridge.protocol.vocabulary import sensor_of
from sentio_sensors import Channel, Chunk, Role, StreamSpec

MAX_STREAMS = 32
"""Streams that engines may feed."""


class InputHandlers:
    """The operations ``text`` and ``input``.

    Args:
        hub: For consent.
        lines: Reads text.
        stream: Told of subject, sensor and each stream that an engine begins.
        sink: Takes subject, stream and chunk.
    """

    def __init__(
        self,
        hub: Hub,
        lines: TextWorker,
        stream: Callable[[str, str, StreamSpec], None],
        sink: Callable[[str, StreamSpec, Chunk], None],
    ) -> None:
        self._hub = hub
        self._lines = lines
        self._stream = stream
        self._sink = sink
        self._specs: dict[tuple[str, str], StreamSpec] = {}
        self._newest: dict[tuple[str, str], float] = {}

    def handlers(self) -> dict[str, Handler]:
        """Return a handler for each operation offered here."""
        return {"text": self.text, "input": self.input}

    def text(self, asked: rq.Text, now: float) -> Mapping[str, Any]:
        """Read a line, if the person agreed to that."""
        subject_state = self._hub.subject_state(asked.subject)
        time = when(asked.time, now)
        if not subject_state.consent.allows("text"):
            return {"accepted": False}
        self._hub.sensor(subject_state.person.subject, "text", "lines", SensorStatus("on"), now)
        self._lines.add(subject_state.person.subject, asked.line, time)
        return {"accepted": True}

    def input(self, asked: rq.Input, now: float) -> Mapping[str, Any]:
        """Take samples of a sensor that the engine reads, if the person agreed to that."""
        subject_state = self._hub.subject_state(asked.subject)
        subject = subject_state.person.subject
        time = when(asked.time, now)
        if len(asked.values) % len(asked.channels):
            raise RequestError(
                "bad_argument",
                f"values: {len(asked.values)} numbers for {len(asked.channels)} channels",
            )
        role = Role(asked.role)
        sensor = "headset" if role is Role.FACE else sensor_of(role)
        if not subject_state.consent.allows(sensor):
            return {"accepted": False}
        spec = self._spec(subject, sensor, role, asked)
        self._hub.sensor(
            subject, sensor, f"engine:{asked.stream}", SensorStatus("on", streams=(spec.id,)), now
        )
        rows = np.asarray(asked.values, np.float32).reshape(-1, len(asked.channels))
        step = 1.0 / asked.rate_hz if asked.rate_hz else 0.0
        times = time - step * np.arange(len(rows) - 1, -1, -1.0)
        fresh = times > self._newest.get((subject, spec.id), -np.inf)
        if fresh.any():
            self._newest[subject, spec.id] = float(times[fresh][-1])
            self._sink(subject, spec, Chunk(spec.id, times[fresh], rows[fresh]))
        return {"accepted": bool(fresh.any())}

    def _spec(self, subject: str, sensor: str, role: Role, asked: rq.Input) -> StreamSpec:
        """Return the stream's description, announced when it is new or has changed."""
        channels = tuple(Channel(label) for label in asked.channels)
        key = (subject, asked.stream)
        known = self._specs.get(key)
        if known is not None and (known.role, known.channels) == (role, channels):
            return known
        if known is None and len(self._specs) >= MAX_STREAMS:
            raise RequestError("refused", f"over {MAX_STREAMS} streams", "reuse a stream's name")
        spec = StreamSpec(f"engine:{asked.stream}", role, asked.rate_hz, channels, "engine")
        self._specs[key] = spec
        self._stream(subject, sensor, spec)
        return spec
