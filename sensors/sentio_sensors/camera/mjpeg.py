"""Read a camera that serves MJPEG over HTTP.

ffmpeg is not used: its demuxer waits for the next delimiter before it returns a picture, which
delays it by one frame. Here a thread reads the socket and keeps the newest JPEG; only that one is
decoded.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import socket
import threading
from urllib.parse import SplitResult, unquote, urlsplit

from sentio_sensors.camera.codec import JpegDecoder
from sentio_sensors.camera.frames import Picture, VideoInfo
from sentio_sensors.camera.multipart import MultipartParser, Part, boundary_of
from sentio_sensors.camera.newest import Newest
from sentio_sensors.clock import Clock
from sentio_sensors.errors import AbsentError, DisconnectedError, FormatError

TIMEOUT_S = 5.0
"""Time limit of the first response and between two reads, seconds."""

_READ_BYTES = 65536

MAX_BROKEN = 30
"""Unreadable pictures in a row after which the stream is closed and opened again."""


class MjpegReader:
    """Reader of the newest picture of an ``http(s)://`` MJPEG stream.

    Args:
        url: Address; ``http://user:password@host/path`` logs in.
        clock: Stamps each picture when its first byte arrives.
        max_side: Longest side of the pictures, pixels.
    """

    def __init__(self, url: str, clock: Clock, max_side: int) -> None:
        self._url = urlsplit(url)
        self._clock = clock
        self._max_side = max_side
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._newest: Newest[Part] = Newest()
        self._decoder: JpegDecoder | None = None
        self._broken = 0
        self._run = 0

    def open(self) -> VideoInfo:
        """Connect and start reading."""
        self.close()
        self._decoder = self._decoder or JpegDecoder(self._max_side)
        connection, response = self._connect()
        try:
            parser = MultipartParser(boundary_of(response.getheader("Content-Type", "")))
        except FormatError:
            response.close()
            connection.close()
            raise
        self._newest, self._broken, self._run = Newest(), 0, 0
        self._thread = threading.Thread(
            target=_pump,
            args=(response, parser, self._newest, self._clock),
            name="mjpeg",
            daemon=True,
        )
        self._thread.start()
        return VideoInfo(self._url.hostname or "camera", 0.0)

    def read(self, timeout: float) -> Picture | None:
        """Return the newest picture; one that cannot be decoded counts as lost."""
        if self._decoder is None:
            raise DisconnectedError("the stream was not opened", "call open first")
        taken = self._newest.take(timeout)
        if taken is None:
            return None
        part, dropped = taken
        self._broken += dropped
        rgb = self._decoder.decode(part.body)
        if rgb is None:
            self._broken += 1
            self._run += 1
            if self._run >= MAX_BROKEN:
                raise DisconnectedError(
                    f"{self._run} pictures in a row could not be decoded",
                    "check that the camera sends JPEG",
                )
            return None
        lost, self._broken, self._run = self._broken, 0, 0
        return Picture(part.time, rgb, lost)

    def close(self) -> None:
        """Close the connection, which ends the thread."""
        if self._socket is not None:
            # Only a shutdown wakes a thread that waits in recv.
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            self._socket = None
        if self._thread is not None:
            self._thread.join(1.0)
            self._thread = None

    def _connect(self) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        url, where = self._url, self._url.hostname or ""
        secure = url.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        try:
            connection = kind(where, url.port, timeout=TIMEOUT_S)
        except ValueError as error:  # a port that is not a number
            raise AbsentError(
                f"cannot read the address: {error}", "http://host:port/path"
            ) from None
        try:
            connection.connect()
            self._socket = connection.sock
            connection.request("GET", _target(url), headers=_headers(url))
            response = connection.getresponse()
        except (OSError, http.client.HTTPException, ValueError) as error:
            connection.close()
            raise AbsentError(
                f"{where} does not respond: {error}", "check the address and the network"
            ) from error
        if response.status != http.client.OK:
            response.close()
            connection.close()
            fix = "check the path of the address"
            if response.status in (http.client.UNAUTHORIZED, http.client.FORBIDDEN):
                fix = "put user and password into the address: http://user:password@host/path"
            raise AbsentError(f"{where} answered {response.status} {response.reason}", fix)
        return connection, response


def _pump(
    response: http.client.HTTPResponse, parser: MultipartParser, newest: Newest[Part], clock: Clock
) -> None:
    try:
        with response:
            while data := response.read1(_READ_BYTES):
                for part in parser.feed(data, clock.now()):
                    newest.put(part)
        newest.fail(DisconnectedError("the camera ended the stream"))
    except FormatError as error:
        newest.fail(DisconnectedError(error.what, error.fix))
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
        # http.client raises the last two if its file is closed during a read.
        newest.fail(DisconnectedError(f"the camera's stream was interrupted: {error}"))


def _target(url: SplitResult) -> str:
    return (url.path or "/") + (f"?{url.query}" if url.query else "")


def _headers(url: SplitResult) -> dict[str, str]:
    headers = {"Accept": "multipart/x-mixed-replace", "User-Agent": "sentio"}
    if url.username is not None:
        secret = f"{unquote(url.username)}:{unquote(url.password or '')}"
        headers["Authorization"] = "Basic " + base64.b64encode(secret.encode()).decode()
    return headers
