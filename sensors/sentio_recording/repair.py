"""Verify recordings, and repair damaged ones."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from sentio_recording import manifest_file
from sentio_recording.data_file import DataFile, map_file
from sentio_recording.disk import AppendFile, FullError, write_whole
from sentio_recording.errors import DamagedError, RecordingError
from sentio_recording.integrity import journal as log
from sentio_recording.integrity.checker import Verification
from sentio_recording.media.store import MediaFiles
from sentio_recording.sealed.data_keys import DataKeys
from sentio_recording.sealed.key_folder import unlock as unlock_by_default
from sentio_recording.sealed.reader import Unlock, read_stored
from sentio_recording.sealed.writer import SealedFile, sealed
from sentio_recording.storage import DATA, JOURNAL, MANIFEST, RESERVE
from sentio_recording.xdf import chunks as xdf
from sentio_recording.xdf import reader
from sentio_recording.xdf.headers import Summary, file_header, footer_xml
from sentio_sensors.errors import AbsentError

ORIGINAL = "data.damaged.xdf"
"""Name under which repair keeps the damaged data file."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A lost period of a stream.

    Attributes:
        stream: Its name; empty if the damaged stream is unknown.
        after: Stamp of the last valid sample before the loss, or None.
        before: Stamp of the first valid sample after the loss, or None.
    """

    stream: str
    after: float | None
    before: float | None


@dataclass(slots=True)
class Report:
    """Result of verifying or repairing.

    Attributes:
        chunks: Number of valid chunks.
        bytes: Size of the file.
        samples: Number of valid samples by stream name.
        damages: Damaged parts with their positions.
        losses: The same as periods of time.
        journal_damages: Offsets of damaged journal entries; the data itself may be valid.
        unverified: Number of readable chunks without a journal entry.
        erased: Number of chunks that were erased with their key.
        journaled: Whether there is a journal.
        manifest: ``sealed`` (as written), ``changed``, ``unsealed`` (no proper end), ``absent``.
        finished: Whether every stream has its footer.
        repaired: Path of the repaired file, if any.
    """

    chunks: int = 0
    bytes: int = 0
    samples: dict[str, int] = field(default_factory=dict)
    damages: list[reader.Damage] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    journal_damages: list[int] = field(default_factory=list)
    unverified: int = 0
    erased: int = 0
    journaled: bool = False
    manifest: str = "absent"
    finished: bool = False
    repaired: Path | None = None

    @property
    def ok(self) -> bool:
        """True if everything is unchanged since it was written."""
        return (
            not self.damages
            and not self.journal_damages
            and self.manifest != "changed"
            and self.finished
        )


class _Survey:
    """Single pass over a recording that collects valid chunks, losses and counts."""

    def __init__(self, path: Path, unlock: Unlock) -> None:
        self.unlock = cache(unlock)
        self.folder = path if path.is_dir() else None
        self.file = path / DATA if path.is_dir() else path
        self.report = Report()
        self.keys: DataKeys | None = None
        self.ended = True
        self.good: list[xdf.Frame] = []
        self.summaries: dict[int, Summary] = {}
        self.footed: set[int] = set()
        self._pending: dict[int | None, float | None] = {}
        self._newest: float | None = None
        self._media = MediaFiles(path, self.unlock) if path.is_dir() else None

    def run(self) -> None:
        file = map_file(self.file, self.unlock)
        data = file.data
        try:
            self.report.bytes = len(data)
            frames = self._frames(file)
            if file.sealed is not None:
                for part in file.sealed.unreadable:
                    self._lost(reader.Damage(part.offset, part.length, part.what))
            self._decoder = reader.Decoder(data)
            for frame in frames:
                if isinstance(frame, reader.Damage):
                    self._lost(frame)
                else:
                    self._take(frame)
        finally:
            file.close()
            if self._media is not None:
                self._media.close()
        for stream, after in self._pending.items():
            self.report.losses.append(Loss(self._name(stream), after, None))
        report = self.report
        report.chunks = len(self.good)
        report.finished = self.ended and bool(self.good) and set(self.summaries) == self.footed
        for stream, summary in self.summaries.items():
            name = self._name(stream)
            report.samples[name] = report.samples.get(name, 0) + summary.count

    def _frames(self, file: DataFile) -> Iterator[xdf.Frame | reader.Damage]:
        data = file.data
        journal = self.folder / JOURNAL if self.folder is not None else None
        if journal is None or not journal.exists():
            if bytes(data[:4]) != xdf.MAGIC[: len(data)]:
                reader.check_magic(data)
            yield from self._walk_unjournaled(data)
            return
        is_erased = (lambda _: False) if file.sealed is None else file.sealed.is_erased
        entries, self.ended = read_stored(journal, self.unlock)
        if file.sealed is not None:
            self.ended = self.ended and file.sealed.ended
        verification = Verification(data, entries, is_erased)
        self.report.journaled = True
        yield from verification.frames()
        self.report.journal_damages = verification.journal_damages
        self.report.unverified = verification.unverified
        self.report.erased = verification.erased
        for offset in verification.broken:
            self.report.damages.append(reader.Damage(offset, 0, "the chain does not match"))
        self._manifest(verification.seal)

    def _walk_unjournaled(self, data: reader.File) -> Iterator[xdf.Frame | reader.Damage]:
        """Walk without a journal: accept a chunk only if its content has its length."""
        if len(data) < len(xdf.MAGIC):
            if len(data):
                yield reader.Damage(0, len(data), "the file ends within its first bytes")
            return
        decoder = reader.Decoder(data)
        walked = reader.walk(data)
        while (frame := next(walked, None)) is not None:
            if isinstance(frame, xdf.Frame):
                try:
                    decoder.decode(frame)
                except DamagedError as error:
                    end = reader.resync(data, frame.offset)
                    walked = reader.walk(data, end)
                    frame = reader.Damage(frame.offset, end - frame.offset, error.what)
            yield frame

    def _manifest(self, seal: log.Entry | None) -> None:
        assert self.folder is not None
        path = self.folder / MANIFEST
        if not path.exists():
            return
        try:
            manifest_file.read(self.folder, self.unlock)
            stored = manifest_file.stored(self.folder, self.unlock)
        except RecordingError:
            if (self.folder / manifest_file.SEALED).exists() or seal is None:
                self.report.manifest = "changed"
                return
            stored = path.read_bytes()
        if seal is None:
            self.report.manifest = "unsealed"
        elif seal.matches(stored):
            self.report.manifest = "sealed"
        else:
            self.report.manifest = "erased in part" if self.report.erased else "changed"

    def _take(self, frame: xdf.Frame) -> None:
        try:
            item = self._decoder.decode(frame)
        except DamagedError as error:
            self._lost(reader.Damage(frame.offset, frame.length, error.what))
            return
        if isinstance(item, reader.Damage):
            self._lost(item)
            return
        if isinstance(item, reader.Samples) and (why := self._media_problem(item)):
            self._lost(reader.Damage(frame.offset, frame.length, why, item.stream))
            return
        if isinstance(item, reader.Opened):
            self.summaries[item.stream] = Summary()
        elif isinstance(item, reader.Samples) and len(item.times):
            self._samples(item)
        elif isinstance(item, reader.Ended):
            if item.count == self.summaries[item.stream].count:
                self.footed.add(item.stream)
        self.good.append(frame)

    def _media_problem(self, item: reader.Samples) -> str:
        """Return the problem of the media that a chunk refers to, or an empty text."""
        kind = self._decoder.infos[item.stream].meta.get("media")
        if self._media is None or kind is None or not len(item.values):
            return ""
        return self._media.problem(kind, item.values)

    def _samples(self, item: reader.Samples) -> None:
        first, last = float(item.times[0]), float(item.times[-1])
        summary = self.summaries[item.stream]
        for key in (item.stream, None):
            if key in self._pending:
                after = self._pending.pop(key)
                self.report.losses.append(Loss(self._name(key), after, first))
        summary.first = first if summary.first is None else summary.first
        summary.last = last
        summary.count += len(item.times)
        self._newest = last if self._newest is None else max(self._newest, last)

    def _lost(self, damage: reader.Damage) -> None:
        if len(self.report.damages) < reader.MAX_DAMAGES:
            self.report.damages.append(damage)
        stream = damage.stream if damage.stream in self.summaries else None
        after = self.summaries[stream].last if stream is not None else self._newest
        self._pending.setdefault(stream, after)

    def _name(self, stream: int | None) -> str:
        info = self._decoder.infos.get(stream) if stream is not None else None
        return (info.source_id or info.name) if info is not None else ""


def verify(path: Path, unlock: Unlock = unlock_by_default) -> Report:
    """Check which parts of a recording are unchanged since they were written.

    With a journal every flipped bit is found; without one (a single XDF file) only violations of
    the format are found.

    Args:
        path: Folder or ``.xdf`` file.
        unlock: Returns the keys of an encrypted recording.

    Raises:
        AbsentError: It does not exist.
        NotARecordingError: It is not a recording.
        LockedError: It is encrypted, and there is no key.
    """
    survey = _Survey(path, unlock)
    survey.run()
    return survey.report


def repair(path: Path, unlock: Unlock = unlock_by_default) -> Report:
    """Repair a recording: remove damaged and partial chunks, write footers.

    A folder is repaired in place; if its data is damaged in the middle, the damaged file is kept
    as ``data.damaged.xdf``. For a single file a repaired copy is written next to it. Valid data is
    not changed.

    Args:
        path: Folder or ``.xdf`` file.
        unlock: Returns the keys of an encrypted recording, which stays encrypted.

    Returns:
        The result of ``verify``, with the written data file in ``repaired``.

    Raises:
        AbsentError: It does not exist.
        NotARecordingError: It is not a recording.
        LockedError: It is encrypted, and there is no key.
        FullError: There is no room for the repaired file.
    """
    if path.is_dir() and not (path / DATA).exists():
        raise AbsentError(f"{path} contains no {DATA}", "give a recording's folder")
    survey = _Survey(path, unlock)
    survey.run()
    if survey.folder is not None:
        (survey.folder / RESERVE).unlink(missing_ok=True)
    if survey.report.ok:
        return survey.report
    target = survey.file if survey.folder else path.with_name(f"{path.stem}.repaired.xdf")
    beside = target.with_name(target.name + ".new")
    journal, entries = _rewrite(survey, beside)
    if survey.folder is not None:
        # Without a journal both the old and the new file are readable, so a crash in between is
        # harmless; with the journal of the other file neither is.
        (survey.folder / JOURNAL).unlink(missing_ok=True)
        if any(d.offset + d.length < survey.report.bytes for d in survey.report.damages):
            os.replace(target, survey.folder / ORIGINAL)
    os.replace(beside, target)
    if survey.folder is not None:
        manifest = survey.folder / MANIFEST
        stored = manifest_file.stored(survey.folder, survey.unlock) if manifest.exists() else b""
        seal = journal.seal(stored) if manifest.exists() else b""
        whole = log.MAGIC + entries + seal
        keys = survey.keys
        write_whole(survey.folder / JOURNAL, sealed([("", whole)], keys) if keys else whole)
    survey.report.repaired = target
    return survey.report


def _rewrite(survey: _Survey, path: Path) -> tuple[log.Journal, bytes]:
    """Write the good chunks and new footers; return the journal and its entries."""
    journal, entries = log.Journal(), bytearray()
    source = map_file(survey.file, survey.unlock)
    survey.keys = None if source.sealed is None else source.sealed.keys
    path.unlink(missing_ok=True)
    try:
        file: AppendFile | SealedFile = AppendFile(path)
        if survey.keys is not None:
            file = SealedFile(file, survey.keys)
        with memoryview(source.data) as view:
            for tag, stream, piece, offset in _pieces(survey, view):
                if isinstance(file, SealedFile) and source.sealed is not None:
                    file.append(piece, source.sealed.owner(offset))
                else:
                    file.append(piece)
                entries += journal.add(tag, stream, piece)
        file.sync()
        file.close()
    except (OSError, FullError) as error:
        path.unlink(missing_ok=True)
        raise FullError(f"{path.name}: {error}", "free some space, then repair again") from None
    finally:
        source.close()
    return journal, bytes(entries)


def _pieces(survey: _Survey, view: memoryview) -> Iterator[tuple[int, int, bytes, int]]:
    """Yield tag, stream, bytes, and a position in the old file of the same owner."""
    good = survey.good
    if good and good[0].tag == xdf.Tag.FILE_HEADER:
        header, good = bytes(view[good[0].offset : good[0].end]), good[1:]
    else:
        header = xdf.chunk(xdf.Tag.FILE_HEADER, file_header(""))
    yield xdf.Tag.FILE_HEADER, 0, xdf.MAGIC + header, 0
    first: dict[int, int] = {}
    for frame in good:
        if frame.tag not in (xdf.Tag.STREAM_FOOTER, xdf.Tag.FILE_HEADER):
            stream = xdf.stream_of(view, frame) or 0
            first.setdefault(stream, frame.offset)
            yield frame.tag, stream, bytes(view[frame.offset : frame.end]), frame.offset
    for stream, summary in survey.summaries.items():
        footer = xdf.stream_footer(stream, footer_xml(summary))
        yield xdf.Tag.STREAM_FOOTER, stream, footer, first.get(stream, 0)
