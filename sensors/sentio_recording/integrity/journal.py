"""The journal beside a recording: what was written, chunk by chunk; no I/O.

XDF has no checksums: most flipped bits change a sample silently. The journal holds 64 bytes for
each chunk of the data file: offset, length, kind, stream, CRC-32, a SHA-256 that chains every
chunk to all before it, and a CRC-32 of the entry itself.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from sentio_recording.errors import NotARecordingError

MAGIC = b"SENTIO-JOURNAL-1"

MANIFEST = 0xFFFF
"""Kind of an entry that seals the manifest instead of a chunk; its offset is 0."""

_ENTRY = struct.Struct("<QQHIHI32sI")
"""Offset, length, kind, stream, zero, CRC-32 of the chunk, chain, CRC-32 of what stands before."""

SIZE = _ENTRY.size


@dataclass(frozen=True, slots=True)
class Entry:
    """One chunk as it was written.

    Attributes:
        offset: Of its first byte in the data file.
        length: All its bytes; the first entry covers the magic number as well.
        tag: Its kind.
        stream: Its stream, or 0.
        crc: CRC-32 of its bytes.
        chain: SHA-256 of the chain before it and its bytes.
    """

    offset: int
    length: int
    tag: int
    stream: int
    crc: int
    chain: bytes

    def fits(self, data: bytes | memoryview) -> bool:
        """Tell whether ``data`` are the bytes that were written."""
        return len(data) == self.length and zlib.crc32(data) == self.crc


@dataclass(frozen=True, slots=True)
class BadEntry:
    """An entry of the journal that is itself damaged; the data may be fine."""

    offset: int


class Journal:
    """Makes the entries, in order.

    Args:
        offset: Where the next chunk begins.
        chain: Of the last entry; empty at the beginning.
    """

    def __init__(self, offset: int = 0, chain: bytes = b"") -> None:
        self.offset = offset
        self._chain = chain

    def add(self, tag: int, stream: int, data: bytes | memoryview) -> bytes:
        """Return the entry of a chunk that was written at the end of the file."""
        entry = self._entry(self.offset, tag, stream, data)
        self.offset += len(data)
        return entry

    def seal(self, manifest: bytes) -> bytes:
        """Return an entry that pins the manifest's bytes."""
        return self._entry(0, MANIFEST, 0, manifest)

    def _entry(self, offset: int, tag: int, stream: int, data: bytes | memoryview) -> bytes:
        self._chain = hashlib.sha256(self._chain + data).digest()
        entry = _ENTRY.pack(offset, len(data), tag, stream, 0, zlib.crc32(data), self._chain, 0)[
            :-4
        ]
        return entry + zlib.crc32(entry).to_bytes(4, "little")


def entries(journal: bytes) -> Iterator[Entry | BadEntry]:
    """Read a journal; a cut last entry is left out.

    Raises:
        NotARecordingError: It does not begin like one.
    """
    if journal[: len(MAGIC)] != MAGIC:
        raise NotARecordingError(
            f"the journal begins with {journal[:16]!r}", "repair rebuilds it", offset=0
        )
    for at in range(len(MAGIC), len(journal) - SIZE + 1, SIZE):
        raw = journal[at : at + SIZE]
        offset, length, tag, stream, zero, crc, chain, own = _ENTRY.unpack(raw)
        if zlib.crc32(raw[:-4]) != own or zero:
            yield BadEntry(at)
        else:
            yield Entry(offset, length, tag, stream, crc, chain)


def chained(before: bytes, data: bytes | memoryview) -> bytes:
    """Return the chain after ``data``."""
    return hashlib.sha256(before + data).digest()
