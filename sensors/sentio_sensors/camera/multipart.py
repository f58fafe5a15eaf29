"""Parse MJPEG over HTTP: bytes in, JPEG pictures out; no I/O, no clock.

The stream is ``multipart/x-mixed-replace`` (RFC 2046 section 5.1 for the delimiters), as IP
cameras, phone apps and mjpg-streamer send it, with their deviations: bare line feeds, boundaries
that already carry their dashes, and parts without a ``Content-Length``.
"""

from __future__ import annotations

from dataclasses import dataclass

from sentio_sensors.errors import FormatError

MAX_PART = 16 * 2**20
"""Largest picture, bytes: four times an uncompressed 720p frame in YUV 4:2:0. It bounds the memory
that a hostile server can use."""

MAX_HEADER = 8 * 2**10
"""Largest header of a part, bytes; cameras send about 100."""

_END_OF_IMAGE = b"\xff\xd9"


@dataclass(frozen=True, slots=True)
class Part:
    """One picture.

    Attributes:
        time: When its first byte arrived, in the clock of ``feed``.
        body: The JPEG.
    """

    time: float
    body: bytes


def boundary_of(content_type: str) -> str:
    """Return the boundary in a ``Content-Type`` header.

    Raises:
        FormatError: The type is not multipart, or there is no boundary.
    """
    kind, _, parameters = content_type.partition(";")
    if not kind.strip().lower().startswith("multipart/"):
        raise FormatError(
            f"got Content-Type {content_type!r}, expected multipart/x-mixed-replace",
            "use the camera's MJPEG address, not its web page or a single picture",
        )
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "boundary" and value.strip().strip('"').strip("-"):
            return value.strip().strip('"')
    raise FormatError(f"got Content-Type {content_type!r}, expected a boundary parameter")


class MultipartParser:
    """Parser that returns each picture as soon as it is complete.

    With a ``Content-Length`` a picture is complete with its last byte. Without one it is
    complete at JPEG's own end marker, so that it need not wait for the next delimiter, which
    some cameras send only with the next picture.

    Args:
        boundary: The result of ``boundary_of``.
    """

    def __init__(self, boundary: str) -> None:
        # Some servers include the two dashes of the delimiter line in the boundary.
        core = boundary.lstrip("-") or boundary
        self._delimiter = b"--" + core.encode("latin-1", "replace")
        self._buffer = bytearray()
        self._state = self._seek
        self._length: int | None = None
        self._began: float | None = None
        self._searched = 0
        self._skipped = 0

    def feed(self, data: bytes, at: float) -> list[Part]:
        """Add bytes that arrived at ``at``; return the pictures that they complete.

        Raises:
            FormatError: A header or picture exceeds its limit, or no delimiter is found.
        """
        self._buffer += data
        parts: list[Part] = []
        while self._state(at, parts):
            pass
        return parts

    def _seek(self, at: float, parts: list[Part]) -> bool:
        found = self._buffer.find(self._delimiter)
        if found < 0:
            surplus = len(self._buffer) - len(self._delimiter) + 1
            if surplus > 0:
                del self._buffer[:surplus]
                self._skipped += surplus
            if self._skipped > MAX_PART:
                raise FormatError(f"got {self._skipped} bytes without a picture delimiter")
            return False
        del self._buffer[: found + len(self._delimiter)]
        self._skipped = 0
        self._state = self._header
        return True

    def _header(self, at: float, parts: list[Part]) -> bool:
        ends = [
            (found, found + len(blank))
            for blank in (b"\r\n\r\n", b"\n\n")
            if (found := self._buffer.find(blank, 0, MAX_HEADER)) >= 0
        ]
        if not ends:
            if len(self._buffer) > MAX_HEADER:
                raise FormatError(f"got a part header of over {MAX_HEADER} bytes")
            return False
        end, body = min(ends)
        self._length = _content_length(bytes(self._buffer[:end]))
        if self._length is not None and self._length > MAX_PART:
            raise FormatError(f"got a picture of {self._length} bytes, expected at most {MAX_PART}")
        del self._buffer[:body]
        self._began = None
        self._searched = 0
        self._state = self._body
        return True

    def _body(self, at: float, parts: list[Part]) -> bool:
        if self._began is None:
            if not self._buffer:
                return False
            self._began = at
        if self._length is not None:
            if len(self._buffer) < self._length:
                return False
            return self._finish(self._length, parts)
        found = self._buffer.find(self._delimiter, self._searched)
        if found >= 0:
            return self._finish(found, parts)
        if self._buffer.endswith(_END_OF_IMAGE):
            return self._finish(len(self._buffer), parts)
        if len(self._buffer) > MAX_PART:
            raise FormatError(f"got a picture of over {MAX_PART} bytes")
        self._searched = max(0, len(self._buffer) - len(self._delimiter))
        return False

    def _finish(self, end: int, parts: list[Part]) -> bool:
        body = bytes(self._buffer[:end])
        if self._length is None:
            body = body.rstrip(b"\r\n")
        del self._buffer[:end]
        if body and self._began is not None:
            parts.append(Part(self._began, body))
        self._state = self._seek
        return True


def _content_length(header: bytes) -> int | None:
    for line in header.split(b"\n"):
        name, _, value = line.partition(b":")
        # Long digit strings are slow to convert, and no length needs them.
        if name.strip().lower() == b"content-length" and value.strip()[:20].isdigit():
            return int(value.strip()[:20])
    return None
