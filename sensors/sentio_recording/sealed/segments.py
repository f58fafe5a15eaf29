"""Format of an encrypted file: a head and segments of AES-256-GCM; no I/O.

After the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár: Online authenticated-encryption
and its nonce-reuse misuse-resistance, 2015): the nonce of a segment is its number and whether it is
the last one, so that a changed, moved, repeated or removed segment does not decrypt, and a file
that was cut has no last segment. A segment is complete when it is written: the file is readable
wherever writing ends.

| bytes | head |
|---|---|
| 16 | ``SENTIO-SEALED-1`` and a line feed |
| 16 | id of the keys: which recording or profile |
| 16 | salt: each file has keys of its own, derived by HKDF-SHA-256 |

| bytes | segment, little-endian |
|---|---|
| 4 | ``SEG1``, by which a reader finds the next segment after damage |
| 4 | length of the content |
| 2 | slot: whose key |
| 1 | 1 for the last segment |
| 1 | writes that failed before it; part of the nonce, so that none is used twice |
| 8 | number of the segment |
| 8 | position of the content in the decrypted file |
| 4 | CRC-32 of the bytes before |
| n + 16 | encrypted content and its tag; head and preceding 32 bytes are authenticated too |
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MAGIC = b"SENTIO-SEALED-1\n"

HEAD = 48
"""Bytes of a file's head."""

TAG = 16
"""Bytes of a segment's authentication tag."""

MOST = 1 << 16
"""Largest content of a segment, bytes: what is decrypted at once to read one byte."""

LAST = 1
"""Flag of the last segment."""

_MARK = b"SEG1"
_SEGMENT = struct.Struct("<4sIHBBQQ")
_BARE = _SEGMENT.size

SEGMENT = _BARE + 4
"""Bytes of a segment before its content."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of a file.

    Attributes:
        at: Position of its first byte in the encrypted file.
        length: Length of its content.
        slot: Whose key.
        flags: ``LAST``, or 0.
        failures: Writes that failed before it.
        index: Its number, from 0.
        offset: Position of the content in the decrypted file.
    """

    at: int
    length: int
    slot: int
    flags: int
    failures: int
    index: int
    offset: int

    @property
    def end(self) -> int:
        """Position after its last byte in the encrypted file."""
        return self.at + SEGMENT + self.length + TAG

    @property
    def nonce(self) -> bytes:
        """Nonce of 12 bytes: unique below the file's key of a slot."""
        return bytes([self.failures, self.flags]) + b"\0\0" + self.index.to_bytes(8, "big")

    def encode(self) -> bytes:
        """Return the bytes before the content."""
        bare = _SEGMENT.pack(
            _MARK, self.length, self.slot, self.flags, self.failures, self.index, self.offset
        )
        return bare + zlib.crc32(bare).to_bytes(4, "little")


def head(owner: bytes, salt: bytes) -> bytes:
    """Return the head of a file.

    Args:
        owner: Id of the keys, 16 bytes.
        salt: Random, 16 bytes.
    """
    return MAGIC + owner + salt


def walk(data: memoryview) -> Iterator[Segment | int]:
    """Yield the complete segments of a file, and the positions of unreadable bytes.

    Args:
        data: The encrypted file, with its head.
    """
    at = HEAD
    while at < len(data):
        segment = _read(data, at)
        if segment is not None:
            yield segment
            at = segment.end
            continue
        yield at
        at = _next(data, at + 1)


def _read(data: memoryview, at: int) -> Segment | None:
    """Return the complete segment at a position, or None."""
    raw = bytes(data[at : at + SEGMENT])
    if len(raw) < SEGMENT or zlib.crc32(raw[:_BARE]) != int.from_bytes(raw[_BARE:], "little"):
        return None
    mark, length, slot, flags, failures, index, offset = _SEGMENT.unpack_from(raw)
    segment = Segment(at, length, slot, flags, failures, index, offset)
    return segment if mark == _MARK and length <= MOST and segment.end <= len(data) else None


def _next(data: memoryview, start: int) -> int:
    """Return the position of the next readable segment, or the length of the data."""
    step = 1 << 20
    for block in range(start, len(data), step):
        raw = bytes(data[block : block + step + SEGMENT])
        found = raw.find(_MARK)
        while 0 <= found < step:
            if _read(data, block + found) is not None:
                return block + found
            found = raw.find(_MARK, found + 1)
    return len(data)
