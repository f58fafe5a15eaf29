"""Summarise a recording: rates, gaps, losses, quality and markers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from sentio_recording.markers import MARKERS, MarkerEvents
from sentio_recording.recorded import COUNTERS, owner_of, subject_of
from sentio_recording.recording import Recording
from sentio_recording.stamps import times_of
from sentio_recording.storage import DETAILS, DROPS, STAMPS

GAP_PERIODS = 3.0
"""A pause of a regular stream that is longer than this many periods, and 50 ms, counts as a gap."""

SHORTEST_S = 1.0
"""Seconds from which an irregular stream has a rate: two samples at once are not 1,000 Hz."""

T = TypeVar("T")

STRETCHES = 24
"""Number of equal parts of a recording whose quality is reported."""


@dataclass(slots=True)
class StreamSummary:
    """Summary of one stream.

    Attributes:
        number: Number in the XDF file.
        name: Name of the stream, after its subject in a recording of several.
        kind: Type of the stream.
        channels: Number of channels.
        nominal_hz: Nominal rate; 0 for irregular.
        samples: Number of samples.
        start: Seconds after the first stamp of the recording.
        seconds: Time from its first to its last sample.
        rate_hz: Measured rate, without gaps; 0 for texts, which have none.
        gaps: Gaps as (start, end), seconds from the first stamp of the recording.
        backwards: Number of stamps before their predecessor: a clock jumped back.
        lost: Number of samples that the device reported as lost.
        quality: Worst quality of its chunks over time: (time, 0..1), if it was below 1.
        reasons: Count of each reason.
    """

    number: int
    name: str
    kind: str
    channels: int
    nominal_hz: float
    samples: int = 0
    start: float = 0.0
    seconds: float = 0.0
    rate_hz: float = 0.0
    gaps: list[tuple[float, float]] = field(default_factory=list)
    backwards: int = 0
    lost: int = 0
    quality: list[tuple[float, float]] = field(default_factory=list)
    reasons: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Modality:
    """Quality of one modality of one subject over time.

    Attributes:
        subject: The subject.
        name: Name of the modality.
        quality: Mean of each of ``STRETCHES`` equal parts of the recording; None if unknown.
    """

    subject: str
    name: str
    quality: list[float | None]


@dataclass(slots=True)
class Summary:
    """Summary of a recording.

    Attributes:
        path: Path of the recording.
        first: First stamp, the recording's clock; other times are relative to it.
        seconds: Time from the first to the last sample of all streams.
        streams: Summary of each stream.
        modalities: Quality over time, from the frames.
        markers: (time, name) of all marker streams, after the subject in a recording of several.
        dropped: Samples missing in the recording: by stream if the disk was too slow, by
            ``queue NAME`` if a model was, by ``source NAME`` if a device lost them.
        damages: Unreadable parts: (offset, reason).
        ending: Reason of the end; empty if it did not end properly.
    """

    path: str
    first: float
    seconds: float
    streams: list[StreamSummary]
    modalities: list[Modality]
    markers: list[tuple[float, str]]
    dropped: dict[str, int]
    damages: list[tuple[int, str]]
    ending: str

    def builtin(self) -> Any:
        """Return plain dicts and lists, for JSON."""
        return msgspec.to_builtins(self)


def summarise(recording: Recording) -> Summary:
    """Summarise a recording in one pass."""
    stamps = {
        number: times_of(recording, number)
        for number, info in recording.streams.items()
        if info.kind != STAMPS
    }
    first = min((float(t.min()) for t in stamps.values() if len(t)), default=0.0)
    last = max((float(t.max()) for t in stamps.values() if len(t)), default=0.0)
    streams = {number: _stream(recording, number, times, first) for number, times in stamps.items()}
    _details(recording, streams, first)
    _name_subjects(recording, streams)
    return Summary(
        str(recording.path),
        first,
        last - first,
        list(streams.values()),
        _modalities(recording, first, last),
        sorted(_markers(recording, stamps, first)),
        _dropped(recording),
        [(damage.offset, damage.why) for damage in recording.damages],
        _ending(recording),
    )


def _markers(
    recording: Recording, stamps: Mapping[int, NDArray[np.float64]], first: float
) -> Iterator[tuple[float, str]]:
    """Yield time and name of each marker, after its subject in a recording of several."""
    events = MarkerEvents(recording)
    for number, info in recording.streams.items():
        if info.kind != "Markers":
            continue
        times, values = recording.samples(number)
        names = [str(row[0]) for row in values]
        owners = [subject_of(info)] * len(names)
        if info.name == MARKERS:
            owners = [known.subject for known in events.of(times.tolist(), names)]
        for time, name, owner in zip(stamps[number].tolist(), names, owners, strict=True):
            yield time - first, recording.named(owner, name)


def _stream(
    recording: Recording, number: int, times: NDArray[np.float64], first: float
) -> StreamSummary:
    info = recording.streams[number]
    found = StreamSummary(number, info.name, info.kind, len(info.channels), info.rate_hz)
    found.samples = len(times)
    if not len(times):
        return found
    found.start = float(times[0]) - first
    found.seconds = float(times[-1] - times[0])
    steps = np.diff(times)
    found.backwards = int((steps < 0).sum())
    if info.rate_hz > 0 and len(steps):
        silent = steps > max(GAP_PERIODS / info.rate_hz, 0.05)
        at = np.flatnonzero(silent)
        found.gaps = [(float(times[i]) - first, float(times[i + 1]) - first) for i in at]
        ran = found.seconds - float(steps[silent].sum())
        found.rate_hz = (len(steps) - len(at)) / ran if ran > 0 else 0.0
    elif info.format != "string" and found.seconds >= SHORTEST_S:
        found.rate_hz = (len(times) - 1) / found.seconds
    return found


def stretches(
    points: Iterable[tuple[float, float]],
    seconds: float,
    fold: Callable[[list[float]], float] = min,
) -> list[float | None]:
    """Return one value for each of ``STRETCHES`` equal parts, or None.

    Args:
        points: Time from the beginning, and value.
        seconds: Total length.
        fold: Reduces the values of a part to one.
    """
    found: list[list[float]] = [[] for _ in range(STRETCHES)]
    for time, value in points:
        at = int(time / max(seconds, 1e-9) * STRETCHES)
        found[min(STRETCHES - 1, max(0, at))].append(value)
    return [fold(values) if values else None for values in found]


def _modalities(recording: Recording, first: float, last: float) -> list[Modality]:
    found: list[Modality] = []
    for number, info in recording.streams.items():
        if info.kind != "Affect":
            continue
        times, values = recording.samples(number)
        for column, channel in enumerate(info.channels):
            name, _, what = channel.label.rpartition("_")
            known = np.isfinite(values[:, column]) & (what == "quality")
            if known.any():
                at, quality = (times[known] - first).tolist(), values[known, column].tolist()
                drawn = stretches(zip(at, quality, strict=True), last - first, fmean)
                found.append(Modality(info.meta.get("subject", ""), name, drawn))
    return found


def _details(recording: Recording, streams: dict[int, StreamSummary], first: float) -> None:
    for time, text in recording.texts(DETAILS):
        try:
            number, _, quality, reasons, lost = msgspec.json.decode(
                text, type=tuple[int, int, float, tuple[str, ...], int]
            )
        except (ValueError, RecursionError):
            continue
        stream = streams.get(number)
        if stream is None:
            continue
        stream.lost += lost
        if quality < 1:
            stream.quality.append((time - first, quality))
        for reason in reasons:
            stream.reasons[reason] = stream.reasons.get(reason, 0) + 1


def _name_subjects(recording: Recording, streams: dict[int, StreamSummary]) -> None:
    """Put the subject before the names of streams in a recording of several subjects."""
    for number, stream in streams.items():
        subject, _ = owner_of(recording.streams[number])
        stream.name = recording.named(subject, stream.name)


def _ending(recording: Recording) -> str:
    manifest = recording.manifest
    if manifest is not None and manifest.ending is not None:
        return manifest.ending.reason
    footed = bool(recording.streams) and set(recording.stated) == set(recording.streams)
    whole = recording.folder is None and footed
    return "with all footers" if whole else ""


def _dropped(recording: Recording) -> dict[str, int]:
    found = _last(recording, DROPS, _drops) or {}
    counters = _last(recording, COUNTERS, _counters)
    if counters is not None:
        found |= {f"queue {name}": count for name, count in counters.queues.items()}
        found |= {f"source {name}": s.drops + s.lost for name, s in counters.sources.items()}
    return {name: count for name, count in found.items() if count}


class _Source(msgspec.Struct):
    drops: int = 0
    lost: int = 0


class _Counters(msgspec.Struct):
    queues: dict[str, int] = {}
    sources: dict[str, _Source] = {}


_drops = msgspec.json.Decoder(dict[str, int])
_counters = msgspec.json.Decoder(_Counters)


def _last(recording: Recording, name: str, decoder: msgspec.json.Decoder[T]) -> T | None:
    """Return the newest text of a stream, decoded; None if it is invalid."""
    texts = recording.texts(name)
    try:
        return decoder.decode(texts[-1][1]) if texts else None
    except (ValueError, RecursionError):
        return None
