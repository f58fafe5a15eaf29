"""RTSP camera on loopback: H.264 in RTP over RTSP (RFC 2326, RFC 6184)."""

from __future__ import annotations

import socketserver
import struct
import threading
import time
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

FPS = 20
CLOCK = 90_000
"""RTP's clock for video, ticks a second."""

SDP = (
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=test\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\n"
    "a=control:track\r\n"
)


class RtspCamera:
    """Server that repeats a video to each client until ``hang_up`` or ``stop``.

    Args:
        pictures: RGB, each of the same shape.
    """

    def __init__(self, pictures: list[NDArray[np.uint8]]) -> None:
        self._units = [_units(packet) for packet in _encoded(pictures)]
        self._gone = threading.Event()
        self.requests: list[str] = []
        camera = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                camera._serve(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"rtsp://127.0.0.1:{self._server.server_address[1]}/live"

    def hang_up(self) -> None:
        """Close the current connections; new ones are served."""
        gone, self._gone = self._gone, threading.Event()
        gone.set()

    def stop(self) -> None:
        self.hang_up()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _serve(self, connection: socketserver.StreamRequestHandler) -> None:
        """Answer requests until PLAY, then send pictures."""
        while (head := _request(connection)) is not None:
            method, sequence = head
            self.requests.append(method)
            more, body = "", ""
            if method == "OPTIONS":
                more = "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n"
            elif method == "DESCRIBE":
                body = SDP
                more = f"Content-Type: application/sdp\r\nContent-Base: {self.url}/\r\n"
            elif method == "SETUP":
                more = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
            more += "Session: 1\r\n" + (f"Content-Length: {len(body)}\r\n" if body else "")
            answer = f"RTSP/1.0 200 OK\r\nCSeq: {sequence}\r\n{more}\r\n{body}"
            connection.wfile.write(answer.encode())
            if method == "PLAY":
                return self._send(connection, self._gone)

    def _send(self, connection: socketserver.StreamRequestHandler, gone: threading.Event) -> None:
        start, index, sequence = time.monotonic(), 0, 0
        try:
            while not gone.wait(max(0.0, start + index / FPS - time.monotonic())):
                units = self._units[index % len(self._units)]
                for place, unit in enumerate(units):
                    last = place == len(units) - 1
                    head = struct.pack(
                        ">BBHII",
                        0x80,
                        96 | (0x80 if last else 0),
                        sequence & 0xFFFF,
                        index * CLOCK // FPS,
                        7,
                    )
                    size = struct.pack(">cBH", b"$", 0, len(head) + len(unit))
                    connection.wfile.write(size + head + unit)
                    sequence += 1
                index += 1
        except OSError:
            pass


def _request(connection: socketserver.StreamRequestHandler) -> tuple[str, str] | None:
    lines = []
    while line := connection.rfile.readline().strip().decode():
        lines.append(line)
    if not lines:
        return None
    (sequence,) = [x.partition(":")[2].strip() for x in lines if x.lower().startswith("cseq:")]
    return lines[0].split()[0], sequence


def _encoded(pictures: list[NDArray[np.uint8]]) -> list[bytes]:
    """Return one packet for each picture, all of them keyframes."""
    context = av.CodecContext.create("libx264", "w")
    context.height, context.width = pictures[0].shape[:2]
    context.pix_fmt, context.time_base = "yuv420p", Fraction(1, FPS)
    context.options = {"tune": "zerolatency", "g": "1", "crf": "10", "threads": "1"}
    packets = []
    for rgb in pictures:
        frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format="yuv420p")
        packets += [bytes(packet) for packet in context.encode(frame)]
    return packets + [bytes(packet) for packet in context.encode(None)]


def _units(packet: bytes) -> list[bytes]:
    """Split an Annex B packet into its units, which RTP carries without start codes."""
    return [unit for unit in packet.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if unit]
