"""The bare loop that the camera path is compared with: decode a JPEG, find the face.

``python -m benchmarks.bare_face URL SECONDS`` prints milliseconds from a picture's
arrival to its landmarks, one for each picture.
"""

from __future__ import annotations

import sys

from sentio_models.modalities.face.landmarker import FaceLandmarker
from sentio_sensors import MonotonicClock
from sentio_sensors.camera.source import CameraSettings, reader

WARM = 60
"""Pictures at the start that do not count."""


def main(url: str, seconds: float) -> None:
    """Read, decode, find; in one loop on one thread, nothing else."""
    clock = MonotonicClock()
    landmarker = FaceLandmarker(watch=0)
    camera = reader(CameraSettings(url=url), clock)
    camera.open()
    taken: list[float] = []
    end = clock.now() + seconds + WARM / 30
    while clock.now() < end:
        picture = camera.read(1.0)
        if picture is None:
            continue
        landmarker.find(picture.rgb, picture.time)
        taken.append((clock.now() - picture.time) * 1000.0)
    camera.close()
    print(" ".join(f"{ms:.3f}" for ms in taken[WARM:]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
