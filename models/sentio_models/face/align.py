"""Cuts an upright, centred face out of an image, framed the way FER+ frames its faces.

A similarity transform (turn, scale, shift) carries eight landmarks that move little with
expression onto where they lie, on average, in FER+; the crop network is trained through the
same transform, so what it meets live is what it learnt on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float64]

SIZE = 48
"""Side of FER+'s faces in pixels, in which the framing is given."""

ANCHORS = (33, 133, 362, 263, 168, 2, 61, 291)
"""Landmarks of MediaPipe's 478-point mesh: the corners of both eyes, the bridge of the nose
between them, the base of the nose, and the corners of the mouth."""

TEMPLATE = np.array(
    [
        (12.2, 17.1),
        (19.3, 17.6),
        (28.7, 17.6),
        (35.8, 17.1),
        (24.0, 16.4),
        (24.0, 29.2),
        (17.2, 34.9),
        (30.8, 34.9),
    ]
)
"""Where the anchors come to lie in the crop (x, y): their Procrustes mean over FER+, made
symmetric, 5 % smaller and 1.5 pixels higher so that an open jaw stays inside."""

GREY = np.array([0.299, 0.587, 0.114], np.float32)
"""Luma weights of ITU-R BT.601, which JPEG and thus FER+ used."""


@dataclass(frozen=True, slots=True)
class Crop:
    """An aligned face.

    Attributes:
        grey: Shape ``(size, size)`` float32, 0..255.
        scale: How much larger than in FER+ the face is in the image; below 1 it was enlarged.
        inside: Share of the crop that lies within the image.
        roll: How far the head leans, radians, positive clockwise as seen in the image.
    """

    grey: NDArray[np.float32]
    scale: float
    inside: float
    roll: float


def similarity(points: Floats) -> NDArray[np.float64]:
    """Fit the transform from crop coordinates to image coordinates.

    Least squares over turn, scale and shift, without mirroring, in closed form (Umeyama 1991
    restricted to the plane).

    Args:
        points: Shape ``(8, 2)``, the anchors in image pixels.

    Returns:
        Shape ``(2, 3)``: image = M[:, :2] @ crop + M[:, 2]. All zeros in ``M[:, :2]`` where the
        points coincide.
    """
    target = TEMPLATE[:, 0] + 1j * TEMPLATE[:, 1]
    source = points[:, 0] + 1j * points[:, 1]
    spread = target - target.mean()
    turn = np.vdot(spread, source - source.mean()) / np.vdot(spread, spread).real
    shift = source.mean() - turn * target.mean()
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])


def crop(image: Pixels, landmarks: Floats, size: int = SIZE) -> Crop:
    """Cut the face that the landmarks outline.

    Args:
        image: ``(height, width, 3)`` RGB or ``(height, width)`` grey, uint8.
        landmarks: Shape ``(478, 2)`` or more columns: x and y in image pixels.
        size: Side of the crop in pixels; the framing stays the same.

    Returns:
        The crop; outside the image its edge pixels are repeated.
    """
    matrix = similarity(np.asarray(landmarks, np.float64)[ANCHORS, :2])
    return warp(image, matrix, size)


def warp(image: Pixels, matrix: NDArray[np.float64], size: int = SIZE) -> Crop:
    """Sample a ``size`` x ``size`` grey square through a similarity transform.

    Each crop pixel is the mean of 2 x 2 bilinear samples from an image first reduced by whole
    blocks where the face is large, so that fine texture does not alias.

    Args:
        image: ``(height, width, 3)`` RGB or ``(height, width)`` grey, uint8, not empty.
        matrix: Shape ``(2, 3)``, from the coordinates of a 48 x 48 crop to those of the image
            (pixel centres at whole numbers).
        size: Side of the square.
    """
    height, width = image.shape[:2]
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    steps = (np.arange(2 * size) + 0.5) * SIZE / (2 * size) - 0.5
    across, down = np.meshgrid(steps, steps)
    x = matrix[0, 0] * across + matrix[0, 1] * down + matrix[0, 2]
    y = matrix[1, 0] * across + matrix[1, 1] * down + matrix[1, 2]
    inside = float(np.mean((x > -0.5) & (x < width - 0.5) & (y > -0.5) & (y < height - 0.5)))

    left, right = _span(x, width)
    top, bottom = _span(y, height)
    part = image[top:bottom, left:right].astype(np.float32)
    grey = part @ GREY if part.ndim == 3 else part
    x, y = x - left, y - top
    block = int(scale * SIZE / size / 2)
    if block > 1 and min(grey.shape) >= block:
        rows, columns = grey.shape[0] // block, grey.shape[1] // block
        grey = grey[: rows * block, : columns * block]
        grey = grey.reshape(rows, block, columns, block).mean(axis=(1, 3))
        x, y = (x - (block - 1) / 2) / block, (y - (block - 1) / 2) / block
    fine = _bilinear(grey, x, y)
    small = fine.reshape(size, 2, size, 2).mean(axis=(1, 3))
    return Crop(small, scale, inside, float(np.arctan2(matrix[1, 0], matrix[0, 0])))


def _span(coordinate: Floats, limit: int) -> tuple[int, int]:
    """Return the range of whole pixels that the samples touch, at least one, inside the image."""
    first = int(np.clip(np.floor(coordinate.min()), 0, limit - 1))
    last = int(np.clip(np.ceil(coordinate.max()) + 1, first + 1, limit))
    return first, last


def _bilinear(grey: NDArray[np.float32], x: Floats, y: Floats) -> NDArray[np.float32]:
    height, width = grey.shape
    x, y = np.clip(x, 0, width - 1), np.clip(y, 0, height - 1)
    left, top = np.minimum(x.astype(np.intp), max(width - 2, 0)), y.astype(np.intp)
    top = np.minimum(top, max(height - 2, 0))
    right, bottom = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
    u, v = (x - left).astype(np.float32), (y - top).astype(np.float32)
    above = grey[top, left] * (1 - u) + grey[top, right] * u
    below = grey[bottom, left] * (1 - u) + grey[bottom, right] * u
    blend: NDArray[np.float32] = above * (1 - v) + below * v
    return blend
