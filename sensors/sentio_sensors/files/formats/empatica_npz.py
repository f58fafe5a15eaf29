"""Read an Empatica E4 from NPZ: ``BVP``, ``BVP_t0`` (Unix s), ``BVP_fs`` (Hz)."""

from __future__ import annotations

import zipfile
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.errors import FormatError
from sentio_sensors.files.content import FileContent, Hints
from sentio_sensors.files.formats.empatica_e4 import SIGNALS, add_signal, check_rate
from sentio_sensors.files.head import Head

NAME = "Empatica NPZ"


def matches(head: Head) -> bool:
    """Return whether the file is an NPZ archive."""
    names = head.names
    return not head.is_folder and bool(names) and all(name.endswith(".npy") for name in names)


def read(head: Head, hints: Hints) -> FileContent:
    """Read the arrays whose names are known.

    Raises:
        FormatError: An array has another shape, or more values than bytes.
    """
    content = FileContent(NAME)
    with zipfile.ZipFile(head.path) as archive:
        arrays = {name[: -len(".npy")]: name for name in archive.namelist()}
        for key, signal in SIGNALS.items():
            if key not in arrays:
                continue
            rate = _scalar(archive, arrays, f"{key}_fs")
            start = _scalar(archive, arrays, f"{key}_t0")
            check_rate(rate, start, key)
            values = _array(archive, arrays[key])
            values = values.reshape(len(values), -1) if values.ndim else values.reshape(1, 1)
            add_signal(content, key, signal, values, start, rate)
        if "tags" in arrays:
            times = _array(archive, arrays["tags"]).ravel()
            content.add_markers(times, [f"tag{i + 1}" for i in range(len(times))])
    if not content.streams:
        raise FormatError(
            f"{head.path.name} has the arrays {', '.join(list(arrays)[:8])}; expected "
            f"{', '.join(SIGNALS)}, each with _fs and _t0",
            "save them with: numpy.savez(FILE, BVP=..., BVP_fs=64, BVP_t0=...)",
        )
    return content


def _scalar(archive: zipfile.ZipFile, arrays: dict[str, str], key: str) -> float:
    if key not in arrays:
        raise FormatError(f"array {key} is missing", f"add it: numpy.savez(FILE, {key}=...)")
    return float(_array(archive, arrays[key]).ravel()[0])


def _array(archive: zipfile.ZipFile, name: str) -> NDArray[np.float64]:
    """Read an array after its stated shape was compared with its size."""
    info = archive.getinfo(name)
    with archive.open(info) as file:
        version = np.lib.format.read_magic(file)
        header: Any = np.lib.format.read_array_header_1_0
        if version != (1, 0):
            header = np.lib.format.read_array_header_2_0
        shape, fortran, dtype = header(file)
        if dtype.hasobject or dtype.kind not in "fiub":
            raise FormatError(f"array {name} is of type {dtype}, expected numbers", "save numbers")
        count = prod(shape) if all(side >= 0 for side in shape) else -1
        if count < 0 or count * dtype.itemsize > info.file_size:
            raise FormatError(
                f"array {name} states the shape {shape}, but has {info.file_size} bytes",
                "save the file again: it is damaged",
            )
        data = file.read(count * dtype.itemsize)
    values = np.frombuffer(data, dtype, count).reshape(shape, order="F" if fortran else "C")
    return values.astype(np.float64)
