"""Fixtures: generated pictures, a video file and an MJPEG camera."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]


def scene(index: int, height: int = 48, width: int = 64) -> Rgb:
    """Return a gradient whose brightness encodes the frame number."""
    y, x = np.mgrid[0:height, 0:width]
    level = 60 + 10 * (index % 12)
    return np.stack([level + x, level + y, np.full_like(x, level)], axis=2).astype(np.uint8)


def encode(rgb: Rgb, codec: str = "mjpeg") -> bytes:
    av = pytest.importorskip("av")
    context = av.CodecContext.create(codec, "w")
    context.width, context.height = rgb.shape[1], rgb.shape[0]
    context.pix_fmt = "yuvj420p" if codec == "mjpeg" else "rgb24"
    context.time_base = Fraction(1, 30)
    frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format=context.pix_fmt)
    packets = [*context.encode(frame), *context.encode(None)]
    return b"".join(bytes(packet) for packet in packets)


@pytest.fixture(scope="session")
def draw() -> Callable[..., Rgb]:
    return scene


@pytest.fixture(scope="session")
def jpeg() -> Callable[[int], bytes]:
    return lambda index: encode(scene(index))


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for index, codec in enumerate(("mjpeg", "png", "mjpeg")):
        suffix = "jpg" if codec == "mjpeg" else "png"
        (folder / f"{index}.{suffix}").write_bytes(encode(scene(3 * index), codec))
    (folder / "notes.txt").write_text("no picture")
    return folder


@pytest.fixture(scope="session")
def video_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    av = pytest.importorskip("av")
    path = tmp_path_factory.mktemp("video") / "clip.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=20)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for index in range(20):
            frame = av.VideoFrame.from_ndarray(scene(index), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


class Camera:
    """HTTP server on loopback that sends what a test defines."""

    def __init__(self) -> None:
        self.status = 200
        self.content_type = "multipart/x-mixed-replace; boundary=frame"
        self.password = ""
        self.send: Callable[[Callable[[bytes], None]], None] = lambda write: None
        self._connections: list[socket.socket] = []
        camera = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                camera._connections.append(self.connection)
                refused = camera.password and camera.password != self.headers["Authorization"]
                self.send_response(401 if refused else camera.status)
                self.send_header("Content-Type", camera.content_type)
                self.end_headers()
                if refused:
                    return

                def write(data: bytes) -> None:
                    self.wfile.write(data)
                    self.wfile.flush()

                try:
                    camera.send(write)
                except OSError:
                    pass

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/stream"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        for connection in self._connections:  # ends what waits for a reader that is gone
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join()


@pytest.fixture
def camera() -> Iterator[Camera]:
    server = Camera()
    yield server
    server.stop()
