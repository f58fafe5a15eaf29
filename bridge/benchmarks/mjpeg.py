"""Serve an MJPEG stream for measurements: ``python -m benchmarks.mjpeg [IMAGE]``.

640x480 at 30 frames per second on loopback; prints its address first.
"""

from __future__ import annotations

import io
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sentio_bridge.errors import BridgeError

if TYPE_CHECKING:
    from PIL import Image

WIDTH, HEIGHT, FPS = 640, 480, 30.0
VARIANTS = 30
"""Number of different images: each is shifted and has its own noise, as from a camera."""


def picture(path: Path) -> Image.Image:
    """Read a picture, as RGB.

    Raises:
        BridgeError: There is none, or it cannot be read.
    """
    from PIL import Image

    try:
        with Image.open(path) as opened:
            return opened.convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BridgeError(
            f"--face: {path} cannot be read as a picture: {error}",
            "give a JPEG or PNG file that shows a face",
        ) from None


def images(path: Path | None) -> list[bytes]:
    """Return the JPEG files that are sent in turn; without an image, a grey scene."""
    from PIL import Image

    rng = np.random.default_rng(0)
    base = np.full((HEIGHT, WIDTH, 3), 96.0)
    if path is not None:
        image = picture(path)
        scale = HEIGHT / image.height
        small = image.resize((int(image.width * scale), HEIGHT))
        left = max(0, (WIDTH - small.width) // 2)
        base[:, left : left + small.width] = np.asarray(small)[:, :WIDTH]
    blobs = []
    for index in range(VARIANTS):
        moved = np.roll(base, int(4 * np.sin(2 * np.pi * index / VARIANTS)), axis=1)
        noisy = (moved + rng.normal(0, 2, base.shape)).clip(0, 255).astype(np.uint8)
        buffer = io.BytesIO()
        Image.fromarray(noisy).save(buffer, "JPEG", quality=85)
        blobs.append(buffer.getvalue())
    return blobs


def main(path: Path | None) -> None:
    """Serve until the process is ended."""
    blobs = images(path)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
            self.end_headers()
            start, index = time.monotonic(), 0
            try:
                while True:
                    time.sleep(max(0.0, start + index / FPS - time.monotonic()))
                    blob = blobs[index % len(blobs)]
                    head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(blob)}"
                    self.wfile.write(head.encode() + b"\r\n\r\n" + blob + b"\r\n")
                    index += 1
            except OSError:
                pass

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
