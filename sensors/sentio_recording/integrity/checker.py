"""Compare a data file with its journal, chunk by chunk; no I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sentio_recording.errors import DamagedError, NotARecordingError
from sentio_recording.integrity.journal import MANIFEST, BadEntry, Entry, chained, entries
from sentio_recording.xdf import chunks as xdf
from sentio_recording.xdf import reader


class Verification:
    """Verification of a data file's chunks against the journal.

    Args:
        data: The data file.
        journal: Bytes of the journal; may be truncated or damaged itself.
        is_erased: Returns whether the byte at an offset was erased with its key.

    Attributes:
        journal_damages: Offsets of damaged entries of the journal, 0 for its beginning.
        unverified: Number of chunks without an entry (written just before a crash).
        broken: Offsets of chunks with a valid checksum but an invalid chain: both were changed.
        erased: Number of chunks that were erased with their key.
        seal: The entry with the manifest's checksum, if the recording ended properly.
        chain: Chain after the last entry read.
    """

    def __init__(
        self,
        data: reader.File,
        journal: bytes,
        is_erased: Callable[[int], bool] = lambda _: False,
    ) -> None:
        self._data = data
        self._is_erased = is_erased
        self.erased = 0
        self.journal_damages: list[int] = []
        self.unverified = 0
        self.broken: list[int] = []
        self.seal: Entry | None = None
        self.chain = b""
        try:
            self._entries = entries(journal)
            self._first = next(self._entries, None)
        except NotARecordingError:
            self._entries, self._first = iter(()), None
            self.journal_damages.append(0)

    def frames(self) -> Iterator[xdf.Frame | reader.Damage]:
        """Yield every valid chunk and every damage, in file order."""
        at = 0
        for entry in self._all():
            if isinstance(entry, BadEntry):
                self.journal_damages.append(entry.offset)
                continue
            if entry.tag == MANIFEST:
                self.seal = entry
                continue
            if entry.offset > at:
                yield from self._unjournaled(at, min(entry.offset, len(self._data)))
            if entry.offset < at:
                continue
            if self._is_erased(entry.offset):
                self.erased += 1
                self.chain = entry.chain
            else:
                yield self._check(entry)
            at = min(len(self._data), entry.offset + entry.length)
        yield from self._unjournaled(at, len(self._data))

    def _all(self) -> Iterator[Entry | BadEntry]:
        if self._first is not None:
            yield self._first
            yield from self._entries

    def _check(self, entry: Entry) -> xdf.Frame | reader.Damage:
        with memoryview(self._data) as view:
            piece = view[entry.offset : entry.offset + entry.length]
            before, self.chain = self.chain, entry.chain
            stream = entry.stream or None
            if len(piece) < entry.length:
                return reader.Damage(entry.offset, len(piece), "the file ends before it", stream)
            if not entry.matches(piece):
                return reader.Damage(entry.offset, entry.length, "changed since written", stream)
            if before and not self.journal_damages and chained(before, piece) != entry.chain:
                self.broken.append(entry.offset)
            start = entry.offset or len(xdf.MAGIC)
            try:
                return xdf.read_frame(view, start)
            except DamagedError as error:
                return reader.Damage(entry.offset, entry.length, error.what, stream)

    def _unjournaled(self, start: int, end: int) -> Iterator[xdf.Frame | reader.Damage]:
        if start == 0 and end > 0:
            if self._data[:4] != xdf.MAGIC:
                found = min(reader.resync(self._data, 0), end)
                yield reader.Damage(0, found, "does not start like an XDF file")
                start = found
            else:
                start = len(xdf.MAGIC)
        for frame in reader.walk(self._data, start, end):
            self.unverified += isinstance(frame, xdf.Frame)
            yield frame
