"""Face drawn from soft ellipses, which face detectors accept, for the self-test."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Colour = tuple[int, int, int]

SKIN, HAIR, SHADE = (224, 172, 145), (60, 42, 32), (180, 125, 100)

_FRONT: tuple[tuple[float, float, float, float, float, float, Colour], ...] = (
    (0, -0.06, 0.27, 0.33, 0.08, 1, HAIR),
    (0, 0.36, 0.12, 0.2, 0.08, 1, (190, 140, 115)),
    (0, 0.02, 0.22, 0.29, 0.06, 1, SKIN),
)
"""Ellipses: centre x and y, half axes, softness, opacity, colour; unit: the image's side."""

_EACH_SIDE: tuple[tuple[float, float, float, float, float, float, Colour], ...] = (
    (0.1, 0.1, 0.07, 0.06, 0.9, 0.5, (225, 140, 125)),  # cheek
    (0.09, -0.075, 0.062, 0.014, 0.3, 1, (70, 48, 36)),  # brow
    (0.09, -0.025, 0.055, 0.03, 0.5, 0.6, (170, 115, 95)),  # socket
    (0.09, -0.02, 0.042, 0.019, 0.2, 1, (245, 243, 240)),  # eye
    (0.09, -0.02, 0.018, 0.018, 0.2, 1, (70, 90, 110)),  # iris
    (0.09, -0.02, 0.009, 0.009, 0.2, 1, (15, 15, 15)),  # pupil
    (0.09, -0.036, 0.045, 0.006, 0.5, 1, HAIR),  # lashes
    (0.022, 0.085, 0.012, 0.008, 0.6, 1, (120, 70, 60)),  # nostril
)

_MIDDLE: tuple[tuple[float, float, float, float, float, float, Colour], ...] = (
    (0, 0.03, 0.022, 0.08, 1, 0.5, (240, 200, 175)),  # nose
    (0.025, 0.04, 0.012, 0.06, 1, 0.5, SHADE),
    (0, 0.165, 0.075, 0.018, 0.3, 1, (185, 85, 85)),  # lips
    (0, 0.178, 0.06, 0.016, 0.3, 1, (200, 105, 100)),
    (0, 0.168, 0.07, 0.004, 0.6, 1, (90, 35, 40)),
    (0, 0.215, 0.05, 0.012, 1, 0.4, SHADE),  # chin
)


def drawn_face(size: int = 320) -> NDArray[np.uint8]:
    """Return a square RGB image, ``(size, size, 3)``, of one calm face from the front."""
    y, x = np.mgrid[0:size, 0:size] / size - 0.5
    image = np.full((size, size, 3), (150.0, 160.0, 170.0))
    sides = [(side * cx, *rest) for side in (-1, 1) for cx, *rest in _EACH_SIDE]
    for cx, cy, width, height, softness, opacity, colour in (*_FRONT, *sides, *_MIDDLE):
        inside = 1 - np.sqrt(((x - cx) / width) ** 2 + ((y - cy) / height) ** 2)
        cover = np.clip(opacity * inside / softness, 0, 1)[..., None]
        image = image * (1 - cover) + np.array(colour) * cover
    pixels: NDArray[np.uint8] = np.clip(image, 0, 255).astype(np.uint8)
    return pixels
