"""Bare loop for comparison with the camera path: decode a JPEG, find the face.

``python -m benchmarks.bare_face URL SECONDS`` prints the milliseconds from the arrival of each
image to its landmarks.
"""

from __future__ import annotations

import sys

from sentio_models.modalities.face.landmarker import FaceLandmarker
from sentio_sensors import MonotonicClock
from sentio_sensors.camera.source import CameraSettings, reader

WARM = 60
"""Number of images at the start that are excluded."""


def main(url: str, seconds: float) -> None:
    """Read, decode and find faces in one loop on one thread."""
    clock = MonotonicClock()
    landmarker = FaceLandmarker(watch=0)
    camera = reader(CameraSettings(url=url), clock)
    camera.open()
    taken: list[float] = []
    end = clock.now() + seconds + WARM / 30
    while clock.now() < end:
        image = camera.read(1.0)
        if image is None:
            continue
        landmarker.find(image.rgb, image.time)
        taken.append((clock.now() - image.time) * 1000.0)
    camera.close()
    print(" ".join(f"{ms:.3f}" for ms in taken[WARM:]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
