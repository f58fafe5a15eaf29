"""Convert streams of any XDF recording to tracks with roles, on one clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from math import floor, inf, nextafter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_recording.data_file import FORMAT
from sentio_recording.recording import Recording, sensor_spec
from sentio_recording.stamps import times_of
from sentio_recording.storage import STAMPS
from sentio_recording.xdf.headers import StreamInfo
from sentio_sensors.channel_roles import UNITS, role_of, scale_of
from sentio_sensors.files.track import Track, begin
from sentio_sensors.stream import Channel, Chunk, Role, StreamSpec

BLOCK = 0.02
"""Length of a chunk of a foreign recording, seconds; Sentio's recordings keep their chunks."""

NATIVE_KINDS = frozenset({"Affect", "AffectMeta", "AffectEvidence", "Text", STAMPS})
"""Types of Sentio's streams that do not come from a sensor."""


def tracks(recording: Recording, roles: Mapping[str, Role] | None = None) -> list[Track]:
    """Return a track for each role of each sensor's stream.

    Args:
        recording: Recording of Sentio, LabRecorder or another program.
        roles: Configured roles by pattern: of channel labels (``PPG*``), of streams by name, or
            of both (``Unicorn/EEG*``).

    Raises:
        FormatError: The unit of a channel is unknown for its role.
    """
    return [
        track
        for number, info in recording.streams.items()
        for track in _of(recording, number, info, roles)
        if len(track.times)
    ]


def blocks(found: list[Track], start: float | None = None) -> Iterator[Chunk]:
    """Split tracks into chunks in order of time.

    Args:
        found: The tracks.
        start: First stamp that is needed; default is the first of all tracks.
    """
    first = begin(found) if start is None else start
    at = [int(np.searchsorted(track.times, first)) for track in found]
    while due := [float(t.times[n]) for t, n in zip(found, at, strict=True) if n < len(t.times)]:
        # Gaps are skipped: after a clock jump they may last years.
        elapsed = (min(due) - first) / BLOCK
        edge = first + (floor(elapsed) + 1) * BLOCK if elapsed < inf else inf
        edge = max(edge, nextafter(min(due), inf))
        for index, track in enumerate(found):
            part = slice(at[index], max(at[index], int(np.searchsorted(track.times, edge))))
            at[index] = part.stop
            if part.stop > part.start:
                yield Chunk(track.spec.id, track.times[part], track.values[part])


def of_stream(name: str, roles: Mapping[str, Role]) -> dict[str, Role]:
    """Return the patterns that apply to the channel labels of one stream."""
    found: dict[str, Role] = {}
    for pattern, role in roles.items():
        stream, _, label = pattern.rpartition("/")
        if fnmatchcase(name.lower(), pattern.lower()):
            found["*"] = role
        elif stream and fnmatchcase(name.lower(), stream.lower()):
            found[label] = role
        else:
            found[pattern] = role
    return found


def unknown(recording: Recording, roles: Mapping[str, Role]) -> list[StreamInfo]:
    """Return the streams of another program whose channels have unknown roles.

    Streams without samples are omitted.
    """
    return [
        info
        for number, info in recording.streams.items()
        if info.format != "string"
        and sensor_spec(info) is None
        and info.kind not in NATIVE_KINDS
        and not all(_columns(info, of_stream(info.name, roles)))
        and next(recording.chunks((number,)), None) is not None
    ]


def _columns(info: StreamInfo, roles: Mapping[str, Role]) -> list[Role | None]:
    """Return the role of each channel, or None."""
    kinds = info.meta.get("channel_kinds", "").split("\n")
    kinds += [""] * (len(info.channels) - len(kinds))
    return [
        role_of(channel.label, kind, info.kind, roles)
        for channel, kind in zip(info.channels, kinds, strict=False)
    ]


def _sound(recording: Recording, number: int, spec: StreamSpec) -> Iterator[Track]:
    """Yield the readable parts of sound that is stored in media files."""
    chunks = [item for _, item in recording.sensors({number}) if isinstance(item, Chunk)]
    if chunks:
        times = np.concatenate([chunk.times for chunk in chunks])
        yield Track(spec, times, np.concatenate([chunk.values for chunk in chunks]))


def _numbers_as_markers(
    times: NDArray[np.float64], values: NDArray[Any], rate_hz: float
) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """Return the codes of a numeric marker channel as texts.

    An irregular stream has one code a sample; a sampled one keeps its code until the next, and 0
    is none.
    """
    changed = values != np.r_[np.zeros(1, values.dtype), values[:-1]]
    good = np.isfinite(values) & ((changed & (values != 0)) if rate_hz else True)
    texts = np.array([[f"{value:.15g}"] for value in values[good]], object).reshape(-1, 1)
    return times[good], texts


def _of(
    recording: Recording, number: int, info: StreamInfo, roles: Mapping[str, Role] | None
) -> Iterator[Track]:
    spec = sensor_spec(info)
    label = recording.label(number)
    if spec is not None:
        spec = replace(spec, id=label)
        if info.meta.get("media") == "microphone":
            yield from _sound(recording, number, spec)
        elif "media" not in info.meta:
            times, values = recording.samples(number)
            yield Track(spec, times_of(recording, number, times), values)
        return
    if info.kind in NATIVE_KINDS:
        return
    times, values = recording.samples(number)
    times = times_of(recording, number, times)
    order = np.argsort(times, kind="stable")
    times, values = times[order], values[order]
    roles = of_stream(info.name, roles or {})
    if info.format == "string":
        channels = tuple(Channel(c.label, "") for c in info.channels[:1])
        named = StreamSpec(f"{label}/marker", Role.MARKER, 0.0, channels, info.name)
        yield Track(named, times, values[:, :1])
        return
    columns: dict[Role, list[int]] = {}
    for index, role in enumerate(_columns(info, roles)):
        if role is Role.MARKER:
            named = StreamSpec(
                f"{label}/marker{index or ''}", role, 0.0, (Channel("m", ""),), label
            )
            yield Track(named, *_numbers_as_markers(times, values[:, index], info.rate_hz))
        elif role is not None:
            columns.setdefault(role, []).append(index)
    for role, indices in columns.items():
        units = [info.channels[i].unit for i in indices]
        scale = np.array([scale_of(role, "" if u == "au" else u) for u in units])
        channels = tuple(Channel(info.channels[i].label, UNITS.get(role, "au")) for i in indices)
        # The streams of a converted file are named by what they measure already.
        name = label if FORMAT in info.meta and len(columns) == 1 else f"{label}/{role.value}"
        named = StreamSpec(name, role, info.rate_hz, channels, info.name)
        yield Track(named, times, (values[:, indices] * scale).astype(np.float32))
