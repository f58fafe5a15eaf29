"""Write a recording's folder on one thread; ``recorder.py`` has the queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from sentio_recording import manifest as about
from sentio_recording import manifest_file
from sentio_recording.disk import Appender, AppendFile, FullError, Reserve
from sentio_recording.integrity import journal
from sentio_recording.recorded import subject_of
from sentio_recording.sealed.data_keys import COMMON, DataKeys
from sentio_recording.sealed.writer import SealedFile
from sentio_recording.xdf.headers import StreamInfo
from sentio_recording.xdf.writer import Piece, XdfWriter
from sentio_sensors.stream import Channel, Stamps, StreamKey

DATA, JOURNAL, MANIFEST, RESERVE = "data.xdf", "data.journal", "manifest.json", "reserve.tmp"

SYNC_PERIOD = 1.0
"""Seconds between flushes to the disk: the longest loss by a power failure. A crash of the program
loses nothing that was written."""

RESERVED = 1 << 20
"""Bytes reserved for the footers: they need some 300 for each stream."""

DETAILS, DROPS = "sentio/chunks", "sentio/drops"
"""Streams with the recording's own metadata."""

STAMPS, SIDE = "Stamps", "stamps/"
"""Type of the streams with the original stamps of another stream's samples, and the beginning of
their names, before the name of that stream."""


def stamps_stream(info: StreamInfo) -> StreamInfo:
    """Describe the stream with the original stamps of another one.

    Each of its samples belongs to the sample of the same chunk and position. It is stamped with
    the original stamp (the sender's clock, seconds); ``offset`` is what was added to get to the
    recording's clock, ``arrived`` when the chunk arrived.
    """
    return StreamInfo(
        f"{SIDE}{info.name}",
        STAMPS,
        (Channel("offset", "s"), Channel("arrived", "s")),
        0.0,
        "double64",
        f"{SIDE}{info.source_id}",
        {"subject": info.meta.get("meta_subject", "")},
    )


def text_stream(name: str, kind: str = "Text") -> StreamInfo:
    """Describe a stream of one text for each sample."""
    return StreamInfo(name, kind, (Channel("text", ""),), 0.0, "string", name)


class Storage:
    """Writer of chunks, their journal and the manifest.

    Args:
        folder: Created here; must not exist, or be empty.
        manifest: Description of the recording.
        now: LSL clock at the start.
        open_file: Opens ``data.xdf`` and ``data.journal``.
        reserved: Bytes reserved for footers; 0 for none.
        keys: Encrypt with them; None for a recording that is not encrypted.

    Raises:
        FullError: The folder or its files cannot be written.
    """

    def __init__(
        self,
        folder: Path,
        manifest: about.Manifest,
        now: float,
        *,
        open_file: Callable[[Path], Appender] = AppendFile,
        reserved: int = RESERVED,
        keys: DataKeys | None = None,
    ) -> None:
        self.folder = folder
        self.manifest = manifest
        self.size = 0
        self._numbers: dict[StreamKey | str, int] = {}
        self._counts: dict[int, int] = {}
        self._entries: list[bytes] = []
        self._synced = now
        self._keys = keys
        self._owners: dict[int, str] = {}
        self._writer = XdfWriter(manifest.clocks.wall, manifest.id)
        self._journal = journal.Journal()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if any(folder.iterdir()):
                raise FullError(f"{folder} is not empty", "record into a new folder")
            self._data = _opened(open_file, folder / DATA, keys)
            self._log = _opened(open_file, folder / JOURNAL, keys)
        except OSError as error:
            raise FullError(f"{folder}: {error}", "choose another folder") from None
        self._reserve = Reserve(folder / RESERVE, reserved) if reserved else None
        manifest_file.write(folder, manifest, keys)
        self._log.append(journal.MAGIC)
        self._write(self._writer.begin())

    def open(self, key: StreamKey | str, info: StreamInfo, now: float) -> None:
        """Write a stream's header; later samples of ``key`` belong to this stream.

        Raises:
            FullError: The disk is full.
        """
        number, (header, *others) = self._writer.stream(info, now)
        self._owners[number] = subject_of(info) or COMMON
        try:
            self._write([header])
        except FullError:
            self._writer.forget(number)  # the reserve has room for its footer, but not for this
            raise
        self._write(others)
        self._numbers[key] = number
        self._counts[number] = 0

    def samples(
        self,
        key: StreamKey | str,
        times: NDArray[np.float64],
        values: NDArray[Any],
        details: tuple[float, Sequence[str], int] = (1.0, (), 0),
        stamps: Stamps | None = None,
        owner: str | None = None,
    ) -> None:
        """Write one chunk, and then its original stamps.

        Args:
            key: Key of the stream.
            times: Shape ``(n,)``.
            values: Shape ``(n, channels)``.
            details: Quality, reasons, and number of samples lost before it.
            stamps: Original stamps, if the times are derived from them.
            owner: Whose it is, for the key; None: whose stream it is.

        Raises:
            FullError: The disk is full.
            SequenceError: It cannot be written: no header, another shape, a stamp that is NaN.
        """
        number = self._numbers.get(key, -1)
        piece = self._writer.samples(number, times, values)
        if details[0] != 1.0 or details[1] or details[2]:
            row = [number, self._counts[number], details[0], list(details[1]), details[2]]
            self.text(DETAILS, [(float(times[0]), msgspec.json.encode(row))])
        self._write([piece], owner)
        self._counts[number] += 1
        if stamps is not None:
            self._originals(number, stamps)

    def _originals(self, number: int, stamps: Stamps) -> None:
        key = f"{SIDE}{number}"
        if key not in self._numbers:
            info = stamps_stream(self._writer.streams[number])
            self.open(key, info, stamps.arrived)
        rows = np.empty((len(stamps.original), 2))
        rows[:] = stamps.offset, stamps.arrived
        self._write([self._writer.samples(self._numbers[key], stamps.original, rows)])

    def text(self, key: str, rows: Sequence[tuple[float, bytes]], owner: str | None = None) -> None:
        """Write texts (UTF-8) with their times as one chunk; open the stream if new.

        Args:
            key: Name of the stream.
            rows: Times and texts.
            owner: Whose they are, for the key.

        Raises:
            FullError: The disk is full.
        """
        if key not in self._numbers:
            self.open(key, text_stream(key), rows[0][0])
        times = np.array([time for time, _ in rows])
        values = np.empty((len(rows), 1), object)
        values[:, 0] = [payload for _, payload in rows]
        self._write([self._writer.samples(self._numbers[key], times, values)], owner)

    def upkeep(self, now: float) -> None:
        """Write periodic chunks and the journal's entries.

        Raises:
            FullError: The disk is full.
        """
        self._write(self._writer.upkeep(now))
        self._flush()

    def sync(self, now: float) -> None:
        """Flush to the disk, if due.

        Raises:
            FullError: The disk is full.
        """
        if now - self._synced >= SYNC_PERIOD:
            self._synced = now
            self._data.sync()
            self._log.sync()

    def counts(self) -> dict[str, int]:
        """Return the number of samples written, by source."""
        totals: dict[str, int] = {}
        for number, info in self._writer.streams.items():
            if info.kind == STAMPS:
                continue
            name = info.source_id or info.name
            totals[name] = totals.get(name, 0) + self._writer.summary(number).count
        return totals

    def end(self, now: float, reason: str, dropped: dict[str, int]) -> str:
        """Write footers and the final manifest if the disk allows it, and close.

        Args:
            now: LSL clock.
            reason: ``stopped``, or the error.
            dropped: Number of samples that were not written, by stream.

        Returns:
            The error that prevented writing, or an empty text.
        """
        if self._reserve is not None:
            self._reserve.release()
        ending = about.Ending(
            monotonic=now, reason=reason, samples=self.counts(), dropped=dict(dropped)
        )
        self.manifest = replace(self.manifest, ending=ending)
        manifest = manifest_file.encoded(self.manifest, self._keys)
        # Each may fail on a full disk: complete chunks without footers are a valid file too.
        steps: tuple[Callable[[], None], ...] = (
            lambda: self._write(self._writer.end(now)),
            self._flush,
            lambda: manifest_file.write(self.folder, self.manifest, self._keys),
            lambda: self._log.append(self._journal.seal(manifest)),
            self._data.sync,
            self._log.sync,
            lambda: _ended(self._data),
            lambda: _ended(self._log),
        )
        problem = ""
        for step in steps:
            try:
                step()
            except FullError as error:
                problem = problem or error.what
        self._data.close()
        self._log.close()
        return problem

    def describe(self, manifest: about.Manifest) -> None:
        """Store a changed manifest; ``manifest.json`` is written at the end."""
        self.manifest = manifest

    def _write(self, pieces: list[Piece], owner: str | None = None) -> None:
        for piece in pieces:
            if isinstance(self._data, SealedFile):
                person = self._owners.get(piece.stream, COMMON) if owner is None else owner
                self._data.append(piece.data, person)
            else:
                self._data.append(piece.data)
            self._entries.append(self._journal.add(piece.tag, piece.stream, piece.data))
            self._writer.confirm(piece)
            self.size += len(piece.data)

    def _flush(self) -> None:
        if self._entries:
            self._log.append(b"".join(self._entries))
            self._entries.clear()  # kept if the disk was full: the reserve has room for them


def _opened(
    open_file: Callable[[Path], Appender], path: Path, keys: DataKeys | None
) -> Appender | SealedFile:
    file = open_file(path)
    return file if keys is None else SealedFile(file, keys)


def _ended(file: Appender | SealedFile) -> None:
    """Write the last segment of an encrypted file."""
    if isinstance(file, SealedFile):
        file.end()
