"""Streams as tables on one time base, the input of every export."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_recording.markers import MARKERS, MarkerEvents
from sentio_recording.recorded import Originals, owner_of, subject_of
from sentio_recording.recording import Recording
from sentio_recording.stamps import times_of
from sentio_recording.storage import STAMPS
from sentio_recording.xdf.headers import StreamInfo
from sentio_sensors.stream import Channel

Progress = Callable[[str, int, int], None]
"""Called with the stream, the number of exported streams and the total."""

DATA, SUBJECT = "data", "subject"
"""Columns with a marker's data as JSON, and with its subject in a recording of several."""

LONGEST = 16 << 20
"""Characters of a text that exports have whole: beyond them formats need many times its memory."""

KEPT = 64 << 10
"""Characters of a longer text that exports have."""

MAX_NAME = 120
"""Characters of a stream's name in a file name: file systems allow 255 bytes."""


@dataclass(frozen=True, slots=True)
class Table:
    """One recorded stream.

    Attributes:
        file: Name that is valid for files and unique in the recording.
        label: Name of the stream, with its subject in a recording of several, and as
            ``Recording.label``.
        number: Stream number in the XDF file.
        info: Description of the stream.
        times: Seconds of the recorder's clock, ``(n,)``.
        values: ``(n, channels)``; an object array of ``str`` for texts.
        originals: Original stamps, if the times are derived from them.
    """

    file: str
    label: str
    number: int
    info: StreamInfo
    times: NDArray[np.float64]
    values: NDArray[Any]
    originals: Originals | None = None

    @property
    def stamp_names(self) -> tuple[str, ...]:
        """Names of ``stamp_columns``."""
        return () if self.originals is None else ("original_time", "arrived")

    @property
    def stamp_columns(self) -> NDArray[np.float64]:
        """Original stamps and arrivals, ``(n, 2)``; ``(n, 0)`` if times are not derived."""
        if self.originals is None:
            return np.empty((len(self.times), 0))
        return np.stack([self.originals.stamps, self.originals.arrived], 1)


def tables(
    recording: Recording, progress: Progress = lambda *_: None, person: str | None = None
) -> Iterator[Table]:
    """Yield the streams that have samples, one at a time.

    Args:
        recording: The recording.
        progress: Called for each stream.
        person: Only this subject's streams and markers, and those that belong to nobody; None for
            all.
    """
    seen: set[str] = set()
    count = len(recording.streams)
    events = MarkerEvents(recording)
    for done, (number, info) in enumerate(recording.streams.items()):
        if info.kind == STAMPS:
            continue  # with the stream that it belongs to
        if person is not None and subject_of(info) not in ("", person):
            continue
        progress(info.name, done, count)
        whole = recording.whole(number)
        whole = whole._replace(values=_bounded(whole.values))
        times, values = whole.times, whole.values
        label = _label(recording, number) if person is None else info.name
        name = _file_name(label, seen)
        if len(times) and info.kind == "Markers" and info.name == MARKERS:
            info, times, values = _markers(recording, info, times, values, events, person)
        if len(times):
            times = times_of(recording, number, whole._replace(times=times))
            yield Table(name, label, number, info, times, values, whole.originals)
    progress("", count, count)


def _bounded(values: NDArray[Any]) -> NDArray[Any]:
    """Return values whose texts have a limited length; a cut one states what it was."""
    if values.dtype != object or max(map(len, values.flat), default=0) <= LONGEST:
        return values
    cut = [
        f"{text[:KEPT]}... (cut: {len(text)} characters, whole in the recording)"
        if len(text) > LONGEST
        else text
        for text in values.flat
    ]
    return np.array(cut, object).reshape(values.shape)


def _label(recording: Recording, number: int) -> str:
    """Return a stream's label, always with its subject in a recording of several."""
    info = recording.streams[number]
    subject, _ = owner_of(info)
    named = recording.named(subject, info.name)
    return named if named != info.name else recording.label(number)


def _file_name(label: str, seen: set[str]) -> str:
    """Return a name for files that is not yet in ``seen``, and add it.

    Case does not distinguish: it does not in some file systems.
    """
    base = "".join(c if c.isalnum() or c in "-_." else "_" for c in label[:MAX_NAME]) or "stream"
    name, number = base, 1
    while name.casefold() in seen:
        number += 1
        name = f"{base}-{number}"
    seen.add(name.casefold())
    return name


def _markers(
    recording: Recording,
    info: StreamInfo,
    times: NDArray[np.float64],
    values: NDArray[Any],
    events: MarkerEvents,
    person: str | None,
) -> tuple[StreamInfo, NDArray[np.float64], NDArray[Any]]:
    """Return the markers of a person, or of all, with columns from their events."""
    details = list(events.of(times.tolist(), map(str, values[:, 0])))
    columns = [values[:, 0]]
    channels = [info.channels[0]]
    if events.with_data:
        columns.append(np.array([each.data for each in details], object))
        channels.append(Channel(DATA, ""))
    if person is None and len(recording.subjects) > 1:
        columns.append(np.array([each.subject for each in details], object))
        channels.append(Channel(SUBJECT, ""))
    own = np.array([person is None or each.subject in ("", person) for each in details], bool)
    if len(columns) > 1:
        info, values = replace(info, channels=tuple(channels)), np.stack(columns, 1)
    return info, times[own], values[own]


def marker_text(row: NDArray[Any]) -> str:
    """Return a marker's name, and its data after a space if it has any."""
    return " ".join(str(value) for value in row[:2] if str(value))


def columns(info: StreamInfo) -> list[str]:
    """Return a unique name for each channel of a stream."""
    seen: dict[str, int] = {}
    names = []
    for channel in info.channels:
        seen[channel.label] = seen.get(channel.label, 0) + 1
        again = seen[channel.label]
        names.append(channel.label if again == 1 else f"{channel.label}.{again}")
    return names


def wall(recording: Recording) -> tuple[float, datetime] | None:
    """Return one instant on the recording's clock and as UTC, or None if unknown."""
    if recording.manifest is None:
        return None
    clocks = recording.manifest.clocks
    try:
        when = datetime.fromisoformat(clocks.wall.replace("Z", "+00:00"))
    except ValueError:
        return None
    return clocks.monotonic, when.astimezone(UTC)
