"""Assess whether an expression can be estimated from a face."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.face.align import SIZE, Crop
from sentio_models.modalities.face.landmarks import Face


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits at which quality begins to fall and at which it is 0, one pair a check.

    Attributes:
        scale: Image pixels for one crop pixel. At 1 the face is as large as in FER+; accuracy is
            kept down to about 0.4 (docs/evaluation.md), below 0.25 it is twelve pixels wide.
        yaw: Degrees to either side; beyond 60 half of the face is hidden.
        pitch: Degrees up or down from the median of -5.
        light: Mean grey of the crop.
        glare: Mean grey above which the face is overexposed.
        contrast: Standard deviation of the crop's grey.
        sharpness: Variance of the Laplacian relative to the variance of grey.
        detail: Smallest spread of grey around an eye or the mouth relative to the whole face:
            a covered part is flat.
        inside: Share of the crop that is within the image.
        crowd: Factor on the quality if another face is in view.
    """

    scale: tuple[float, float] = (0.6, 0.25)
    yaw: tuple[float, float] = (30.0, 60.0)
    pitch: tuple[float, float] = (25.0, 50.0)
    light: tuple[float, float] = (40.0, 12.0)
    glare: tuple[float, float] = (225.0, 248.0)
    contrast: tuple[float, float] = (14.0, 4.0)
    sharpness: tuple[float, float] = (0.02, 0.004)
    detail: tuple[float, float] = (0.16, 0.05)
    inside: tuple[float, float] = (0.85, 0.5)
    crowd: float = 0.8


LIMITS = Limits()

PARTS = (
    (slice(12, 23), slice(8, 22)),
    (slice(12, 23), slice(26, 40)),
    (slice(29, 43), slice(14, 34)),
)
"""Rows and columns around the two eyes and the mouth, in a crop of 48 pixels."""

MEDIAN_PITCH = -5.0
"""Median over FER+, degrees: an offset of the canonical head model."""


def sharpness(grey: NDArray[np.float32]) -> float:
    """Return the variance of the Laplacian relative to that of the grey values."""
    inner = grey[1:-1, 1:-1]
    laplacian = 4 * inner - grey[:-2, 1:-1] - grey[2:, 1:-1] - grey[1:-1, :-2] - grey[1:-1, 2:]
    return float(laplacian.var() / (grey.var() + 1.0))


def _part(grey: NDArray[np.float32], rows: slice, columns: slice) -> NDArray[np.float32]:
    times = len(grey) / SIZE
    top, bottom, left, right = (
        round(edge * times) for edge in (rows.start, rows.stop, columns.start, columns.stop)
    )
    return grey[top:bottom, left:right]


def assess(
    crop: Crop, face: Face, others: int = 0, limits: Limits = LIMITS
) -> tuple[float, tuple[str, ...]]:
    """Return quality 0..1 and the reasons for a quality below 1.

    Args:
        crop: The aligned face.
        face: Its landmarks and pose.
        others: Number of further faces in view.
        limits: Limits of the checks.
    """
    yaw, pitch, _ = np.degrees(face.angles)
    whole = float(crop.grey.std()) + 1e-6
    detail = min(float(_part(crop.grey, rows, columns).std()) for rows, columns in PARTS) / whole
    checks = (
        ("face_too_small", crop.scale, limits.scale),
        ("turned_away", abs(yaw), limits.yaw),
        ("turned_away", abs(pitch - MEDIAN_PITCH), limits.pitch),
        ("dark", float(crop.grey.mean()), limits.light),
        ("overexposed", float(crop.grey.mean()), limits.glare),
        ("low_contrast", whole, limits.contrast),
        ("blurred", sharpness(crop.grey), limits.sharpness),
        ("occluded", detail, limits.detail),
        ("cut_off", crop.inside, limits.inside),
    )
    quality = 1.0
    reasons: list[str] = []
    for code, value, (good, bad) in checks:
        score = min(max((value - bad) / (good - bad), 0.0), 1.0)
        quality *= score
        if score < 1 and code not in reasons:
            reasons.append(code)
    if others:
        quality *= limits.crowd
        reasons.append("several_faces")
    return quality, tuple(reasons)
