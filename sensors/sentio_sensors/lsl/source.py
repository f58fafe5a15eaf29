"""Source of one stream of the Lab Streaming Layer."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from sentio_sensors.channel_roles import UNITS, role_of, scale_of
from sentio_sensors.clock import Clock
from sentio_sensors.errors import AbsentError, DisconnectedError, FormatError
from sentio_sensors.lsl import binding
from sentio_sensors.runtime.dejitter import Dejitter
from sentio_sensors.runtime.sender_clock import SenderClock
from sentio_sensors.stream import Channel, Chunk, Role, Stamps, StreamSpec

OFFSET_PERIOD = 5.0
"""Seconds between two measurements of the sender's clock, as in LSL's own recorder."""

OFFSET_GAIN = 0.2
"""Smoothing gain of a new measurement: they scatter by some 0.2 ms."""

RATE_OFF = 0.005
"""Share by which a rate differs from the stated one that is reported."""

Floats = NDArray[np.float64]


class LslSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of an LSL stream; every filter that is set must match.

    Without a filter the only stream on the network is read.

    Attributes:
        stream_name: The stream's name.
        stream_type: The stream's type, for example ``EEG``.
        source_id: The device's id.
        predicate: An XPath predicate of liblsl instead of the three filters.
        roles: Role by pattern of channel labels, if the description does not give it.
        resolve: Time limit of one search, seconds.
        dejitter: Give the samples of regular streams even times, at the rate that they really
            have. Off keeps the sender's stamps. The recording has both.
        clock: ``auto`` corrects senders whose stamps are not of the LSL clock; ``sender`` trusts
            them.
    """

    stream_name: str = ""
    stream_type: str = ""
    source_id: str = ""
    predicate: str = ""
    roles: dict[str, Role] = {}
    resolve: Annotated[float, msgspec.Meta(gt=0, le=30)] = 1.0
    dejitter: bool = True
    clock: Literal["auto", "sender"] = "auto"

    def query(self) -> str:
        """Return the XPath predicate of the filters."""
        if self.predicate:
            return self.predicate
        wanted = {"name": self.stream_name, "type": self.stream_type, "source_id": self.source_id}
        return " and ".join(f"{key}={_quoted(value)}" for key, value in wanted.items() if value)


@dataclass(frozen=True, slots=True)
class _Part:
    """The columns of an LSL stream that have one role.

    ``plain`` is true if they are all columns, in order and in the role's unit already.
    """

    spec: StreamSpec
    columns: NDArray[np.intp]
    scale: NDArray[np.float32]
    plain: bool


class _ClockOffset:
    """Clock offset of one sender, measured on a separate thread until it is closed.

    Each opening has its own: a late measurement of an earlier opening does not affect a later one.

    Attributes:
        seconds: Offset to add to the sender's stamps.
    """

    def __init__(self, inlet: binding.Inlet, seconds: float) -> None:
        self._inlet = inlet
        self._closed = threading.Event()
        self.seconds = seconds
        threading.Thread(target=self._follow, name="lsl-clock", daemon=True).start()

    def close(self) -> None:
        """Stop measuring; returns at once."""
        self._closed.set()

    def _follow(self) -> None:
        while not self._closed.wait(OFFSET_PERIOD):
            measured = self._inlet.offset(2.0)
            if measured is not None:
                self.seconds += OFFSET_GAIN * (measured - self.seconds)


class LslSource:
    """Source of one LSL stream, split into one stream for each role.

    Args:
        settings: Which stream to read.
        clock: LSL clock of this machine; a sender on another machine has a measured offset.
    """

    def __init__(self, settings: LslSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._inlet: binding.Inlet | None = None
        self._parts: list[_Part] = []
        self._dejitter: Dejitter | None = None
        self._offset: _ClockOffset | None = None
        self._sender: SenderClock | None = None
        self._rate = 0.0

    def open(self) -> Sequence[StreamSpec]:
        """Find the stream, read its description and start reading.

        Raises:
            AbsentError: No stream matches, several do without a filter, or pylsl is missing.
            FormatError: No channel has a known role.
        """
        query = self._settings.query()
        found = binding.find(query, self._settings.resolve)
        if not found:
            raise AbsentError(
                f"no LSL stream with {query or 'any name'} is on the network",
                "start its sender; list the streams with: sentio devices",
            )
        found.sort(key=lambda s: (s.name, s.source_id))
        if not query and len(found) > 1:
            names = ", ".join(f"{s.name!r} ({s.kind or 'no type'})" for s in found[:8])
            raise AbsentError(
                f"{len(found)} LSL streams were found and the settings choose none: {names}",
                f'choose one in the configuration: stream_name = "{found[0].name}"',
            )
        inlet = binding.Inlet(found[0])
        self._inlet = inlet
        self._parts = _parts(inlet.stream, self._settings.roles)
        rate = inlet.stream.rate_hz
        self._dejitter = Dejitter(rate) if rate > 0 and self._settings.dejitter else None
        self._rate = 0.0
        if self._settings.clock == "auto":
            self._sender = SenderClock(inlet.stream.name, rate, time.time())
        offset = 0.0
        if inlet.stream.hostname != socket.gethostname():
            first = inlet.offset(2.0)
            if first is None:
                raise DisconnectedError(f"{inlet.stream.name!r}: its clock does not respond")
            offset = first
        self._offset = _ClockOffset(inlet, offset)
        return [part.spec for part in self._parts]

    def read(self, timeout: float) -> Sequence[Chunk]:
        """Wait for samples; return one chunk for each role.

        Raises:
            DisconnectedError: The sender is lost.
        """
        if self._inlet is None:
            raise DisconnectedError("the LSL stream was not opened", "call open first")
        original, values = self._inlet.pull(timeout)
        if not len(original):
            return []
        times, stamps = self._times(original)
        return [self._chunk(part, times, values, stamps) for part in self._parts]

    def _times(self, original: Floats) -> tuple[Floats, Stamps]:
        """Return capture times, and the stamps that they are derived from."""
        arrived = self._clock.now()
        offset = self._offset.seconds if self._offset is not None else 0.0
        remarks: tuple[str, ...] = ()
        if self._sender is not None:
            times = self._sender.correct(original, arrived, offset)
            offset += self._sender.offset
            original = original * self._sender.unit if self._sender.unit != 1.0 else original
            remarks = self._sender.remarks(arrived)
        else:
            times = original + offset if offset else original
        if self._dejitter is not None:
            times = self._dejitter.straighten(times, arrived=arrived)
            remarks += self._wrong_rate(self._dejitter)
        return times, Stamps(original, offset, arrived, remarks)

    def _wrong_rate(self, dejitter: Dejitter) -> tuple[str, ...]:
        """Return ``wrong_rate:STATED:REAL`` if they differ; the numbers stay until they change."""
        stated = self._parts[0].spec.rate_hz
        if dejitter.rate_known and abs(dejitter.rate_hz - self._rate) > 0.5 * RATE_OFF * stated:
            self._rate = dejitter.rate_hz
        if not self._rate or abs(self._rate / stated - 1) < RATE_OFF:
            return ()
        return (f"wrong_rate:{stated:g}:{self._rate:.4g}",)

    def close(self) -> None:
        """Stop reading."""
        if self._offset is not None:
            self._offset.close()
            self._offset = None
        if self._inlet is not None:
            self._inlet.close()
            self._inlet = None

    @staticmethod
    def _chunk(part: _Part, times: Floats, values: NDArray[np.generic], stamps: Stamps) -> Chunk:
        if part.spec.role is Role.MARKER:
            rows = values[:, part.columns].astype(str).astype(object)
        elif part.plain and values.dtype == np.float32:
            rows = values
        else:
            rows = values[:, part.columns].astype(np.float32) * part.scale
        return Chunk(part.spec.id, times, rows, stamps=stamps)


def _parts(stream: binding.LslStream, override: Mapping[str, Role]) -> list[_Part]:
    columns: dict[Role, list[int]] = {}
    for index, channel in enumerate(stream.channels):
        fallback = "markers" if stream.text else stream.kind
        role = role_of(channel.label, channel.kind, fallback, override)
        if stream.text and role is not Role.MARKER:
            role = Role.MARKER
        if role is not None:
            columns.setdefault(role, []).append(index)
    if not columns:
        raise FormatError(
            f"LSL stream {stream.name!r} of type {stream.kind!r} has no channel of a known role: "
            f"{', '.join(c.label for c in stream.channels[:8])}",
            'set the roles in the configuration: roles = {"ch1" = "eeg"}',
        )
    return [_part(stream, role, indices) for role, indices in columns.items()]


def _part(stream: binding.LslStream, role: Role, indices: list[int]) -> _Part:
    chosen = [stream.channels[index] for index in indices]
    spec = StreamSpec(
        f"lsl:{stream.name}/{role.value}",
        role,
        stream.rate_hz,
        tuple(Channel(c.label, UNITS.get(role, "au")) for c in chosen),
        stream.name,
        {"source_id": stream.source_id, "hostname": stream.hostname, "lsl_type": stream.kind},
    )
    scale = np.array([scale_of(role, c.unit) for c in chosen], np.float32)
    plain = indices == list(range(len(stream.channels))) and bool((scale == 1.0).all())
    return _Part(spec, np.array(indices), scale, plain)


def _quoted(value: str) -> str:
    """Quote an XPath string; XPath 1.0 has no escapes, only two kinds of quotes."""
    if "'" not in value:
        return f"'{value}'"
    return f'"{value.replace(chr(34), "")}"'
