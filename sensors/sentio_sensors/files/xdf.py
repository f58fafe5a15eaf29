"""Read an XDF file for playing; the only module that imports pyxdf."""

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

MAX_RECORDS = 1 << 20
"""Capacity for log records of pyxdf: more than any file causes."""


def load_xdf(path: Path) -> list[Track]:
    """Return the streams of known roles in an XDF file, on one synchronised clock.

    Raises:
        AbsentError: pyxdf is not installed.
        FormatError: The file is damaged; ``sentio repair`` may help.
    """
    try:
        import pyxdf
    except ImportError:
        raise AbsentError(
            "pyxdf is not installed", "pip install 'sentio-affect[recording]'"
        ) from None
    with path.open("rb") as file:
        magic = file.read(4)
    if magic != b"XDF:" and magic[:2] != b"\x1f\x8b":  # plain or compressed by gzip
        raise FormatError(f"{path.name} begins with {magic!r}, expected b'XDF:'")
    try:
        with _captured_logs() as records:
            streams, _ = pyxdf.load_xdf(str(path))
    except Exception as error:  # pyxdf raises struct, XML and index errors
        raise FormatError(f"{path.name}: {error}", "try: sentio repair") from None
    if any(record.levelno >= logging.ERROR for record in records):
        log.warning("%s is damaged; only the readable part plays; try: sentio repair", path.name)
    return [track for stream in streams for track in _tracks(path, stream)]


@contextmanager
def _captured_logs() -> Iterator[list[logging.LogRecord]]:
    """Collect the log records of pyxdf, which are too technical for the terminal."""
    pyxdf_log, handler = logging.getLogger("pyxdf"), BufferingHandler(MAX_RECORDS)
    before = pyxdf_log.propagate
    pyxdf_log.addHandler(handler)
    pyxdf_log.propagate = False
    try:
        yield handler.buffer
    finally:
        pyxdf_log.propagate = before
        pyxdf_log.removeHandler(handler)


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
    """Return label, unit and type of each channel; defaults if not described."""
    plain = [(f"ch{i + 1}", "", "") for i in range(count)]
    try:
        found = info["desc"][0]["channels"][0]["channel"]
    except (KeyError, IndexError, TypeError):
        return plain
    labelled = [
        tuple((channel.get(key) or [""])[0] or "" for key in ("label", "unit", "type"))
        for channel in found[:count]
    ]
    return [
        (label or plain[i][0], unit, kind) for i, (label, unit, kind) in enumerate(labelled)
    ] + plain[len(labelled) :]
