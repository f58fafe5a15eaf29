"""Draw small frames of the simulated face.

They are for previews, recordings and tests of the video path.

No face model finds a face in a drawing; the ``face`` role is the simulated expression.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.simulated.body import generator
from sentio_sensors.simulated.face import BLENDSHAPES
from sentio_sensors.simulated.physiology import Signal

Frame = NDArray[np.uint8]

_SKIN, _WALL, _DARK, _LIP = (222, 178, 150), (86, 96, 108), (48, 40, 38), (168, 72, 76)
_NOISE_FRAMES = 8


class Picture:
    """Drawing of a face with given blendshapes, frame by frame.

    Args:
        shapes: Output of ``face.face`` at the frame rate, one row a frame.
        width: Pixels.
        height: Pixels.
        seed: Seed of the sensor noise.
    """

    def __init__(self, shapes: Signal, width: int, height: int, seed: int) -> None:
        self._shapes = shapes
        self._columns = {name: index for index, name in enumerate(BLENDSHAPES)}
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        # The face fills 80 % of the height; u and v are -1..1 across it.
        self._u = (x - width / 2) / (0.30 * height)
        self._v = (y - height / 2) / (0.40 * height)
        inside = self._u**2 + self._v**2 < 1
        self._base = np.where(inside[..., None], _SKIN, _WALL).astype(np.uint8)
        noise = generator(seed, 80).integers(0, 5, (_NOISE_FRAMES, height, width, 3))
        self._noise = noise.astype(np.uint8)

    def frame(self, index: int) -> Frame:
        """Return one RGB frame, shape ``(height, width, 3)``."""
        row = self._shapes[index % len(self._shapes)]
        u, v = self._u, self._v
        picture = self._base.copy()
        opening = 0.12 * (1.05 - self._shape(row, "eyeBlinkLeft"))
        drop = 0.1 * (self._shape(row, "browInnerUp") - self._shape(row, "browDownLeft"))
        for side in (-0.38, 0.38):
            eye = ((u - side) / 0.17) ** 2 + ((v + 0.22) / opening) ** 2 < 1
            brow = (np.abs(u - side) < 0.2) & (np.abs(v + 0.46 + drop) < 0.035)
            picture[eye | brow] = _DARK
        bend = 0.25 * (self._shape(row, "mouthSmileLeft") - self._shape(row, "mouthFrownLeft"))
        jaw = 0.04 + 0.25 * self._shape(row, "jawOpen")
        mouth = v - 0.45 + bend * ((u / 0.36) ** 2 - 0.5)
        picture[(np.abs(mouth) < jaw) & (np.abs(u) < 0.36)] = _LIP
        noisy: Frame = picture + self._noise[index % _NOISE_FRAMES]
        return noisy

    def _shape(self, row: Signal, name: str) -> float:
        return float(row[self._columns[name]])
