"""Journal of a recording: a checksum for each chunk written; no I/O.

XDF has no checksums: most flipped bits change a sample silently. The journal has 64 bytes for
each chunk of the data file: offset, length, kind, stream, CRC-32, a SHA-256 that chains the
chunk to all earlier ones, and a CRC-32 of the entry itself.
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
"""Offset, length, kind, stream, zero, CRC-32 of the chunk, chain, CRC-32 of the preceding bytes."""

SIZE = _ENTRY.size


@dataclass(frozen=True, slots=True)
class Entry:
    """Journal entry of one written chunk.

    Attributes:
        offset: Position of its first byte in the data file.
        length: Number of bytes; the first entry includes the magic number.
        tag: Kind of the chunk.
        stream: Stream number, or 0.
        crc: CRC-32 of its bytes.
        chain: SHA-256 of the chain before it and its bytes.
    """

    offset: int
    length: int
    tag: int
    stream: int
    crc: int
    chain: bytes

    def matches(self, data: bytes | memoryview) -> bool:
        """Return whether ``data`` are the bytes that were written."""
        return len(data) == self.length and zlib.crc32(data) == self.crc


@dataclass(frozen=True, slots=True)
class BadEntry:
    """A damaged entry of the journal; the data may be valid."""

    offset: int


class Journal:
    """Encoder of the journal's entries, in order.

    Args:
        offset: Position of the next chunk.
        chain: Chain of the last entry; empty at the beginning.
    """

    def __init__(self, offset: int = 0, chain: bytes = b"") -> None:
        self.offset = offset
        self._chain = chain

    def add(self, tag: int, stream: int, data: bytes | memoryview) -> bytes:
        """Return the entry of a chunk that was appended to the file."""
        entry = self._entry(self.offset, tag, stream, data)
        self.offset += len(data)
        return entry

    def seal(self, manifest: bytes) -> bytes:
        """Return an entry with the checksum of the manifest."""
        return self._entry(0, MANIFEST, 0, manifest)

    def _entry(self, offset: int, tag: int, stream: int, data: bytes | memoryview) -> bytes:
        self._chain = hashlib.sha256(self._chain + data).digest()
        entry = _ENTRY.pack(offset, len(data), tag, stream, 0, zlib.crc32(data), self._chain, 0)[
            :-4
        ]
        return entry + zlib.crc32(entry).to_bytes(4, "little")


def entries(journal: bytes) -> Iterator[Entry | BadEntry]:
    """Read a journal; a truncated last entry is omitted.

    Raises:
        NotARecordingError: It does not start with the magic number.
    """
    if journal[: len(MAGIC)] != MAGIC:
        raise NotARecordingError(
            f"the journal starts with {journal[:16]!r}", "sentio repair rebuilds it", offset=0
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
