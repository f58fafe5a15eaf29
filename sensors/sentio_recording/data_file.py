"""Open the data of a recording: XDF of any kind, or another program's file.

A file of another program becomes XDF in a temporary file, as if LabRecorder had recorded its
streams: everything that reads recordings then reads it too.
"""

from __future__ import annotations

import mmap
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from sentio_recording.errors import NotARecordingError
from sentio_recording.sealed.key_folder import unlock as unlock_by_default
from sentio_recording.sealed.reader import Unlock, Unsealed, unseal
from sentio_recording.sealed.segments import MAGIC as SEALED
from sentio_recording.xdf import chunks as xdf
from sentio_recording.xdf import reader
from sentio_recording.xdf.headers import StreamInfo
from sentio_recording.xdf.writer import Piece, XdfWriter
from sentio_sensors.errors import AbsentError, FormatError
from sentio_sensors.files.content import FileContent, FileStream, Hints
from sentio_sensors.files.head import regular
from sentio_sensors.stream import Channel

FORMAT = "file_format"
"""Key of a converted stream's ``meta``: the format of the original file."""

BLOCK = 4096
"""Samples a chunk of a converted stream."""

MAX_UNPACKED = 256 << 20
"""Bytes that a compressed file may always unpack to."""

MAX_RATIO = 50
"""Limit of the unpacked size in multiples of the compressed one, beyond ``MAX_UNPACKED``."""

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class DataFile:
    """Data of a recording in XDF.

    Attributes:
        data: The bytes.
        close: Frees them.
        format: Format of the original file; empty for XDF.
        notes: What the reader of another program's file decided or left out.
        sealed: How an encrypted file was decrypted; None for others.
    """

    data: reader.File
    close: Callable[[], None]
    format: str = ""
    notes: tuple[str, ...] = ()
    sealed: Unsealed | None = None


def open_data(
    path: Path, hints: Hints | None = None, unlock: Unlock = unlock_by_default
) -> DataFile:
    """Open any file or folder that can be read as a recording.

    Args:
        path: XDF, also compressed by gzip, or a file or folder of another program.
        hints: What the user states about another program's file.
        unlock: Returns the keys of an encrypted file.

    Raises:
        AbsentError: It does not exist, or the package that reads it is missing.
        FormatError: It is damaged or of an unknown format.
    """
    if regular(path) == "file" and _is_xdf(path):
        return map_file(path, unlock)
    from sentio_sensors.files.reader import read  # all formats: a sidecar starts without them

    try:
        content = read(path, hints)
    except FormatError:
        _refuse_folder_of_recordings(path)
        raise
    name = path.name if path.is_dir() else path.stem
    with tempfile.TemporaryFile(prefix="sentio-") as file:
        for piece in _pieces(content, name):
            file.write(piece.data)
        data, close = _mapped(file)
    return DataFile(data, close, content.format, tuple(content.notes))


def _refuse_folder_of_recordings(path: Path) -> None:
    names = sorted(file.parent.name for file in path.glob("*/data.xdf"))
    if names:
        raise AbsentError(
            f"{path} contains recordings: {', '.join(names[:5])}{' ...' if names[5:] else ''}",
            f"name one of them: {path / names[0]}",
        )


def map_file(path: Path, unlock: Unlock = unlock_by_default) -> DataFile:
    """Map an XDF file into memory.

    A file compressed by gzip is unpacked into a temporary file; an encrypted one is decrypted in
    memory only. An empty file gives empty bytes.

    Args:
        path: The file.
        unlock: Returns the keys of an encrypted file.

    Raises:
        AbsentError: It does not exist, or is not readable.
        FormatError: It is not a file, or its compression is damaged.
        LockedError: It is encrypted, and there is no key.
    """
    if regular(path) == "folder":
        raise AbsentError(f"{path} is a folder without data", "give a folder or an .xdf file")
    try:
        with path.open("rb") as file:
            magic = file.read(len(SEALED))
            if magic == SEALED:
                return _unsealed(file, path.name, unlock)
            if magic[:2] != _GZIP:
                return DataFile(*_mapped(file))
            file.seek(0)
            limit = max(MAX_UNPACKED, MAX_RATIO * path.stat().st_size)
            with tempfile.TemporaryFile(prefix="sentio-") as unpacked:
                for part in _unpacked(file, path.name, limit):
                    unpacked.write(part)
                return DataFile(*_mapped(unpacked))
    except OSError as error:
        raise AbsentError(f"{path}: {error.strerror}", "give a folder or an .xdf file") from None


def _is_xdf(path: Path) -> bool:
    with path.open("rb") as file:
        magic = file.read(4)
    named = path.suffix.lower() in (".xdf", ".xdfz")
    return named or magic in (xdf.MAGIC, SEALED[:4]) or magic[:2] == _GZIP


def _unsealed(file: IO[bytes], name: str, unlock: Unlock) -> DataFile:
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as raw:
        found = unseal(raw, name, unlock)
    close = found.data.close if isinstance(found.data, mmap.mmap) else lambda: None
    return DataFile(found.data, close, sealed=found)


def _mapped(file: IO[bytes]) -> tuple[reader.File, Callable[[], None]]:
    file.flush()
    if file.seek(0, 2) == 0:
        return b"", lambda: None
    mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return mapped, mapped.close


def _unpacked(file: IO[bytes], name: str, limit: int) -> Iterator[bytes]:
    """Yield the unpacked bytes of a gzip file; a cut file yields what it contains."""
    total = 0
    packed = file.read(1 << 16)
    while packed:
        inflate = zlib.decompressobj(wbits=31)
        while packed and not inflate.eof:
            try:
                part = inflate.decompress(packed, 1 << 20)
            except zlib.error as error:
                if total:
                    return  # the readable beginning is a recording that repair can end
                raise NotARecordingError(
                    f"{name} is compressed, but damaged: {error}", f"test it: gzip -t {name}"
                ) from None
            if not total and part[:4] != xdf.MAGIC[: len(part)]:
                raise NotARecordingError(
                    f"{name} is a compressed file that begins with {part[:8]!r}, expected "
                    f"{xdf.MAGIC!r}",
                    f"unpack it first: gunzip {name}",
                )
            total += len(part)
            if total > limit:
                raise FormatError(
                    f"{name} unpacks to more than {limit >> 20} MiB",
                    f"unpack it first: gunzip {name}",
                )
            yield part
            packed = inflate.unconsumed_tail or (b"" if inflate.eof else file.read(1 << 16))
        packed = inflate.unused_data or file.read(1 << 16)


def _pieces(content: FileContent, name: str) -> Iterator[Piece]:
    """Yield the chunks of an XDF file with the streams of another program's file."""
    writer = XdfWriter("", "converted")
    yield from writer.begin()
    first = min(float(stream.times[0]) for stream in content.streams)
    for stream in content.streams:
        number, header = writer.stream(_info(stream, name, content.format), first)
        yield from header
        for begin in range(0, len(stream.times), BLOCK):
            part = slice(begin, begin + BLOCK)
            piece = writer.samples(number, stream.times[part], stream.values[part])
            writer.confirm(piece)
            yield piece
            yield Piece(xdf.Tag.BOUNDARY, 0, xdf.boundary())
    yield from writer.end(first)


def _info(stream: FileStream, file_name: str, format_name: str) -> StreamInfo:
    text = stream.values.dtype == object
    narrow = not text and np.array_equal(
        stream.values.astype(np.float32), stream.values, equal_nan=True
    )
    name = f"{file_name}/{stream.name}"
    return StreamInfo(
        name,
        stream.kind,
        tuple(Channel(channel.label, channel.unit) for channel in stream.channels),
        stream.rate_hz,
        "string" if text else "float32" if narrow else "double64",
        name,
        {FORMAT: format_name},
    )
