"""Write encrypted files: each appended chunk becomes a segment of its own."""

from __future__ import annotations

import os
from contextlib import suppress

from sentio_recording.disk import Appender, FullError
from sentio_recording.sealed.data_keys import COMMON, Cipher, DataKeys, LockedError
from sentio_recording.sealed.segments import LAST, MOST, Segment, head

MOST_FAILURES = 255
"""Failed writes after which the file accepts nothing: the nonce has one byte to count them."""


class SealedFile:
    """Encrypted file to which complete chunks are appended.

    What ``append`` has returned from can be read after a crash: no segment stays open.

    Args:
        file: New file.
        keys: Keys of the recording.
        owner: Owner of what is appended, unless ``append`` names another.

    Raises:
        FullError: The head cannot be written.
    """

    def __init__(self, file: Appender, keys: DataKeys, owner: str = COMMON) -> None:
        self._file = file
        self._keys = keys
        self._owner = owner
        self._head = head(bytes.fromhex(keys.id), os.urandom(16))
        self._ciphers: dict[int, Cipher] = {}
        self._index = self._offset = self._failures = 0
        self._closed = False
        file.append(self._head)

    def append(self, data: bytes, owner: str | None = None) -> None:
        """Encrypt and write ``data``; see ``Appender``.

        Args:
            data: The chunk.
            owner: Whose key; None for the file's.
        """
        slot = self._keys.slot(self._owner if owner is None else owner)
        self._append([data[i : i + MOST] for i in range(0, len(data), MOST)], slot, 0)

    def sync(self) -> None:
        """Flush to the disk."""
        self._file.sync()

    def end(self) -> None:
        """Write the last segment, without which the file counts as cut, and close.

        Raises:
            FullError: The disk is full.
        """
        if not self._closed:
            self._closed = True
            self._append([b""], 0, LAST)
            self._file.sync()
            self._file.close()

    def close(self) -> None:
        """Write the last segment if there is room, and close; may be called twice."""
        with suppress(FullError):
            self.end()
        self._file.close()

    def _append(self, parts: list[bytes], slot: int, flags: int) -> None:
        if self._failures >= MOST_FAILURES:
            raise FullError(f"{MOST_FAILURES} writes have failed", "begin a new recording")
        cipher = self._cipher(slot)
        written = bytearray()
        index, offset = self._index, self._offset
        for part in parts:
            segment = Segment(0, len(part), slot, flags, self._failures, index, offset)
            before = segment.encode()
            written += before
            written += cipher.encrypt(segment.nonce, part, self._head + before)
            index, offset = index + 1, offset + len(part)
        try:
            self._file.append(bytes(written))
        except BaseException:
            self._failures += 1
            raise
        self._index, self._offset = index, offset

    def _cipher(self, slot: int) -> Cipher:
        found = self._ciphers.get(slot)
        if found is None:
            found = self._keys.cipher(slot, self._head[-16:])
            if found is None:
                raise LockedError("the key of a person was destroyed", "begin a new recording")
            self._ciphers[slot] = found
        return found


class _Buffer:
    """Appender in memory."""

    def __init__(self) -> None:
        self.data = bytearray()

    def append(self, data: bytes) -> None:
        self.data += data

    def sync(self) -> None:
        pass

    def close(self) -> None:
        pass


def sealed(parts: list[tuple[str, bytes]], keys: DataKeys) -> bytes:
    """Return a complete encrypted file.

    Args:
        parts: Contents with their owners.
        keys: Keys.
    """
    buffer = _Buffer()
    file = SealedFile(buffer, keys)
    for owner, data in parts:
        file.append(data, owner)
    file.end()
    return bytes(buffer.data)
