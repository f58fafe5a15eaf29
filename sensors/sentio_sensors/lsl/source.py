"""Source of one stream of the Lab Streaming Layer."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from sentio_sensors.channel_roles import Assignment, Choices, Column, Described, assign, unit_stated
from sentio_sensors.clock import Clock
from sentio_sensors.derived_measures import is_stream_of_measures
from sentio_sensors.errors import AbsentError, DisconnectedError, FormatError
from sentio_sensors.gravity import AXES, Gravity
from sentio_sensors.lsl import binding
from sentio_sensors.marker_codes import MarkerCodes
from sentio_sensors.runtime.sender_clock import SenderClock
from sentio_sensors.runtime.sender_times import SenderTimes
from sentio_sensors.runtime.spread import Spread
from sentio_sensors.stream import Channel, Chunk, Role, Stamps, StreamSpec

REST, LONGEST_REST = 0.005, 0.05
"""Seconds without a sample after which a chunk has arrived, and seconds that all of it may take."""

OFFSET_PERIOD = 5.0
"""Seconds between two measurements of the sender's clock, as in LSL's own recorder."""

OFFSET_GAIN = 0.2
"""Smoothing gain of a new measurement: they scatter by some 0.2 ms."""

OFFSET_STEP = 0.1
"""Seconds that one call of liblsl waits for the first measurement, which it makes on its own
thread and which takes some 0.6 s; so closing a source does not wait for it."""

CLOSE_S = 1.0
"""Longest time that closing waits for the thread, seconds. One that measures for longer keeps the
inlet until it has ended."""

logger = logging.getLogger(__name__)

Floats = NDArray[np.float64]


class LslSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of an LSL stream; every filter that is set must match.

    Without a filter the only stream on the network is read.

    Attributes:
        stream_name: The stream's name.
        stream_type: The stream's type, for example ``EEG``.
        source_id: The device's id.
        predicate: An XPath predicate of liblsl instead of the three filters.
        roles: Role by pattern of channel labels (``PPG*``), if the description does not give it.
        units: Unit by pattern of channel labels; replaces what the description states.
        ignore: Patterns of the labels of channels that are left out.
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
    units: dict[str, str] = {}
    ignore: tuple[str, ...] = ()
    resolve: Annotated[float, msgspec.Meta(gt=0, le=30)] = 1.0
    dejitter: bool = True
    clock: Literal["auto", "sender"] = "auto"

    def query(self) -> str:
        """Return the XPath predicate of the filters."""
        if self.predicate:
            return self.predicate
        wanted = {"name": self.stream_name, "type": self.stream_type, "source_id": self.source_id}
        return " and ".join(f"{key}={_quoted(value)}" for key, value in wanted.items() if value)

    def matches(self, stream: binding.LslStream) -> bool:
        """Return whether a stream has the name, type and id that are set."""
        return all(
            wanted in ("", found)
            for wanted, found in (
                (self.stream_name, stream.name),
                (self.stream_type, stream.kind),
                (self.source_id, stream.source_id),
            )
        )


@dataclass(frozen=True, slots=True)
class _Part:
    """The columns of an LSL stream that have one role.

    Attributes:
        spec: Its stream.
        indices: Numbers of its columns in the LSL stream.
        columns: These columns, with their conversions.
        plain: Whether they are all columns, in order and in the role's unit already.
        codes: Turns numbers of a marker channel to texts; None for texts and signals.
        gravity: Finds the unit of an acceleration that states none; None for others.
    """

    spec: StreamSpec
    indices: NDArray[np.intp]
    columns: tuple[Column, ...]
    plain: bool
    codes: MarkerCodes | None = None
    gravity: Gravity | None = None

    def chunk(self, times: Floats, values: NDArray[Any], stamps: Stamps) -> Chunk | None:
        """Return this part of the stream's samples, converted; None if empty."""
        if self.codes is not None:
            times, texts = self.codes.read(times, values[:, self.indices[0]])
            return Chunk(self.spec.id, times, texts) if len(times) else None
        if self.spec.role is Role.MARKER:
            return Chunk(self.spec.id, times, values[:, self.indices], stamps=stamps)
        if self.plain and values.dtype == np.float32 and self.gravity is None:
            return Chunk(self.spec.id, times, values, stamps=stamps)
        rows = np.empty((len(times), len(self.columns)), np.float32)
        for place, column in enumerate(self.columns):
            rows[:, place] = column.conversion.apply(values[:, column.index])
        if self.gravity is not None:
            rows *= np.float32(self.gravity.factor(rows))
        return Chunk(self.spec.id, times, rows, stamps=stamps)


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
        self._thread = threading.Thread(target=self._follow, name="lsl-clock", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread; it takes at most one step of a measurement."""
        self._closed.set()
        self._thread.join(CLOSE_S)

    def _follow(self) -> None:
        while not self._closed.wait(OFFSET_PERIOD):
            measured = self._inlet.offset(OFFSET_STEP)
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
        self._offset: _ClockOffset | None = None
        self._times = SenderTimes(0.0, 0.0, None, dejitter=False)
        self._spread: Spread | None = None
        self._held: tuple[Floats, NDArray[Any]] | None = None
        self._refused: tuple[str, FormatError] | None = None

    def open(self) -> Sequence[StreamSpec]:
        """Find the stream, read its description and start reading.

        Raises:
            AbsentError: No stream matches, several do without a filter, or pylsl is missing.
            FormatError: It cannot be used: no channel has a known role, or its rate is absurd.
                Until its sender is started again it is not opened again.
        """
        query = self._settings.query()
        found = binding.find(query, self._settings.resolve)
        if not found and not query.isascii() and not self._settings.predicate:
            # Names in Latin-1 equal no query, which is UTF-8.
            every = binding.find("", self._settings.resolve)
            found = [stream for stream in every if self._settings.matches(stream)]
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
        inlet = self._enter(found[0])
        rate = inlet.stream.rate_hz
        self._spread = Spread() if not rate and not inlet.stream.text else None
        self._held = None
        offset = 0.0
        if inlet.stream.hostname != socket.gethostname():
            first = inlet.offset(2.0)
            if first is None:
                raise DisconnectedError(f"{inlet.stream.name!r}: its clock does not respond")
            offset = first
        self._offset = _ClockOffset(inlet, offset)
        foreign = self._settings.clock == "auto"
        sender = SenderClock(inlet.stream.name, rate, time.time()) if foreign else None
        dejitter = self._settings.dejitter and not inlet.stream.text
        self._times = SenderTimes(rate, offset, sender, dejitter=dejitter)
        return [part.spec for part in self._parts]

    def _enter(self, stream: binding.LslStream) -> binding.Inlet:
        """Open a stream and assign its channels; do not try again what was refused."""
        if self._refused is not None and self._refused[0] == stream.uid:
            raise self._refused[1]
        self._refused = None
        try:
            self._inlet = inlet = binding.Inlet(stream)
            choices = Choices(self._settings.roles, self._settings.units, self._settings.ignore)
            self._parts = _parts(inlet.stream, choices)
        except FormatError as error:
            self._refused = stream.uid, error
            raise
        return inlet

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
        if self._spread is not None or self._times.needs_ends:
            original, values = self._rest(self._inlet, original, values)
        if self._held is not None:
            original = np.concatenate([self._held[0], original])
            values = np.concatenate([self._held[1], values])
        parts = self._times.parts(original)
        return [chunk for part in parts for chunk in self._chunks(original[part], values[part])]

    def _rest(
        self, inlet: binding.Inlet, original: Floats, values: NDArray[Any]
    ) -> tuple[Floats, NDArray[Any]]:
        """Add the rest of a chunk that was read while it arrived, with one stamp."""
        end = self._clock.now() + LONGEST_REST
        while self._clock.now() < end:
            more, rows = inlet.pull(REST)
            if not len(more):
                break
            original, values = np.r_[original, more], np.concatenate([values, rows])
        return original, values

    def _chunks(self, original: Floats, values: NDArray[Any]) -> Iterator[Chunk]:
        """Yield one chunk for each role."""
        measured = self._offset.seconds if self._offset is not None else 0.0
        times, stamps = self._times.of(original, self._clock.now(), measured)
        if self._spread is not None:
            spread = self._spread.place(times)
            self._held = (original, values) if spread is None else None
            if spread is None:
                return
            times = spread
        for part in self._parts:
            chunk = part.chunk(times, values, stamps)
            if chunk is not None:
                yield chunk

    def close(self) -> None:
        """Stop reading."""
        if self._offset is not None:
            self._offset.close()
            self._offset = None
        if self._inlet is not None:
            self._inlet.close()
            self._inlet = None


def _parts(stream: binding.LslStream, choices: Choices) -> list[_Part]:
    if stream.text:
        columns = tuple(Column(i, Channel(c.label, "au")) for i, c in enumerate(stream.channels))
        return [_part(stream, Role.MARKER, columns, choices)]
    described = [Described(c.label, c.unit, c.kind) for c in stream.channels]
    found = assign(described, stream.kind, choices)
    for note in found.notes:
        logger.warning("LSL stream %s: %s; set units in the configuration", stream.name, note)
    if found.unknown and found.columns:
        logger.warning(
            "LSL stream %s: channels of unknown role are left out: %s; set roles",
            stream.name,
            ", ".join(found.unknown[:8]),
        )
    used = {role: columns for role, columns in found.columns.items() if role is not Role.OTHER}
    if found.free and used:
        logger.warning(
            "LSL stream %s: electrodes whose place is not stated are recorded and not used: %s; "
            "set roles",
            stream.name,
            ", ".join(found.free),
        )
    if not used:
        raise FormatError(
            f"LSL stream {stream.name!r} of type {stream.kind!r} has no channel of a known role: "
            f"{', '.join(c.label for c in stream.channels[:8])}"
            + "".join(f"; {note}" for note in found.notes[:3]),
            _fix(stream, found),
        )
    return [_part(stream, role, columns, choices) for role, columns in found.columns.items()]


def _fix(stream: binding.LslStream, found: Assignment) -> str:
    """Return what to do about a stream without a channel that a model reads."""
    if found.notes:
        return 'set the units in the configuration: units = {"ch1" = "uV"}'
    unclear = [*found.unknown, *found.free]
    if is_stream_of_measures(stream.kind) or not unclear:
        return "it has measures and no signal: remove its source from the configuration"
    label = unclear[0].replace('"', "?")
    return f'set the roles in the configuration: roles = {{"{label}" = "eeg"}}'


def _part(
    stream: binding.LslStream, role: Role, columns: tuple[Column, ...], choices: Choices
) -> _Part:
    coded = role is Role.MARKER and not stream.text
    spec = StreamSpec(
        f"lsl:{stream.name}/{role.value}",
        role,
        0.0 if coded else stream.rate_hz,
        tuple(column.channel for column in columns),
        stream.name,
        {"source_id": stream.source_id, "hostname": stream.hostname, "lsl_type": stream.kind},
    )
    indices = np.array([column.index for column in columns], np.intp)
    whole = len(columns) == len(stream.channels)
    plain = whole and all(column.conversion.none for column in columns)
    codes = MarkerCodes(stream.rate_hz) if coded else None
    gravity = None
    if role is Role.ACCEL and len(columns) == AXES:
        described = [stream.channels[column.index] for column in columns]
        units = [unit_stated(Described(c.label, c.unit, c.kind), choices) for c in described]
        gravity = None if any(units) else Gravity(stream.name)
    return _Part(spec, indices, columns, plain, codes, gravity)


def _quoted(value: str) -> str:
    """Quote an XPath string; XPath 1.0 has no escapes, only two kinds of quotes."""
    if "'" not in value:
        return f"'{value}'"
    return f'"{value.replace(chr(34), "")}"'
