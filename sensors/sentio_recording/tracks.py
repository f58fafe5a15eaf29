"""Convert streams of any XDF recording to tracks with roles, on one clock."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from math import floor, inf, nextafter

import numpy as np
from numpy.typing import NDArray

from sentio_recording.data_file import FORMAT
from sentio_recording.recorded import sensor_spec
from sentio_recording.recording import Recording
from sentio_recording.stamps import times_of
from sentio_recording.storage import STAMPS
from sentio_recording.xdf.headers import StreamInfo
from sentio_sensors.channel_roles import Choices, Column, Described, assign
from sentio_sensors.files.track import Track, begin
from sentio_sensors.gravity import to_g
from sentio_sensors.marker_codes import MarkerCodes
from sentio_sensors.stream import Channel, Chunk, Role, StreamSpec

log = logging.getLogger(__name__)

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
        and _is_unknown(info, of_stream(info.name, roles))
        and next(recording.chunks((number,)), None) is not None
    ]


def _is_unknown(info: StreamInfo, roles: Mapping[str, Role]) -> bool:
    """Return whether a role is unknown, or no channel has a role for a model."""
    found = assign(described(info), info.kind, Choices(roles))
    return bool(found.unknown) or (not roles and found.columns.keys() <= {Role.OTHER})


def described(info: StreamInfo) -> list[Described]:
    """Return the channels as another program describes them."""
    kinds = info.meta.get("channel_kinds", "").split("\n")
    kinds += [""] * (len(info.channels) - len(kinds))
    return [
        Described(channel.label, "" if channel.unit == "au" else channel.unit, kind)
        for channel, kind in zip(info.channels, kinds, strict=False)
    ]


def _sound(recording: Recording, number: int, spec: StreamSpec) -> Iterator[Track]:
    """Yield the readable parts of sound that is stored in media files."""
    chunks = [item for _, item in recording.sensors({number}) if isinstance(item, Chunk)]
    if chunks:
        times = np.concatenate([chunk.times for chunk in chunks])
        yield Track(spec, times, np.concatenate([chunk.values for chunk in chunks]))


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
            whole = recording.whole(number)
            yield Track(spec, times_of(recording, number, whole), whole.values)
        return
    if info.kind in NATIVE_KINDS:
        return
    whole = recording.whole(number)
    times = times_of(recording, number, whole)
    order = np.argsort(times, kind="stable")
    times, values = times[order], whole.values[order]
    roles = of_stream(info.name, roles or {})
    if info.format == "string":
        channels = tuple(Channel(c.label, "") for c in info.channels[:1])
        named = StreamSpec(f"{label}/marker", Role.MARKER, 0.0, channels, info.name)
        yield Track(named, times, values[:, :1])
        return
    stated = described(info)
    found = assign(stated, info.kind, Choices(roles))
    for note in found.notes:
        log.warning("%s: %s", label, note)
    for column in found.columns.get(Role.MARKER, ()):
        index = column.index
        named = StreamSpec(
            f"{label}/marker{index or ''}", Role.MARKER, 0.0, (Channel("m", ""),), label
        )
        yield Track(named, *MarkerCodes(info.rate_hz).read(times, values[:, index]))
    aside = (Role.MARKER, Role.OTHER)
    signals = {role: c for role, c in found.columns.items() if role not in aside}
    for role, used in signals.items():
        if role is Role.ACCEL:
            used = _with_gravity(label, used, values, stated)
        rows = np.stack([c.conversion.apply(values[:, c.index]) for c in used], 1)
        # The streams of a converted file are named by what they measure already.
        name = label if FORMAT in info.meta and len(signals) == 1 else f"{label}/{role.value}"
        channels = tuple(column.channel for column in used)
        named = StreamSpec(name, role, info.rate_hz, channels, info.name)
        yield Track(named, times, rows.astype(np.float32))


def _with_gravity(
    label: str,
    used: tuple[Column, ...],
    values: NDArray[np.generic],
    stated: Sequence[Described],
) -> tuple[Column, ...]:
    """Return the axes of an acceleration with a conversion by its gravity."""
    at = [column.index for column in used]
    unit, convert = to_g(values[:, at], [stated[index].unit for index in at])
    if convert.none:
        return used
    log.info("%s states no unit of its acceleration: by gravity, it is %s", label, unit)
    return tuple(replace(column, conversion=convert) for column in used)
