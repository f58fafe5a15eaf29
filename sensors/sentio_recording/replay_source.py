"""Source that plays a recording; supports speed, pause, seek and loop."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from itertools import chain
from math import inf
from pathlib import Path

import msgspec

from sentio_recording.recorded import sensor_spec
from sentio_recording.recording import Recording
from sentio_recording.tracks import blocks, tracks
from sentio_sensors.clock import Clock
from sentio_sensors.errors import DisconnectedError, FormatError
from sentio_sensors.source import EndOfSource, Source
from sentio_sensors.source_kind import SourceContext, SourceKind
from sentio_sensors.stream import Chunk, Role, StreamSpec

BURST = 256
"""Chunks returned at once without pacing: a consumer's queue must have room for them."""


class ReplaySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of a recording that is played.

    Attributes:
        path: Folder of a Sentio recording, or any ``.xdf`` file.
        speed: Recorded seconds a second, 0.25..100; 0 as fast as possible. A live pipeline uses
            the stamps of playing: at twice the speed a heart beats twice as fast.
            ``sentio replay`` runs the models on the recorded stamps instead.
        start: Start of the part, seconds into the recording.
        end: End of the part, likewise; 0 for the end of the recording.
        loop: Repeat from the start.
        roles: For files of other programs: patterns of streams or channels with their role.
        person: Subject whose streams are played; required if the recording has several.
    """

    path: str
    speed: float = 1.0
    start: float = 0.0
    end: float = 0.0
    loop: bool = False
    roles: dict[str, Role] = {}
    person: str = ""

    def __post_init__(self) -> None:
        """Validate the settings."""
        if self.speed != 0 and not 0.25 <= self.speed <= 100:
            raise ValueError(f"speed is {self.speed}; use 0.25..100, or 0 for as fast as possible")
        if self.start < 0 or (self.end and self.end <= self.start):
            raise ValueError(f"from {self.start} to {self.end} s is not a valid period")


class ReplaySource:
    """Source of recorded chunks with current time stamps.

    Args:
        settings: Recording and mode of playing.
        clock: Gives the time stamps and paces.
    """

    def __init__(self, settings: ReplaySettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._recording: Recording | None = None
        self._items: Iterator[Chunk] = iter(())
        self._next: Chunk | None = None
        self._first = 0.0
        self._speed = settings.speed
        self._origin = 0.0
        self._position = settings.start
        self._paused = False
        self._lock = threading.RLock()

    def open(self) -> Sequence[StreamSpec]:
        """Open the recording and start playing.

        Raises:
            AbsentError: It does not exist.
            FormatError: It contains no stream of a sensor.
        """
        with self._lock:
            self.close()
            self._recording = Recording(Path(self._settings.path))
            specs = self._specs(self._recording)
            if not specs:
                raise FormatError(
                    f"{self._settings.path} contains no stream of a sensor",
                    "set roles: a pattern of channel labels with its role",
                )
            head = next(self._chunks(), None)
            self._first = float(head.times[0]) if head is not None else 0.0
            self._go_to(self._settings.start)
            return specs

    def read(self, timeout: float) -> Sequence[Chunk]:
        """Wait for the next chunk and return all that are due.

        Raises:
            DisconnectedError: It was not opened.
            EndOfSource: Everything has been played.
        """
        with self._lock:
            if self._recording is None:
                raise DisconnectedError("the replay was not opened", "call open first")
            if self._next is None:
                self._again()
            wait = timeout if self._paused else min(timeout, self._due() - self._clock.now())
        self._clock.sleep(wait)
        found: list[Chunk] = []
        with self._lock:
            while not self._paused and self._next is not None and len(found) < BURST:
                if self._due() > self._clock.now():
                    break
                found.append(self._stamped(self._next))
                self._position = float(self._next.times[-1]) - self._first
                self._advance()
        return found

    def close(self) -> None:
        """Close the recording."""
        with self._lock:
            if self._recording is not None:
                self._items = iter(())
                self._recording.close()
                self._recording = None

    @property
    def position(self) -> float:
        """Position in the recording, seconds."""
        return self._position

    @property
    def paused(self) -> bool:
        """True while playing is paused."""
        return self._paused

    def pause(self) -> None:
        """Pause; callable from any thread, as are the next three methods."""
        with self._lock:
            self._paused = True

    def resume(self) -> None:
        """Continue from the current position."""
        with self._lock:
            self._paused = False
            self._rebase()

    def seek(self, position: float) -> None:
        """Go to ``position`` seconds into the recording."""
        with self._lock:
            if self._recording is not None:
                self._go_to(max(0.0, position))

    def set_speed(self, speed: float) -> None:
        """Change the speed from the current position on.

        Raises:
            ValueError: It is neither 0 nor in 0.25..100.
        """
        msgspec.structs.replace(self._settings, speed=speed)
        with self._lock:
            self._speed = speed
            self._rebase()

    def _specs(self, recording: Recording) -> list[StreamSpec]:
        specs = _streams_of(recording, self._settings.person)
        native = {spec.id: spec for spec in specs.values()}
        self._native = bool(native)
        self._tracks = [] if native else tracks(recording, self._settings.roles)
        return list(native.values()) or [track.spec for track in self._tracks]

    def _chunks(self) -> Iterator[Chunk]:
        if self._recording is None:
            return iter(())
        if not self._native:
            return blocks(self._tracks)
        numbers = set(_streams_of(self._recording, self._settings.person))
        items = self._recording.sensors(numbers)
        return (c for _, c in items if isinstance(c, Chunk) and len(c))

    def _go_to(self, position: float) -> None:
        self._items = self._chunks()
        self._advance()
        while self._next is not None and self._next.times[-1] < self._first + position:
            self._advance()
        self._position = position
        self._rebase()

    def _rebase(self) -> None:
        """Map the current position to the current time."""
        pace = self._speed or inf
        self._origin = self._clock.now() - self._position / pace

    def _again(self) -> None:
        if not self._settings.loop:
            raise EndOfSource
        self._go_to(self._settings.start)
        if self._next is None:
            raise EndOfSource

    def _advance(self) -> None:
        self._next = next(self._items, None)
        end = self._settings.end
        if self._next is not None and end and self._next.times[-1] > self._first + end:
            self._items, self._next = chain(()), None

    def _due(self) -> float:
        if self._next is None or not self._speed:
            return -inf
        return self._origin + (float(self._next.times[-1]) - self._first) / self._speed

    def _stamped(self, chunk: Chunk) -> Chunk:
        """Return a chunk with current stamps; without pacing, with the recorded ones."""
        if not self._speed:
            return chunk
        times = self._origin + (chunk.times - self._first) / self._speed
        return msgspec.structs.replace(chunk, times=times)


def _streams_of(recording: Recording, person: str) -> dict[int, StreamSpec]:
    """Return a person's streams of a Sentio recording, by number.

    Args:
        recording: The recording.
        person: Subject; may be empty if there is only one.

    Raises:
        FormatError: It has streams of several people, or none of this one.
    """
    found = {n: s for n, i in recording.streams.items() if (s := sensor_spec(i)) is not None}
    people = {spec.meta.get("subject", "") for spec in found.values()}
    if (person and person not in people and found) or (not person and len(people) > 1):
        names = ", ".join(sorted(people))
        raise FormatError(
            f"{recording.path} has streams of {names}; got person = {person!r}",
            "name one of them: person = '...'",
        )
    return {n: s for n, s in found.items() if not person or s.meta.get("subject", "") == person}


def _make(settings: ReplaySettings, context: SourceContext) -> Source:
    return ReplaySource(settings, context.clock)


KIND = SourceKind(
    name="recording",
    title="Recordings",
    description="a recording of Sentio, or any .xdf file, played in real time",
    settings=ReplaySettings,
    sensors=("camera", "microphone", "eeg", "body"),
    make=_make,
    example='path = "recordings/example"',
)
