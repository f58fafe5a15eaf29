"""Read a recording: an index in memory, samples on disk until requested."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import cache, cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from sentio_recording import manifest as about
from sentio_recording import manifest_file
from sentio_recording.data_file import map_file, open_data
from sentio_recording.errors import DamagedError
from sentio_recording.integrity.checker import Verification
from sentio_recording.media.store import Details, MediaFiles
from sentio_recording.recorded import (
    ORDER,
    Originals,
    Recorded,
    Whole,
    owner_of,
    sensor_spec,
    subject_of,
)
from sentio_recording.sealed.data_keys import DataKeys, LockedError
from sentio_recording.sealed.key_folder import unlock as unlock_by_default
from sentio_recording.sealed.reader import Unlock, read_stored
from sentio_recording.storage import DATA, DETAILS, JOURNAL, SIDE, STAMPS
from sentio_recording.xdf import chunks as xdf
from sentio_recording.xdf import reader
from sentio_recording.xdf.headers import StreamInfo
from sentio_sensors.errors import AbsentError, FormatError
from sentio_sensors.files.content import Hints
from sentio_sensors.stream import Chunk, StreamSpec

_CLEAN: Details = (1.0, (), 0)


class Recording:
    """A recording folder, or any XDF file.

    Damaged parts are omitted and listed in ``damages``; they do not raise errors.

    Args:
        path: The folder, or a file: XDF, also compressed, or one of another program.
        hints: What the user states about another program's file.
        unlock: Returns the keys of an encrypted recording; called once for each id.

    Attributes:
        format: Format of another program's file; empty for XDF.
        notes: What its reader decided or left out.
        manifest: The manifest, or None if there is no readable one.
        streams: Streams by number, in the order of their headers.
        offsets: Clock offsets by stream: time of its clock, offset to add.
        damages: Parts that could not be read.
        stated: Number of samples by stream according to the footers.
        keys: Keys of an encrypted recording; None for others.

    Raises:
        AbsentError: The file does not exist.
        LockedError: It is encrypted, and there is no key.
        NotARecordingError: It is not an XDF file.
    """

    def __init__(
        self, path: Path, hints: Hints | None = None, unlock: Unlock = unlock_by_default
    ) -> None:
        unlock = cache(unlock)
        self._unlock = unlock
        self.path = path
        self.folder = path if path.is_dir() and (path / DATA).exists() else None
        self.manifest = _manifest(self.folder, unlock)
        self.streams: dict[int, StreamInfo] = {}
        self.offsets: dict[int, list[tuple[float, float]]] = {}
        self.damages: list[reader.Damage] = []
        self.stated: dict[int, int] = {}
        whole = self.folder is None
        data = open_data(path, hints, unlock) if whole else map_file(path / DATA, unlock)
        self.format, self.notes = data.format, data.notes
        self._data, self._close = data.data, data.close
        self._sealed = data.sealed
        self.keys: DataKeys | None = None if data.sealed is None else data.sealed.keys
        for part in () if data.sealed is None else data.sealed.unreadable:
            self._damaged(reader.Damage(part.offset, part.length, part.what))
        try:
            if self.folder is None or not (self.folder / JOURNAL).exists():
                reader.check_magic(self._data)
            self._decoder = reader.Decoder(self._data)
            # 16 bytes a chunk: a day of all streams has 16 million.
            self._at = array("Q")
            self._of = array("q")
            self._index()
        except BaseException:  # also when interrupted: the file is closed
            self._close()
            raise
        self._media = MediaFiles(self.folder, unlock) if self.folder is not None else None

    def __enter__(self) -> Recording:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def owner(self, part: reader.Samples) -> str | None:
        """Return whose key encrypts a chunk; None if the recording is not encrypted."""
        return None if self._sealed is None else self._sealed.owner(part.frame.offset)

    def close(self) -> None:
        """Close the files."""
        if self._media is not None:
            self._media.close()
        self._close()

    def chunks(self, only: Collection[int] | None = None) -> Iterator[reader.Samples]:
        """Yield the Samples chunks of all or some streams, in file order."""
        for item in self._items(only):
            if isinstance(item, reader.Samples):
                yield item

    def whole(self, stream: int) -> Whole:
        """Return all stamps, values and original stamps of one stream, in one pass.

        Samples whose original stamps are missing or damaged have NaN.
        """
        side = self.sides.get(stream)
        parts: list[reader.Samples] = []
        rows: list[NDArray[np.float64]] = []
        for item in self.chunks((stream,) if side is None else (stream, side)):
            if item.stream == stream:
                parts.append(item)
                if side is not None:
                    rows.append(np.full((len(item.times), 3), np.nan))
            elif rows and len(rows[-1]) == len(item.times) and item.values.shape[1] == 2:
                rows[-1][:, 0] = item.times
                rows[-1][:, 1:] = item.values
        found = np.concatenate(rows) if rows else np.empty((0, 3))
        originals = None if side is None else Originals(found[:, 0], found[:, 1], found[:, 2])
        info = self.streams[stream]
        if not parts:
            dtype = xdf.FORMATS[info.format] or np.dtype(object)
            none = np.empty((0, len(info.channels)), dtype.newbyteorder("="))
            return Whole(np.empty(0), none, originals)
        return Whole(
            np.concatenate([part.times for part in parts]),
            np.concatenate([part.values for part in parts]),
            originals,
        )

    def samples(self, stream: int) -> tuple[NDArray[np.float64], NDArray[Any]]:
        """Return all stamps and values of one stream."""
        return self.whole(stream)[:2]

    def stamps(self, stream: int) -> Originals | None:
        """Return the original stamps of a stream's samples; None if there are none."""
        return self.whole(stream).originals

    def label(self, number: int) -> str:
        """Return a stream's name, prefixed if another subject or device has the same.

        The label is the same after a reconnection.
        """
        info = self.streams[number]
        owner = owner_of(info)
        if len(self._owners[info.name]) == 1:
            return info.name
        return f"{owner[0] or owner[1] or number}/{info.name}"

    @cached_property
    def subjects(self) -> list[str]:
        """Subjects that have streams, in the order of these."""
        return list(dict.fromkeys(filter(None, map(subject_of, self.streams.values()))))

    def named(self, subject: str, name: str) -> str:
        """Return a name, after its subject in a recording of several."""
        return f"{subject}/{name}" if subject and len(self.subjects) > 1 else name

    @cached_property
    def sides(self) -> dict[int, int]:
        """Streams with original stamps, by the stream that they belong to.

        That is the newest one before them of the same name and device.
        """
        found: dict[int, int] = {}
        newest: dict[tuple[str, str], int] = {}
        for number, info in self.streams.items():
            if info.kind != STAMPS:
                newest[info.name, info.source_id] = number
                continue
            key = info.name.removeprefix(SIDE), info.source_id.removeprefix(SIDE)
            if key in newest:
                found[newest[key]] = number
        return found

    @cached_property
    def _owners(self) -> dict[str, set[tuple[str, str]]]:
        """Owners of the streams of each name."""
        owners: dict[str, set[tuple[str, str]]] = {}
        for info in self.streams.values():
            owners.setdefault(info.name, set()).add(owner_of(info))
        return owners

    def numbers(self, name: str) -> list[int]:
        """Return the streams of this name: several after reconnections."""
        return [number for number, info in self.streams.items() if info.name == name]

    def texts(self, name: str) -> list[tuple[float, str]]:
        """Return all texts of the streams of this name, with their times."""
        return list(self.rows(self.numbers(name)))

    def rows(self, numbers: Collection[int]) -> Iterator[tuple[float, str]]:
        """Yield the texts of some streams with their times, in file order."""
        for part in self.chunks(numbers):
            for time, row in zip(part.times, part.values, strict=True):
                yield float(time), str(row[0])

    def sensors(self, only: Collection[int] | None = None) -> Iterator[Recorded]:
        """Yield the sensors' streams and chunks as the pipeline consumed them.

        Args:
            only: Numbers of the requested streams; default is all.

        Yields:
            Stream number with a ``StreamSpec`` when a stream was opened, then with its ``Chunk``s
            in their original boundaries, with their quality and losses; a ``str`` for each text
            that was recorded in order (stream ``sentio/order``). All in file order. Ids are
            unique for one subject only: use the number.
        """
        details = self.details()
        counts: dict[int, int] = {}
        specs: dict[int, StreamSpec] = {}
        for item in self._items(None):
            if only is not None and getattr(item, "stream", None) not in only:
                continue
            if isinstance(item, reader.Opened):
                spec = sensor_spec(item.info)
                if spec is not None:
                    specs[item.stream] = spec
                    yield Recorded(item.stream, spec)
            elif isinstance(item, reader.Samples):
                if self.streams[item.stream].name == ORDER:
                    for row in item.values:
                        yield Recorded(item.stream, str(row[0]))
                elif item.stream in specs:
                    at = counts.get(item.stream, 0)
                    counts[item.stream] = at + 1
                    known = details.get((item.stream, at), _CLEAN)
                    chunk = self._chunk(specs[item.stream], item, known)
                    if chunk is not None:
                        yield Recorded(item.stream, chunk)

    def _index(self) -> None:
        journal = (self.folder / JOURNAL) if self.folder is not None else None
        sealed = journal is not None and journal.exists()
        walked: Iterator[xdf.Frame | reader.Damage] = reader.walk(self._data)
        if journal is not None and sealed:
            entries, _ = read_stored(journal, self._unlock)
            is_erased = (lambda _: False) if self._sealed is None else self._sealed.is_erased
            verification = Verification(self._data, entries, is_erased)
            walked = self._with_manifest(verification)
        while (frame := next(walked, None)) is not None:
            if isinstance(frame, reader.Damage):
                self._damaged(frame)
                continue
            stream = self._stream_of(frame)
            if frame.tag == xdf.Tag.SAMPLES and stream in self.streams:
                self._at.append(frame.offset)
                self._of.append(stream)
                continue
            try:
                item = self._decoder.decode(frame)
            except DamagedError as error:
                end = frame.end
                if not sealed:
                    end = reader.resync(self._data, frame.offset)
                    walked = reader.walk(self._data, end)
                item = reader.Damage(frame.offset, end - frame.offset, error.what, stream)
            if isinstance(item, reader.Opened):
                self.streams[item.stream] = item.info
                self._at.append(frame.offset)
                self._of.append(-1)
            elif isinstance(item, reader.Offset):
                self.offsets.setdefault(item.stream, []).append((item.time, item.offset))
            elif isinstance(item, reader.Ended) and item.count is not None:
                self.stated[item.stream] = item.count
            elif isinstance(item, reader.Damage):
                self._damaged(item)

    def _with_manifest(self, found: Verification) -> Iterator[xdf.Frame | reader.Damage]:
        """Yield the frames and damages, and whether the manifest was changed."""
        yield from found.frames()
        # That of an encrypted recording is authenticated, and checked where it is read.
        if self.folder is not None and self._sealed is None and found.seal is not None:
            with suppress(OSError):  # a missing one is seen without it
                if not found.seal.matches((self.folder / manifest_file.FILE).read_bytes()):
                    yield reader.Damage(0, 0, f"{manifest_file.FILE} was changed since the end")

    def _items(self, only: Collection[int] | None) -> Iterator[reader.Item]:
        """Yield headers and samples in order, skipping damaged content.

        Headers are left out if only some streams are requested.
        """
        with memoryview(self._data) as view:
            for index in range(len(self._at)) if only is None else self._entries(only):
                offset, stream = self._at[index], self._of[index]
                frame = xdf.read_frame(view, offset)
                if stream < 0:
                    number = xdf.stream_of(view, frame) or 0
                    yield reader.Opened(number, self.streams[number], frame)
                    continue
                try:
                    item = self._decoder.decode(frame)
                except DamagedError as error:
                    self._damaged(reader.Damage(frame.offset, frame.length, error.what, stream))
                    continue
                if item is not None:
                    yield item

    def _entries(self, only: Collection[int]) -> list[int]:
        """Return the index entries of some streams, in file order."""
        order, sorted_streams = self._by_stream
        parts = []
        for stream in sorted(set(only)):
            first, last = np.searchsorted(sorted_streams, (stream, stream + 1))
            parts.append(order[first:last])
        found: list[int] = np.sort(np.concatenate(parts)).tolist() if parts else []
        return found

    @cached_property
    def _by_stream(self) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        """Index entries sorted by stream, and their streams."""
        streams = np.array(self._of, np.int64)
        order = np.argsort(streams, kind="stable")
        return order, streams[order]

    def _damaged(self, damage: reader.Damage) -> None:
        if len(self.damages) < reader.MAX_DAMAGES and damage not in self.damages[-100:]:
            self.damages.append(damage)

    def _stream_of(self, frame: xdf.Frame) -> int:
        with memoryview(self._data) as view:
            found = xdf.stream_of(view, frame)
        return -1 if found is None else found

    def details(self) -> dict[tuple[int, int], Details]:
        """Return quality, reasons and losses of chunks, by stream and index of the chunk."""
        details: dict[tuple[int, int], Details] = {}
        for _, text in self.texts(DETAILS):
            try:
                number, index, quality, reasons, lost = msgspec.json.decode(
                    text, type=tuple[int, int, float, tuple[str, ...], int]
                )
            except (ValueError, RecursionError):
                continue
            details[number, index] = (quality, reasons, lost)
        return details

    def _chunk(self, spec: StreamSpec, item: reader.Samples, details: Details) -> Chunk | None:
        kind = self.streams[item.stream].meta.get("media")
        if kind is None:
            return Chunk(spec.id, item.times, item.values, *details)
        if self._media is None or not len(item.values):
            return None
        try:
            values = self._media.values(kind, item.values)
        except (AbsentError, DamagedError) as error:
            self._damaged(
                reader.Damage(item.frame.offset, item.frame.length, error.what, item.stream)
            )
            return None
        times = item.times
        if kind == "microphone":
            times = np.linspace(item.values[0, 3], item.times[-1], len(values))
        return Chunk(spec.id, times, values, *details)


def _manifest(folder: Path | None, unlock: Unlock) -> about.Manifest | None:
    try:
        return manifest_file.read(folder, unlock) if folder is not None else None
    except LockedError:
        raise
    except (OSError, FormatError):
        return None
