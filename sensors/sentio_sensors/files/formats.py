"""Read playable files: Empatica npz, CSV, BrainFlow, XDF."""

from __future__ import annotations

import csv
import logging
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.channel_roles import UNITS, role_of
from sentio_sensors.errors import AbsentError, FormatError
from sentio_sensors.files.track import Track
from sentio_sensors.files.xdf import load_xdf
from sentio_sensors.stream import Channel, Role, StreamSpec

log = logging.getLogger(__name__)

MAX_BYTES = 4 << 30
"""Size limit, since files are read into memory."""

_E4 = {
    "BVP": (Role.PPG, ("bvp",), 1.0),
    "EDA": (Role.EDA, ("eda",), 1.0),
    "TEMP": (Role.TEMP, ("temp",), 1.0),
    "ACC": (Role.ACCEL, ("x", "y", "z"), 1 / 64),
}
"""Arrays of an Empatica E4: role, labels, and the scale to the role's unit."""

_TIME = ("time", "timestamp", "timestamps", "t", "seconds", "time_s", "lsl_timestamp", "unix")
"""Headers of a time column, in lower case."""


def load(
    path: Path, *, rate_hz: float | None = None, board: str | int | None = None
) -> list[Track]:
    """Read a file's streams.

    Args:
        path: ``.npz`` (Empatica style), ``.csv``/``.tsv``/``.txt`` with a header, a BrainFlow
            file (numbers without a header; give ``board``), or ``.xdf``/``.xdfz``.
        rate_hz: Samples a second of a CSV that has no time column.
        board: BrainFlow board that wrote the file.

    Raises:
        AbsentError: The file or the package that reads it is missing.
        FormatError: The format is unknown, the file damaged, or without a known stream.
    """
    if not path.is_file():
        raise AbsentError(f"file {path} does not exist", "check the name")
    if path.stat().st_size > MAX_BYTES:
        raise FormatError(f"{path.name} has over {MAX_BYTES >> 30} GiB", "split it into parts")
    if board is not None:
        return _sorted(path, brainflow_rows(path, board))
    readers: dict[str, Callable[[Path], list[Track]]] = {
        ".npz": empatica,
        ".xdf": load_xdf,
        ".xdfz": load_xdf,
        ".csv": lambda p: table(p, rate_hz),
        ".tsv": lambda p: table(p, rate_hz),
        ".txt": lambda p: table(p, rate_hz),
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise FormatError(f"{path.name}: unknown suffix", f"use one of {', '.join(readers)}")
    try:
        return _sorted(path, reader(path))
    except (
        ValueError,
        OSError,
        EOFError,
        KeyError,
        zipfile.BadZipFile,
        UnicodeDecodeError,
    ) as error:
        raise FormatError(f"{path.name} cannot be read: {error}", "check the file") from None


def empatica(path: Path) -> list[Track]:
    """Read an npz of arrays such as ``BVP`` with ``BVP_t0`` (Unix s), ``BVP_fs``."""
    with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
        tracks = []
        for name, (role, labels, scale) in _E4.items():
            if name not in data:
                continue
            values = np.asarray(data[name], np.float64).reshape(len(data[name]), -1)
            if values.shape[1] != len(labels):
                raise FormatError(
                    f"{path.name}: {name} has {values.shape[1]} columns, expected {len(labels)}"
                )
            rate, start = float(data[f"{name}_fs"]), float(data[f"{name}_t0"])
            spec = _spec(path, role, rate, labels, name)
            times = start + np.arange(len(values)) / rate
            tracks.append(Track(spec, times, (values * scale).astype(np.float32)))
        if "tags" in data and len(data["tags"]):
            tracks.append(_markers(path, np.asarray(data["tags"], float), "tag"))
    return tracks


def table(path: Path, rate_hz: float | None = None) -> list[Track]:
    """Read a table with a header of channel names; a time column is in seconds."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        sample = file.read(8192)
        file.seek(0)
        try:
            dialect: type[csv.Dialect] = csv.Sniffer().sniff(sample, ",;\t")
        except csv.Error:
            dialect = csv.excel
        rows = csv.reader(file, dialect)
        header = [cell.strip() for cell in next(rows, [])]
        if not header or all(_number(cell) is not None for cell in header):
            raise FormatError(
                f"{path.name} has no header", "name the columns in the first line, or set --board"
            )
        numbers = np.array(
            [
                [_number(cell) for cell in row[: len(header)]]
                for row in rows
                if len(row) >= 2 or row
            ],
            float,
        )
    if numbers.ndim != 2 or len(numbers) < 2:
        raise FormatError(f"{path.name} has fewer than two complete rows")
    times, rate = _times(path, header, numbers, rate_hz)
    columns: dict[Role, list[int]] = {}
    unknown = []
    for index, label in enumerate(header):
        role = role_of(label, "", "")
        if label.lower() in _TIME:
            continue
        if role is None:
            unknown.append(label)
        else:
            columns.setdefault(role, []).append(index)
    if unknown and columns:
        log.warning("%s: columns of unknown role are not played: %s", path.name, ", ".join(unknown))
    tracks = []
    for role, indices in columns.items():
        good = np.isfinite(numbers[:, indices]).all(axis=1) & np.isfinite(times)
        spec = _spec(path, role, rate, [header[i] for i in indices], role.value)
        tracks.append(Track(spec, times[good], numbers[good][:, indices].astype(np.float32)))
    return tracks


def brainflow_rows(path: Path, board: str | int) -> list[Track]:
    """Read a file of BrainFlow: one line a package, columns as on the board."""
    from sentio_sensors.brainflow.source import described

    try:
        data = np.loadtxt(path, delimiter=None, ndmin=2).T
    except ValueError:
        data = np.loadtxt(path, delimiter=",", ndmin=2).T
    time_row, rows, streams = described(board)
    if data.shape[0] != rows:
        raise FormatError(
            f"{path.name} has {data.shape[0]} columns, board {board} writes {rows}",
            "set the board that recorded it",
        )
    return [Track(spec, data[time_row], data[r].T.astype(np.float32)) for spec, r in streams]


def _times(
    path: Path, header: list[str], numbers: NDArray[np.float64], rate_hz: float | None
) -> tuple[NDArray[np.float64], float]:
    column = next((i for i, label in enumerate(header) if label.lower() in _TIME), None)
    if column is not None:
        times = numbers[:, column]
        steps = np.diff(times[np.isfinite(times)])
        if not len(steps) or np.median(steps) <= 0:
            raise FormatError(f"{path.name}: column {header[column]!r} is not in ascending order")
        return times, round(1.0 / float(np.median(steps)), 3)
    if rate_hz is None or rate_hz <= 0:
        raise FormatError(f"{path.name} has no time column", "set its rate: --rate HZ")
    return np.arange(len(numbers)) / rate_hz, rate_hz


def _spec(
    path: Path, role: Role, rate: float, labels: list[str] | tuple[str, ...], name: str
) -> StreamSpec:
    channels = tuple(Channel(label, UNITS.get(role, "au")) for label in labels)
    return StreamSpec(f"{path.stem}/{name.lower()}", role, rate, channels, path.stem)


def _markers(path: Path, times: NDArray[np.float64], name: str) -> Track:
    spec = StreamSpec(f"{path.stem}/markers", Role.MARKER, 0.0, (Channel("marker"),), path.stem)
    names = np.array([[f"{name}{i + 1}"] for i in range(len(times))], object)
    return Track(spec, times, names)


def _sorted(path: Path, tracks: list[Track]) -> list[Track]:
    """Sort samples by time and drop those without a valid time."""
    good = []
    for track in tracks:
        order = np.argsort(track.times, kind="stable")
        order = order[np.isfinite(track.times[order])]
        if len(order):
            good.append(Track(track.spec, track.times[order], track.values[order]))
    if not good:
        raise FormatError(
            f"{path.name} has no stream of a known role", "name its columns, for example BVP, EDA"
        )
    return good


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return float("nan") if not cell.strip() else None
