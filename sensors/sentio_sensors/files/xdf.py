"""Reads the streams of an XDF file for playing; the only place that imports pyxdf."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import BufferingHandler
from pathlib import Path
from typing import Any

import numpy as np

from sentio_sensors.channel_roles import UNITS, role_of, scale_of
from sentio_sensors.errors import AbsentError, FormatError
from sentio_sensors.files.track import Track
from sentio_sensors.stream import Channel, Role, StreamSpec

log = logging.getLogger(__name__)

MANY = 1 << 20
"""More remarks than any file gives rise to."""


def load_xdf(path: Path) -> list[Track]:
    """Return every stream of an XDF file that has a known role, on one synchronised clock.

    Raises:
        AbsentError: pyxdf is not installed.
        FormatError: The file is damaged; ``sentio repair`` may help.
    """
    try:
        import pyxdf
    except ImportError:
        raise AbsentError("pyxdf is not there", "pip install 'sentio-affect[recording]'") from None
    with path.open("rb") as file:
        magic = file.read(4)
    if magic != b"XDF:" and magic[:2] != b"\x1f\x8b":  # plain or compressed by gzip
        raise FormatError(f"{path.name} begins with {magic!r}, an XDF file with b'XDF:'")
    try:
        with _heard() as remarks:
            streams, _ = pyxdf.load_xdf(str(path))
    except Exception as error:  # pyxdf lets struct, XML and index errors through
        raise FormatError(f"{path.name}: {error}", "try: sentio repair") from None
    if any(remark.levelno >= logging.ERROR for remark in remarks):
        log.warning("%s is damaged and plays as far as it was read; try: sentio repair", path.name)
    return [track for stream in streams for track in _tracks(path, stream)]


@contextmanager
def _heard() -> Iterator[list[logging.LogRecord]]:
    """Collect what pyxdf remarks: its words are for programmers, and not for a terminal."""
    theirs, handler = logging.getLogger("pyxdf"), BufferingHandler(MANY)
    before = theirs.propagate
    theirs.addHandler(handler)
    theirs.propagate = False
    try:
        yield handler.buffer
    finally:
        theirs.propagate = before
        theirs.removeHandler(handler)


def _tracks(path: Path, stream: dict[str, Any]) -> list[Track]:
    info = stream["info"]
    name, kind = info["name"][0] or "stream", info["type"][0] or ""
    count, rate = int(info["channel_count"][0]), float(info["nominal_srate"][0])
    times = np.asarray(stream["time_stamps"], float)
    if info["channel_format"][0] == "string":
        rows = np.array([[str(v) for v in row] for row in stream["time_series"]], object)
        if not len(rows):
            return []
        spec = _spec(name, Role.MARKER, 0.0, tuple(Channel(f"m{i + 1}") for i in range(count)))
        return [Track(spec, times, rows.reshape(len(rows), count))]
    described = _channels(info, count)
    columns: dict[Role, list[int]] = {}
    for index, (label, _, channel_kind) in enumerate(described):
        role = role_of(label, channel_kind, kind)
        if role is not None and role is not Role.MARKER:
            columns.setdefault(role, []).append(index)
    values = np.asarray(stream["time_series"], float).reshape(len(times), count)
    tracks = []
    for role, indices in columns.items():
        scale = np.array([scale_of(role, described[i][1]) for i in indices])
        channels = tuple(Channel(described[i][0], UNITS.get(role, "au")) for i in indices)
        spec = _spec(name, role, rate, channels)
        tracks.append(Track(spec, times, (values[:, indices] * scale).astype(np.float32)))
    return tracks


def _spec(name: str, role: Role, rate: float, channels: tuple[Channel, ...]) -> StreamSpec:
    return StreamSpec(f"{name}/{role.value}", role, rate, channels, name)


def _channels(info: dict[str, Any], count: int) -> list[tuple[str, str, str]]:
    """Return label, unit and type of each channel; plain names where nothing is described."""
    plain = [(f"ch{i + 1}", "", "") for i in range(count)]
    try:
        found = info["desc"][0]["channels"][0]["channel"]
    except (KeyError, IndexError, TypeError):
        return plain
    told = [
        tuple((channel.get(key) or [""])[0] or "" for key in ("label", "unit", "type"))
        for channel in found[:count]
    ]
    return [
        (label or plain[i][0], unit, kind) for i, (label, unit, kind) in enumerate(told)
    ] + plain[len(told) :]
