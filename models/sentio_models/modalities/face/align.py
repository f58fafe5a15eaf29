"""Crop an upright, centred face from an image with the framing of FER+.

A similarity transform (rotation, scale, shift) maps eight landmarks that move little with
expression to their mean positions in FER+. The crop network is trained with the same transform, so
live images match its training data.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float64]

SIZE = 48
"""Side of FER+'s images in pixels, the unit of the framing."""

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
"""Positions of the anchors in the crop (x, y): their Procrustes mean over FER+, made symmetric, 5 %
smaller and 1.5 pixels higher so that an open jaw stays inside."""

GREY = np.array([0.299, 0.587, 0.114], np.float32)
"""Luma weights of ITU-R BT.601, which JPEG and thus FER+ use."""


@dataclass(frozen=True, slots=True)
class Crop:
    """An aligned face.

    Attributes:
        grey: Shape ``(size, size)`` float32, 0..255.
        scale: Size of the face in the image relative to FER+; below 1 it was enlarged.
        inside: Share of the crop that is within the image.
        roll: Head roll in radians, positive clockwise in the image.
    """

    grey: NDArray[np.float32]
    scale: float
    inside: float
    roll: float


def similarity(points: Floats) -> NDArray[np.float64]:
    """Fit the transform from crop coordinates to image coordinates.

    Least squares over rotation, scale and shift, without mirroring, in closed form (Umeyama 1991
    restricted to the plane).

    Args:
        points: Shape ``(8, 2)``, the anchors in image pixels.

    Returns:
        Shape ``(2, 3)``: image = M[:, :2] @ crop + M[:, 2]. ``M[:, :2]`` is zero if the points
        coincide.
    """
    target = TEMPLATE[:, 0] + 1j * TEMPLATE[:, 1]
    source = points[:, 0] + 1j * points[:, 1]
    spread = target - target.mean()
    turn = np.vdot(spread, source - source.mean()) / np.vdot(spread, spread).real
    shift = source.mean() - turn * target.mean()
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])


def framed(landmarks: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return landmarks with the framing of the crop: upright, of equal size, centred.

    Args:
        landmarks: Shape ``(478, 3)``: x, y and depth in image pixels.

    Returns:
        Shape ``(478, 3)``: pixels of a 48 x 48 crop from its middle, and depth from its mean. 0 if
        the anchors coincide.
    """
    points = np.asarray(landmarks, np.float64)
    matrix = similarity(points[ANCHORS, :2])
    turn, scale = matrix[:, :2], float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if not scale > 0:
        return np.zeros(points.shape, np.float32)
    flat = (points[:, :2] - matrix[:, 2]) @ turn / scale**2 - (SIZE - 1) / 2
    depth = points[:, 2] / scale
    return np.column_stack([flat, depth - depth.mean()]).astype(np.float32)


def crop(image: Pixels, landmarks: Floats, size: int = SIZE) -> Crop:
    """Crop the face with the given landmarks.

    Args:
        image: ``(height, width, 3)`` RGB or ``(height, width)`` grey, uint8.
        landmarks: Shape ``(478, 2)`` or more columns: x and y in image pixels.
        size: Side of the crop in pixels; the framing stays the same.

    Returns:
        The crop; outside the image the edge pixels are repeated.
    """
    matrix = similarity(np.asarray(landmarks, np.float64)[ANCHORS, :2])
    return warp(image, matrix, size)


def warp(image: Pixels, matrix: NDArray[np.float64], size: int = SIZE) -> Crop:
    """Sample a ``size`` x ``size`` grey square through a similarity transform.

    Each crop pixel is the mean of 2 x 2 bilinear samples. If the face is large, the image is
    reduced first by averaging blocks, so that fine texture does not alias.

    Args:
        image: ``(height, width, 3)`` RGB or ``(height, width)`` grey, uint8, not empty.
        matrix: Shape ``(2, 3)``, from the coordinates of a 48 x 48 crop to those of the image
            (pixel centres at whole numbers).
        size: Side of the square.
    """
    height, width = image.shape[:2]
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    steps = (np.arange(2 * size) + 0.5) * SIZE / (2 * size) - 0.5
    x = matrix[0, 0] * steps + (matrix[0, 1] * steps + matrix[0, 2])[:, None]
    y = matrix[1, 0] * steps + (matrix[1, 1] * steps + matrix[1, 2])[:, None]

    # Linear coordinates have their extremes at the corners.
    corners = np.ix_((0, -1), (0, -1))
    inside = 1.0
    if not _within(x[corners], width).all() or not _within(y[corners], height).all():
        inside = float(np.mean(_within(x, width) & _within(y, height)))
    left, right = _span(x[corners], width)
    top, bottom = _span(y[corners], height)
    part = image[top:bottom, left:right].astype(np.float32)
    grey = part @ GREY if part.ndim == 3 else part
    x -= left
    y -= top
    block = int(scale * SIZE / size / 2)
    if block > 1 and min(grey.shape) >= block:
        grey = _blocks(grey, block)
        x, y = (x - (block - 1) / 2) / block, (y - (block - 1) / 2) / block
    small = _blocks(_bilinear(grey, x, y), 2)
    return Crop(small, scale, inside, float(np.arctan2(matrix[1, 0], matrix[0, 0])))


def _within(coordinate: Floats, limit: int) -> NDArray[np.bool_]:
    return (coordinate > -0.5) & (coordinate < limit - 0.5)


def _span(coordinate: Floats, limit: int) -> tuple[int, int]:
    """Return the range of pixels in the image that the samples need, at least one."""
    first = min(max(floor(coordinate.min()), 0), limit - 1)
    last = min(max(ceil(coordinate.max()) + 1, first + 1), limit)
    return first, last


def _blocks(grey: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Average complete blocks; partial ones at the right and bottom are dropped.

    Adding slices is several times as fast as one mean over two axes.
    """
    rows, columns = grey.shape[0] // side, grey.shape[1] // side
    grey = grey[: rows * side, : columns * side]
    tall = sum((grey[k::side] for k in range(1, side)), start=grey[::side])
    total = sum((tall[:, k::side] for k in range(1, side)), start=tall[:, ::side])
    mean: NDArray[np.float32] = total / np.float32(side * side)
    return mean


def _bilinear(grey: NDArray[np.float32], x: Floats, y: Floats) -> NDArray[np.float32]:
    height, width = grey.shape
    x, y = np.clip(x, 0, width - 1), np.clip(y, 0, height - 1)
    left = np.minimum(x.astype(np.intp), max(width - 2, 0))
    top = np.minimum(y.astype(np.intp), max(height - 2, 0))
    u, v = (x - left).astype(np.float32), (y - top).astype(np.float32)
    # Indices of the flat image: one index array instead of two, with one bounds check.
    flat, right, below = grey.ravel(), int(width > 1), width * int(height > 1)
    at = top * width + left
    first, second = flat.take(at), flat.take(at + below)
    above = first + (flat.take(at + right) - first) * u
    under = second + (flat.take(at + below + right) - second) * u
    blend: NDArray[np.float32] = above + (under - above) * v
    return blend
