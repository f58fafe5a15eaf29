"""Real lengths of WAV, RF64, BW64 and W64 files whose headers do not state them.

A program that writes into a pipe cannot go back to state the length: it leaves 0 or the largest
number.
"""

from __future__ import annotations

import io
import mmap
from pathlib import Path
from typing import Any, Literal, NamedTuple

HEADER = 1 << 16
"""Bytes in which the beginning of the samples is looked for."""

LONG = (b"RF64", b"BW64")
"""Marks of WAV files with lengths of 64 bits, in a chunk ``ds64``."""

W64 = b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00"
"""First 16 bytes of Sony's Wave64."""

W64_CHUNK = 24
"""Bytes of the header of a chunk of Wave64, which its length contains."""

Order = Literal["little", "big"]


class _Change(NamedTuple):
    """Bytes to replace.

    Attributes:
        at: Position.
        data: New bytes.
    """

    at: int
    data: bytes


def whole(path: Path) -> Patched | None:
    """Return a file with its real length; None if nothing has to be changed.

    Args:
        path: The file.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(HEADER)
        if start[:4] in (b"RIFF", b"RIFX", *LONG) and start[8:12] == b"WAVE":
            changes = _riff(start, size)
        elif start[:16] == W64:
            changes = _w64(start, size)
        else:
            changes = []
        if not changes:
            return None
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    for at, new in changes:
        data[at : at + len(new)] = new
    return Patched(data)


def _riff(start: bytes, size: int) -> list[_Change]:
    order: Order = "big" if start[:4] == b"RIFX" else "little"
    long = start[:4] in LONG
    chunks: dict[bytes, int] = {}
    at = 12
    while at + 8 <= len(start):
        chunks.setdefault(start[at : at + 4], at)
        if start[at : at + 4] == b"data":
            break
        length = int.from_bytes(start[at + 4 : at + 8], order)
        at += 8 + length + length % 2
    if b"data" not in chunks:
        return []
    left = size - at - 8
    sizes = chunks.get(b"ds64")
    if long and sizes is not None and sizes + 36 <= at:
        return _long(start, sizes, left, size)
    stated = int.from_bytes(start[at + 4 : at + 8], order)
    if (0 < stated <= left and not long) or not 0 < left < 2**32 - at:
        return []
    return [
        _Change(0, b"RIFF" if long else start[:4]),
        _Change(4, min(size - 8, 2**32 - 1).to_bytes(4, order)),
        _Change(at + 4, left.to_bytes(4, order)),
    ]


def _long(start: bytes, at: int, left: int, size: int) -> list[_Change]:
    """Return the changes of a file whose chunk of lengths is at ``at``."""
    stated = int.from_bytes(start[at + 16 : at + 24], "little")
    changes = [] if start[:4] == b"RF64" else [_Change(0, b"RF64")]
    if left > 0 and not 0 < stated <= left:
        frame = int.from_bytes(start[(found := start.find(b"fmt ")) + 20 : found + 22], "little")
        lengths = (size - 8, left, left // max(1, frame))
        changes.append(_Change(at + 8, b"".join(n.to_bytes(8, "little") for n in lengths)))
    return changes


def _w64(start: bytes, size: int) -> list[_Change]:
    at = 40
    while at + W64_CHUNK <= len(start) and start[at : at + 4] != b"data":
        length = int.from_bytes(start[at + 16 : at + W64_CHUNK], "little")
        at += max(W64_CHUNK, -(-length // 8) * 8)
    left = size - at
    if at + W64_CHUNK > len(start) or left <= W64_CHUNK:
        return []
    if W64_CHUNK < int.from_bytes(start[at + 16 : at + W64_CHUNK], "little") <= left:
        return []
    return [_Change(16, size.to_bytes(8, "little")), _Change(at + 16, left.to_bytes(8, "little"))]


class Patched(io.RawIOBase):
    """A mapped file that, unlike a map, may be sought beyond its end.

    Args:
        data: The map; closed with this.
    """

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._at = 0

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer from the position; return the number of bytes."""
        part = self._data[self._at : self._at + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Change the position; return it."""
        self._at = max(0, offset + (0, self._at, len(self._data))[whence])
        return self._at

    def tell(self) -> int:
        """Return the position."""
        return self._at

    def close(self) -> None:
        """Close the map."""
        if not self.closed:
            self._data.close()
        super().close()
