"""What the engine itself sends in: lines of text, and samples of sensors that it reads."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np

from sentio_bridge import requests as rq
from sentio_bridge.consent import sensor_of
from sentio_bridge.control import Handler, when
from sentio_bridge.errors import RequestError
from sentio_bridge.hub import Hub
from sentio_bridge.lane import SensorStatus
from sentio_bridge.worker import Measured, ModelProblem
from sentio_models import Estimate, ModelError, ModelMissingError
from sentio_sensors import Channel, Chunk, Role, StreamSpec

WAITING_LINES = 64
"""Lines that may wait for the text model; the oldest are dropped."""

MAX_STREAMS = 32
"""Streams that engines may feed."""


class Reader(Protocol):
    """What reads a line of text."""

    def read(self, line: str) -> Estimate:
        """Return what the line says of its writer."""
        ...


class Lines:
    """Reads chat lines on a thread of its own, whose model loads at the first line.

    Args:
        make: Builds the reader.
        post: Takes what it says.
    """

    def __init__(
        self, make: Callable[[], Reader], post: Callable[[Measured | ModelProblem], None]
    ) -> None:
        self._make = make
        self._post = post
        self._lines: deque[tuple[str, str, float]] = deque(maxlen=WAITING_LINES)
        self._there = threading.Semaphore(0)
        self._thread: threading.Thread | None = None

    def add(self, subject: str, line: str, time: float) -> None:
        """Leave a line; returns at once."""
        self._lines.append((subject, line, time))
        self._there.release()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="sentio-text", daemon=True)
            self._thread.start()

    def forget(self) -> None:
        """Drop what waits."""
        self._lines.clear()

    def _run(self) -> None:
        reader: Reader | None = None
        while True:
            self._there.acquire()
            try:
                subject, line, time = self._lines.popleft()
            except IndexError:
                continue  # forgotten or dropped meanwhile
            try:
                reader = reader or self._make()
                self._post(Measured(subject, "text", reader.read(line), time))
            except ModelError as error:
                state = "absent" if isinstance(error, ModelMissingError) else "error"
                self._post(ModelProblem(subject, "text", state, error.what, error.fix))


class Inputs:
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
        lines: Lines,
        stream: Callable[[str, str, StreamSpec], None],
        sink: Callable[[str, StreamSpec, Chunk], None],
    ) -> None:
        self._hub = hub
        self._lines = lines
        self._stream = stream
        self._sink = sink
        self._specs: dict[tuple[str, str], StreamSpec] = {}
        self._newest: dict[str, float] = {}

    def handlers(self) -> dict[str, Handler]:
        """Return a handler for each operation offered here."""
        return {"text": self.text, "input": self.input}

    def text(self, asked: rq.Text, now: float) -> Mapping[str, Any]:
        """Read a line, if the person agreed to that."""
        lane = self._hub.lane(asked.subject)
        time = when(asked.time, now)
        if not lane.consent.allows("text"):
            return {"accepted": False}
        self._hub.sensor(lane.person.subject, "text", "lines", SensorStatus("on"), now)
        self._lines.add(lane.person.subject, asked.line, time)
        return {"accepted": True}

    def input(self, asked: rq.Input, now: float) -> Mapping[str, Any]:
        """Take samples of a sensor that the engine reads, if the person agreed to that."""
        lane = self._hub.lane(asked.subject)
        subject = lane.person.subject
        time = when(asked.time, now)
        if len(asked.values) % len(asked.channels):
            raise RequestError(
                "bad_argument",
                f"values: {len(asked.values)} numbers for {len(asked.channels)} channels",
            )
        role = Role(asked.role)
        sensor = "headset" if role is Role.FACE else sensor_of(role)
        if not lane.consent.allows(sensor):
            return {"accepted": False}
        spec = self._spec(subject, sensor, role, asked)
        self._hub.sensor(
            subject, sensor, f"engine:{asked.stream}", SensorStatus("on", streams=(spec.id,)), now
        )
        rows = np.asarray(asked.values, np.float32).reshape(-1, len(asked.channels))
        step = 1.0 / asked.rate_hz if asked.rate_hz else 0.0
        times = time - step * np.arange(len(rows) - 1, -1, -1.0)
        fresh = times > self._newest.get(spec.id, -np.inf)
        if fresh.any():
            self._newest[spec.id] = float(times[fresh][-1])
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
