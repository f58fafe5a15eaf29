"""Skin tone of a face in a colour image, as individual typology angle (ITA).

ITA (Chardon et al. 1991) is the angle of lightness over yellowness in CIE Lab. In photos of unknown
light and white balance it sorts coarsely: it serves to compare groups of photos, never to describe
a person, and no program of the product computes it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.face.landmarks import Face

Floats = NDArray[np.float64]

CHEEKS = ((50, 101, 205), (280, 330, 425))
"""Landmarks of the mesh in the middle of each cheek."""

TONES = (
    ("very light or light", 41.0),
    ("intermediate", 28.0),
    ("tan", 10.0),
    ("brown or dark", -90.0),
)
"""Name and least angle in degrees; the two lightest and the two darkest classes are joined, since
the light of web photos does not separate them."""

GREY_PHOTO = 4.0
"""Mean chroma of a face in CIE Lab below which the photo has no colour."""

_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_WHITE = _TO_XYZ.sum(axis=1)


def lab(rgb: NDArray[np.uint8]) -> Floats:
    """Return CIE L*, a*, b* (D65) of sRGB values, shape ``(..., 3)``."""
    shares = rgb.astype(np.float64) / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    ratio = linear @ _TO_XYZ.T / _WHITE
    cube = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    x, y, z = cube[..., 0], cube[..., 1], cube[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def angle(image: NDArray[np.uint8], face: Face) -> float:
    """Return the ITA of both cheeks in degrees, NaN where the photo has no colour.

    Args:
        image: ``(height, width, 3)`` RGB.
        face: Landmarks in pixels of the image.
    """
    height, width = image.shape[:2]
    reach = max(1, round(0.02 * float(np.ptp(face.landmarks[:, 1]))))
    parts = []
    for cheek in CHEEKS:
        x, y = np.round(face.landmarks[list(cheek), :2].mean(axis=0)).astype(int)
        x, y = int(np.clip(x, 0, width - 1)), int(np.clip(y, 0, height - 1))
        part = image[max(y - reach, 0) : y + reach + 1, max(x - reach, 0) : x + reach + 1]
        parts.append(lab(part.reshape(-1, 3)))
    colours = np.median(np.concatenate(parts), axis=0)
    if float(np.hypot(colours[1], colours[2])) < GREY_PHOTO:
        return float("nan")
    return float(np.degrees(np.arctan2(colours[0] - 50, max(float(colours[2]), 1e-6))))


def tone(degrees: float) -> str:
    """Return the group of an angle; ``no colour`` for NaN."""
    if np.isnan(degrees):
        return "no colour"
    return next(name for name, least in TONES if degrees >= least)
