"""LSL inlets and outlets; the only module that imports pylsl."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache
from math import ceil
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.errors import AbsentError, DisconnectedError, FormatError
from sentio_sensors.stream import StreamSpec

MAX_SAMPLES = 4096
"""Samples returned by one read; the rest is returned by the next reads without waiting."""

MAX_RATE = 1_000_000.0
"""Largest rate that a stream may state: five times that of the fastest sound card."""

MAX_TEXT = 1 << 20
"""Characters that are kept of one text."""

BUFFER_SECONDS, BUFFER_SAMPLES = 2, 1100
"""Least length of liblsl's buffer, seconds and samples; the oldest samples are dropped. A chunk of
500 samples at 64 Hz lasts 8 s and must fit."""


@dataclass(frozen=True, slots=True)
class LslChannel:
    """Description of one channel; empty fields were not described."""

    label: str
    unit: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class LslStream:
    """A stream that was found on the network.

    Attributes:
        name: Name of the stream.
        kind: Type, for example ``EEG``.
        source_id: Identifier of the device; may be empty.
        hostname: Machine that sends it.
        rate_hz: Nominal rate; 0 for irregular.
        text: Whether its values are strings.
        channels: Channel descriptions.
        info: pylsl's object, needed to open it.
        uid: Identifier of this start of its sender.
    """

    name: str
    kind: str
    source_id: str
    hostname: str
    rate_hz: float
    text: bool
    channels: tuple[LslChannel, ...]
    info: Any = field(repr=False)
    uid: str = ""


@cache
def load_pylsl() -> ModuleType:
    """Import pylsl, and stop liblsl from writing to the terminal.

    Raises:
        AbsentError: It or its liblsl is not installed.
    """
    try:
        import pylsl
    except (ImportError, RuntimeError, OSError) as error:
        raise AbsentError(
            f"the Lab Streaming Layer is not installed ({error})",
            "pip install 'sentio-affect[lsl]'",
        ) from None
    module: ModuleType = pylsl
    if "LSLAPICFG" not in os.environ:  # the user's configuration has priority
        module.set_config_content("[log]\nlevel = -2\n")
    return module


def find(predicate: str, timeout: float) -> list[LslStream]:
    """Return the streams that match an XPath predicate, as soon as one is found.

    Args:
        predicate: liblsl's, for example ``name='Unicorn' and type='EEG'``; empty for all.
        timeout: Search time, seconds.
    """
    pylsl = load_pylsl()
    if predicate:
        infos = pylsl.resolve_bypred(predicate, 1, timeout)
    else:
        infos = pylsl.resolve_streams(timeout)
    return [_brief(pylsl, info) for info in infos]


class Inlet:
    """Reader of one stream.

    A loss is reported instead of hidden: liblsl's recovery returns nothing during the gap and
    works only with a source id, so the caller opens the stream again.

    Args:
        stream: Result of ``find``.
        timeout: Seconds until opening fails.

    Raises:
        DisconnectedError: The stream is no longer available.
        FormatError: It states a rate that no device has.
    """

    _inlet: Any = None

    def __init__(self, stream: LslStream, timeout: float = 3.0) -> None:
        self._pylsl = load_pylsl()
        check_rate(stream)
        try:
            self._inlet = self._pylsl.StreamInlet(
                stream.info, max_buflen=_buffer(stream.rate_hz), recover=False, as_numpy=True
            )
            self.stream = _described(self._inlet.info(timeout), stream)
            self._inlet.open_stream(timeout)
        except (RuntimeError, OSError) as error:
            self.close()
            raise DisconnectedError(f"LSL stream {stream.name!r} did not open: {error}") from None

    def pull(self, timeout: float) -> tuple[NDArray[np.float64], NDArray[Any]]:
        """Wait for a sample; return sender's times and values of all available ones.

        Raises:
            DisconnectedError: The sender is gone, or the inlet is closed.
        """
        inlet = self._inlet  # keeps liblsl's inlet until the call ends
        if inlet is None:
            raise DisconnectedError(f"LSL stream {self.stream.name!r} is closed", "open it again")
        try:
            values, times = inlet.pull_chunk(timeout, MAX_SAMPLES, min_samples=1)
        except (RuntimeError, OSError) as error:
            raise DisconnectedError(f"LSL stream {self.stream.name!r} is lost: {error}") from None
        if self.stream.text:
            rows = np.asarray(values, object).reshape(len(times), len(self.stream.channels))
            rows = np.array([[_text(v) for v in row] for row in rows], object).reshape(rows.shape)
            return np.asarray(times, np.float64), rows
        return np.asarray(times, np.float64), np.asarray(values)

    def offset(self, timeout: float) -> float | None:
        """Return the offset from the sender's clock to this one, or None if unknown.

        Takes about 0.6 s the first time: never call it on the reading thread.
        """
        inlet = self._inlet
        try:
            return None if inlet is None else float(inlet.time_correction(timeout))
        except (RuntimeError, OSError):
            return None

    def close(self) -> None:
        """Stop reading; liblsl's inlet is destroyed once no other thread uses it."""
        inlet, self._inlet = self._inlet, None
        if inlet is None:
            return
        try:
            inlet.close_stream()
        except (RuntimeError, OSError):
            pass


def check_rate(stream: LslStream) -> None:
    """Refuse a rate that would fill the memory before a sample arrives.

    Raises:
        FormatError: It is negative, not finite, or above ``MAX_RATE``.
    """
    if not 0 <= stream.rate_hz <= MAX_RATE:
        raise FormatError(
            f"LSL stream {stream.name!r} states {stream.rate_hz:g} samples a second, expected 0 "
            f"(irregular) to {MAX_RATE:g}",
            "correct the nominal rate in its sender, then start the sender again",
        )


def _buffer(rate_hz: float) -> int:
    """Return the length of the buffer: seconds, or samples of irregular streams."""
    return max(BUFFER_SECONDS, min(1 << 20, ceil(BUFFER_SAMPLES / (rate_hz or 100.0))))


def _text(value: bytes) -> str:
    """Decode a text: UTF-8, or else Latin-1, which any bytes are."""
    try:
        return value.decode("utf-8")[:MAX_TEXT]
    except UnicodeDecodeError:
        return value.decode("latin-1")[:MAX_TEXT]


class Outlet:
    """Sender of one stream with a description that every LSL program can read.

    Args:
        name: Name of the LSL stream.
        spec: Role, labels, units and rate; they become its type and description.
        kind: LSL type; default follows from the role.
        text: Send strings.
    """

    def __init__(self, name: str, spec: StreamSpec, kind: str = "", *, text: bool = False) -> None:
        pylsl = load_pylsl()
        info = pylsl.StreamInfo(
            name,
            kind or _KINDS.get(spec.role.value, spec.role.value.upper()),
            len(spec.channels),
            spec.rate_hz,
            "string" if text else "float32",
            spec.id,
        )
        channels = info.desc().append_child("channels")
        for channel in spec.channels:
            described = channels.append_child("channel")
            described.append_child_value("label", channel.label)
            described.append_child_value("unit", channel.unit)
            described.append_child_value("type", spec.role.value.upper())
        for key, value in spec.meta.items():
            info.desc().append_child_value(key, value)
        self._outlet = pylsl.StreamOutlet(info)
        self._text = text

    def push(self, times: NDArray[np.float64], values: NDArray[Any]) -> None:
        """Send samples with their times (this machine's LSL clock)."""
        if self._text:
            for time, row in zip(times, values, strict=True):
                self._outlet.push_sample([str(value) for value in row], float(time))
        else:
            self._outlet.push_chunk(np.ascontiguousarray(values, np.float32), times.tolist())


_KINDS = {"marker": "Markers", "eeg": "EEG", "audio": "Audio"}


def _brief(pylsl: ModuleType, info: Any) -> LslStream:
    return LslStream(
        info.name(),
        info.type(),
        info.source_id(),
        info.hostname(),
        float(info.nominal_srate()),
        info.channel_format() == pylsl.cf_string,
        tuple(LslChannel(f"ch{i + 1}") for i in range(info.channel_count())),
        info,
        info.uid(),
    )


def _described(full: Any, brief: LslStream) -> LslStream:
    """Add the channel descriptions, which only the full info contains."""
    node = full.desc().child("channels").child("channel")
    found: list[LslChannel] = []
    for plain in brief.channels:
        if node.empty():
            found.append(plain)
            continue
        label = node.child_value("label") or node.child_value("name") or plain.label
        unit = node.child_value("unit") or node.child_value("units")
        found.append(LslChannel(label, unit, node.child_value("type")))
        node = node.next_sibling("channel")
    return LslStream(
        brief.name,
        brief.kind,
        brief.source_id,
        brief.hostname,
        brief.rate_hz,
        brief.text,
        tuple(found),
        brief.info,
        brief.uid,
    )
