"""Operations `text` and `input`: lines and samples sent by an engine."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sentio_bridge.control.dispatcher import Answer, Handler, event_time
from sentio_bridge.core import commands as cmd
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.sensor_status import SensorStatus
from sentio_bridge.errors import RequestError
from sentio_bridge.pipeline.text_worker import TextWorker
from sentio_bridge.protocol import requests as rq
from sentio_bridge.protocol.vocabulary import sensor_of
from sentio_sensors import Channel, Chunk, Role, StreamKey, StreamSpec

MAX_STREAMS = 32
"""Maximum number of streams from engines."""

LOWEST_RATE = 0.01
"""Lowest rate of a regular stream, rows a second: the oldest of 512 rows has a finite time."""


class InputHandlers:
    """Handlers of the operations ``text`` and ``input``.

    Args:
        hub: Hub, for consent and sensor status.
        lines: Estimator of text lines.
        stream: Called with subject, sensor and stream when an engine starts a stream.
        sink: Called with subject, stream and chunk.
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
        """Return the handlers by operation."""
        return {"text": self.text, "input": self.input}

    def text(self, request: rq.Text, now: float) -> Answer:
        """Estimate a line of text, with consent."""
        subject_state = self._hub.subject_state(request.subject)
        time = event_time(request.time, now)
        if not subject_state.consent.allows("text"):
            return {"accepted": False}
        subject = subject_state.person.subject
        self._hub.apply(cmd.SensorChanged(subject, "text", "lines", SensorStatus("on")), now)
        self._lines.add(subject, request.line, time)
        return {"accepted": True}

    def input(self, request: rq.Input, now: float) -> Answer:
        """Accept samples of a sensor that the engine reads, with consent."""
        subject_state = self._hub.subject_state(request.subject)
        subject = subject_state.person.subject
        time = event_time(request.time, now)
        if 0.0 < request.rate_hz < LOWEST_RATE:
            raise RequestError(
                "bad_argument",
                f"rate_hz: got {request.rate_hz}, expected 0 or {LOWEST_RATE} to 2000",
            )
        if len(request.values) % len(request.channels):
            raise RequestError(
                "bad_argument",
                f"values: {len(request.values)} numbers for {len(request.channels)} channels",
            )
        with np.errstate(over="ignore"):
            # None, an unknown value, becomes NaN.
            rows = np.asarray(request.values, np.float32).reshape(-1, len(request.channels))
        if np.isinf(rows).any():
            raise RequestError("bad_argument", "values: got one beyond 3.4e38, the largest float32")
        role = Role(request.role)
        sensor = "headset" if role is Role.FACE else sensor_of(role)
        if not subject_state.consent.allows(sensor):
            return {"accepted": False}
        spec = self._spec(subject, sensor, role, request)
        status = SensorStatus("on", streams=(spec.id,))
        if subject_state.source(sensor, spec.id) != status:
            self._hub.apply(cmd.SensorChanged(subject, sensor, spec.id, status), now)
        step = 1.0 / request.rate_hz if request.rate_hz else 0.0
        times = time - step * np.arange(len(rows) - 1, -1, -1.0)
        key = StreamKey(subject, spec.id)
        fresh = times > self._newest.get(key, -np.inf)
        if fresh.any():
            self._newest[key] = float(times[fresh][-1])
            self._sink(subject, spec, Chunk(spec.id, times[fresh], rows[fresh]))
        return {"accepted": bool(fresh.any())}

    def _spec(self, subject: str, sensor: str, role: Role, request: rq.Input) -> StreamSpec:
        """Return the stream's description; report it if it is new or has changed."""
        channels = tuple(Channel(label) for label in request.channels)
        key = StreamKey(subject, f"engine:{request.stream}")
        known = self._specs.get(key)
        if known is not None and (known.role, known.channels) == (role, channels):
            return known
        if known is None and len(self._specs) >= MAX_STREAMS:
            raise RequestError(
                "refused", f"over {MAX_STREAMS} streams", "reuse the name of a stream"
            )
        spec = StreamSpec(key.stream, role, request.rate_hz, channels, "engine")
        self._specs[key] = spec
        self._stream(subject, sensor, spec)
        return spec
