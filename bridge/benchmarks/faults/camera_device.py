"""Network camera that misbehaves on request.

Usage: ``python -m benchmarks.faults.camera_device PORT``.

It serves MJPEG. Lines on standard input: ``fine``, ``frozen``, ``black``, ``white``, ``noise``,
``fps NUMBER``, ``size WIDTHxHEIGHT``, ``burst COUNT``, ``garbage``, ``silent``.
"""

from __future__ import annotations

import io
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

VARIANTS = 12


def pictures(width: int, height: int, kind: str) -> list[bytes]:
    """Return JPEG files of a scene with the noise of a sensor, or of one colour."""
    from PIL import Image

    rng = np.random.default_rng(0)
    across = np.linspace(60, 180, width)[None, :, None] + np.zeros((height, 1, 3))
    level = {"black": 0.0, "white": 255.0}.get(kind)
    blobs = []
    for _ in range(VARIANTS):
        scene = across if level is None else np.full((height, width, 3), level)
        noise = rng.normal(0, 2 if level is None else 0, scene.shape)
        buffer = io.BytesIO()
        Image.fromarray((scene + noise).clip(0, 255).astype(np.uint8)).save(buffer, "JPEG")
        blobs.append(buffer.getvalue())
    return blobs


class Device:
    """State of the camera, changed by lines of text."""

    def __init__(self) -> None:
        self.size = (320, 240)
        self.kind = "fine"
        self.fps = 30.0
        self.burst = 0
        self.blobs = pictures(*self.size, "fine")

    def obey(self, line: str) -> None:
        """Carry out one line."""
        word, _, rest = line.strip().partition(" ")
        if word == "fps":
            self.fps = float(rest)
        elif word == "burst":
            self.burst = int(rest)
        elif word == "size":
            width, height = rest.split("x")
            self.size = int(width), int(height)
            self.blobs = pictures(*self.size, self.kind)
        elif word:
            self.blobs = pictures(*self.size, word)
            self.kind = word

    def part(self, index: int) -> bytes:
        """Return one part of the multipart stream."""
        blob = self.blobs[0 if self.kind == "frozen" else index % len(self.blobs)]
        if self.kind == "garbage":
            blob = blob[: len(blob) // 2] + bytes(64)
        head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(blob)}\r\n\r\n"
        return head.encode() + blob + b"\r\n"

    def listen(self) -> None:
        """Obey standard input; end the process with it."""
        for line in sys.stdin:
            self.obey(line)
        os._exit(0)


def main(port: int) -> None:
    """Serve until standard input closes."""
    device = Device()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
            self.end_headers()
            index = 0
            due = time.monotonic()
            try:
                while True:
                    if device.burst:
                        device.burst -= 1
                    else:
                        due = max(due + 1 / device.fps, time.monotonic() - 1.0)
                        time.sleep(max(0.0, due - time.monotonic()))
                    if device.kind != "silent":
                        self.wfile.write(device.part(index))
                    index += 1
            except OSError:
                pass

        def log_message(self, *_: object) -> None:
            pass

    ThreadingHTTPServer.allow_reuse_address = True
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    threading.Thread(target=device.listen, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
