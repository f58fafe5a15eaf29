"""The operations `text` and `input`: what an engine itself sends in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sentio_bridge.control.dispatcher import Answer, Handler, when
from sentio_bridge.core import commands as cmd
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.sensor_status import SensorStatus
from sentio_bridge.errors import RequestError
from sentio_bridge.pipeline.text_worker import TextWorker
from sentio_bridge.protocol import requests as rq
from sentio_bridge.protocol.vocabulary import sensor_of
from sentio_sensors import Channel, Chunk, Role, StreamKey, StreamSpec

MAX_STREAMS = 32
"""Streams that engines may feed."""


class InputHandlers:
    """The operations ``text`` and ``input``.

    Args:
        hub: For consent.
        lines: Reads text.
        stream: Called with subject, sensor and each stream that an engine begins.
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
        self._specs: dict[StreamKey, StreamSpec] = {}
        self._newest: dict[StreamKey, float] = {}

    def handlers(self) -> dict[str, Handler]:
        """Return a handler for each operation offered here."""
        return {"text": self.text, "input": self.input}

    def text(self, request: rq.Text, now: float) -> Answer:
        """Read a line, if the person agreed to that."""
        subject_state = self._hub.subject_state(request.subject)
        time = when(request.time, now)
        if not subject_state.consent.allows("text"):
            return {"accepted": False}
        subject = subject_state.person.subject
        self._hub.apply(cmd.SensorChanged(subject, "text", "lines", SensorStatus("on")), now)
        self._lines.add(subject, request.line, time)
        return {"accepted": True}

    def input(self, request: rq.Input, now: float) -> Answer:
        """Take samples of a sensor that the engine reads, if the person agreed to that."""
        subject_state = self._hub.subject_state(request.subject)
        subject = subject_state.person.subject
        time = when(request.time, now)
        if len(request.values) % len(request.channels):
            raise RequestError(
                "bad_argument",
                f"values: {len(request.values)} numbers for {len(request.channels)} channels",
            )
        role = Role(request.role)
        sensor = "headset" if role is Role.FACE else sensor_of(role)
        if not subject_state.consent.allows(sensor):
            return {"accepted": False}
        spec = self._spec(subject, sensor, role, request)
        status = SensorStatus("on", streams=(spec.id,))
        if subject_state.source(sensor, spec.id) != status:
            self._hub.apply(cmd.SensorChanged(subject, sensor, spec.id, status), now)
        rows = np.asarray(request.values, np.float32).reshape(-1, len(request.channels))
        step = 1.0 / request.rate_hz if request.rate_hz else 0.0
        times = time - step * np.arange(len(rows) - 1, -1, -1.0)
        key = StreamKey(subject, spec.id)
        fresh = times > self._newest.get(key, -np.inf)
        if fresh.any():
            self._newest[key] = float(times[fresh][-1])
            self._sink(subject, spec, Chunk(spec.id, times[fresh], rows[fresh]))
        return {"accepted": bool(fresh.any())}

    def _spec(self, subject: str, sensor: str, role: Role, request: rq.Input) -> StreamSpec:
        """Return the stream's description, announced when it is new or has changed."""
        channels = tuple(Channel(label) for label in request.channels)
        key = StreamKey(subject, f"engine:{request.stream}")
        known = self._specs.get(key)
        if known is not None and (known.role, known.channels) == (role, channels):
            return known
        if known is None and len(self._specs) >= MAX_STREAMS:
            raise RequestError("refused", f"over {MAX_STREAMS} streams", "reuse a stream's name")
        spec = StreamSpec(key.stream, role, request.rate_hz, channels, "engine")
        self._specs[key] = spec
        self._stream(subject, sensor, spec)
        return spec
