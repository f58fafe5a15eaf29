"""Read encrypted files: the whole, or parts when they are needed."""

from __future__ import annotations

import io
import mmap
from array import array
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sentio_recording.errors import NotARecordingError
from sentio_recording.sealed.data_keys import Cipher, DataKeys, library
from sentio_recording.sealed.segments import HEAD, LAST, MAGIC, SEGMENT, TAG, Segment, walk

MOST_GAPS = 4
"""Limit of the decrypted size, in multiples of the encrypted one: more is a hostile file."""

Unlock = Callable[[str], DataKeys]
"""Returns the keys of an id; raises ``LockedError`` if there are none."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A part of the decrypted file that cannot be read; zeros stand for it.

    Attributes:
        offset: Its position in the decrypted file.
        length: Number of bytes, as far as it is known.
        what: Why.
    """

    offset: int
    length: int
    what: str


@dataclass(slots=True)
class Unsealed:
    """Decrypted file.

    Attributes:
        data: Its bytes.
        unreadable: Parts that were changed, moved or removed.
        erased: Begin and end of the parts whose key was destroyed.
        ended: Whether it has its last segment; a crash or cut leaves it without.
        keys: Keys of the file.
        starts: Positions of the segments in the decrypted file.
        slots: Their slots.
    """

    data: bytes | mmap.mmap
    keys: DataKeys
    unreadable: list[Unreadable] = field(default_factory=list)
    erased: list[tuple[int, int]] = field(default_factory=list)
    ended: bool = False
    starts: array[int] = field(default_factory=lambda: array("Q"))
    slots: array[int] = field(default_factory=lambda: array("H"))

    def owner(self, offset: int) -> str:
        """Return whose key encrypts the byte at a position of the decrypted file."""
        at = bisect_right(self.starts, offset) - 1
        return self.keys.owners[self.slots[at]] if at >= 0 else ""

    def is_erased(self, offset: int) -> bool:
        """Return whether the byte at a position has no key any more."""
        at = bisect_right(self.erased, (offset, 1 << 63)) - 1
        return at >= 0 and offset < self.erased[at][1]


def is_sealed(path: Path) -> bool:
    """Return whether a file is encrypted."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


class SealedReader:
    """Index of an encrypted file.

    Args:
        raw: The file; must stay open.
        name: Name of the file, for errors.
        unlock: Returns its keys.

    Attributes:
        size: Bytes of the decrypted file.

    Raises:
        NotARecordingError: It does not begin like an encrypted file.
        LockedError: There is no key.
    """

    def __init__(self, raw: bytes | mmap.mmap, name: str, unlock: Unlock) -> None:
        if len(raw) < HEAD or raw[: len(MAGIC)] != MAGIC:
            raise NotARecordingError(f"{name} does not begin like an encrypted file")
        self._raw = raw
        self._head = bytes(raw[:HEAD])
        self.keys = unlock(self._head[16:32].hex())
        self._ciphers: dict[int, Cipher | None] = {}
        self._invalid = library().InvalidTag
        self.segments: list[Segment] = []
        self.unreadable: list[Unreadable] = []
        self.ended = False
        self.size = 0
        with memoryview(raw) as view:
            for found in walk(view):
                self._add(found)

    def content(self, segment: Segment) -> bytes | None:
        """Return a segment's content; None if its key was destroyed.

        Raises:
            NotARecordingError: It was changed or moved.
        """
        cipher = self._cipher(segment.slot)
        if cipher is None:
            return None
        start = segment.at + SEGMENT
        data = self._raw[start : start + segment.length + TAG]
        try:
            return cipher.decrypt(segment.nonce, data, self._head + segment.encode())
        except self._invalid:
            raise NotARecordingError(
                f"segment {segment.index} was changed or moved", offset=segment.at
            ) from None

    def whole(self) -> Unsealed:
        """Decrypt everything into memory, never to the disk."""
        out = mmap.mmap(-1, self.size) if self.size else b""
        found = Unsealed(out, self.keys, list(self.unreadable), ended=self.ended)
        for segment in self.segments:
            begin, end = segment.offset, segment.offset + segment.length
            try:
                content = self.content(segment)
            except NotARecordingError as error:
                found.unreadable.append(Unreadable(begin, segment.length, error.what))
                found.ended = found.ended and not segment.flags & LAST
                continue
            if content is None:
                found.erased.append((begin, end))
            elif segment.length and isinstance(out, mmap.mmap):
                out[begin:end] = content
            if segment.length:
                found.starts.append(begin)
                found.slots.append(segment.slot)
        return found

    def _add(self, found: Segment | int) -> None:
        """Add a segment in order, or what is wrong."""
        expected = self.segments[-1].index + 1 if self.segments else 0
        if isinstance(found, int):
            self.unreadable.append(Unreadable(self.size, 0, f"byte {found}: no segment"))
            self.ended = False
            return
        later = found.index >= expected and found.offset >= self.size
        if self.ended or not later or found.offset > MOST_GAPS * len(self._raw):
            what = f"segment {found.index} is out of order"
            self.unreadable.append(Unreadable(self.size, 0, what))
            return
        if found.index != expected or found.offset != self.size:
            what = f"segments {expected} to {found.index - 1} are missing"
            self.unreadable.append(Unreadable(self.size, found.offset - self.size, what))
        self.segments.append(found)
        self.size = found.offset + found.length
        self.ended = bool(found.flags & LAST)

    def _cipher(self, slot: int) -> Cipher | None:
        if slot not in self._ciphers:
            self._ciphers[slot] = self.keys.cipher(slot, self._head[32:48])
        return self._ciphers[slot]


def unseal(raw: bytes | mmap.mmap, name: str, unlock: Unlock) -> Unsealed:
    """Decrypt a file into memory; arguments and errors as ``SealedReader``."""
    return SealedReader(raw, name, unlock).whole()


def read_stored(path: Path, unlock: Unlock) -> tuple[bytes, bool]:
    """Return the bytes of a file, encrypted or not, and whether it is not cut.

    What cannot be decrypted is zeros. A file that is not encrypted may always be whole.

    Raises:
        OSError: It cannot be read.
        LockedError: It is encrypted, and there is no key.
    """
    raw = path.read_bytes()
    if not raw.startswith(MAGIC):
        return raw, True
    found = unseal(raw, path.name, unlock)
    return bytes(found.data), found.ended


def open_stored(path: Path, unlock: Unlock) -> io.BufferedReader:
    """Open a file for reading, encrypted or not.

    Raises:
        OSError: It cannot be opened.
        NotARecordingError: It is encrypted and damaged at its head.
        LockedError: It is encrypted, and there is no key.
    """
    if is_sealed(path):
        return io.BufferedReader(SealedStream(path, unlock))
    return path.open("rb")


class SealedStream(io.RawIOBase):
    """Encrypted file as a readable, seekable stream of its decrypted bytes.

    Args:
        path: The file.
        unlock: Returns its keys.

    Raises:
        NotARecordingError: It does not begin like an encrypted file.
        LockedError: There is no key.
    """

    def __init__(self, path: Path, unlock: Unlock) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._reader = SealedReader(self._map, path.name, unlock)
        self._starts = array("Q", (segment.offset for segment in self._reader.segments))
        self._at = 0
        self._newest: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to a position."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._reader.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """Return the position."""
        return self._at

    def readinto(self, buffer: object) -> int:
        """Read at most to the end of a segment; unreadable bytes are zeros."""
        out = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        if self._at >= self._reader.size or not len(out):
            return 0
        index = bisect_right(self._starts, self._at) - 1
        while index + 1 < len(self._starts) and self._starts[index + 1] <= self._at:
            index += 1
        content = self._content(index)
        start = self._at - self._starts[index] if index >= 0 else 0
        rest = len(content) - start
        if rest <= 0:  # bytes of removed segments
            after = index + 1 < len(self._starts)
            rest = (self._starts[index + 1] if after else self._reader.size) - self._at
        count = min(len(out), rest)
        part = content[start : start + count]
        out[: len(part)] = part
        out[len(part) : count] = bytes(count - len(part))
        self._at += count
        return count

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            self._map.close()
        super().close()

    def _content(self, index: int) -> bytes:
        if index < 0:
            return b""
        if self._newest[0] != index:
            segment = self._reader.segments[index]
            try:
                content = self._reader.content(segment)
            except NotARecordingError:
                content = None
            self._newest = (index, bytes(segment.length) if content is None else content)
        return self._newest[1]
