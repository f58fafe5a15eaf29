"""Action units by their FACS names, from blendshapes.

The Facial Action Coding System (Ekman & Friesen 1978; Ekman, Friesen & Hager 2002) names movements
of the face, not feelings. A trained coder rates them from video; here each is the strength of the
blendshapes that depict the same movement. They suit an avatar that copies a face, and an
explanation; they are not a coder's ratings, were not compared with any, and intensities of two
people or two trackers cannot be compared.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.face.landmarks import BLENDSHAPES

SHAPES: Mapping[str, tuple[str, ...]] = {
    "AU1": ("browInnerUp",),
    "AU2": ("browOuterUpLeft", "browOuterUpRight"),
    "AU4": ("browDownLeft", "browDownRight"),
    "AU5": ("eyeWideLeft", "eyeWideRight"),
    "AU6": ("cheekSquintLeft", "cheekSquintRight"),
    "AU7": ("eyeSquintLeft", "eyeSquintRight"),
    "AU9": ("noseSneerLeft", "noseSneerRight"),
    "AU10": ("mouthUpperUpLeft", "mouthUpperUpRight"),
    "AU12": ("mouthSmileLeft", "mouthSmileRight"),
    "AU14": ("mouthDimpleLeft", "mouthDimpleRight"),
    "AU15": ("mouthFrownLeft", "mouthFrownRight"),
    "AU16": ("mouthLowerDownLeft", "mouthLowerDownRight"),
    "AU17": ("mouthShrugLower",),
    "AU18": ("mouthPucker",),
    "AU20": ("mouthStretchLeft", "mouthStretchRight"),
    "AU22": ("mouthFunnel",),
    "AU24": ("mouthPressLeft", "mouthPressRight"),
    "AU26": ("jawOpen",),
    "AU28": ("mouthRollLower", "mouthRollUpper"),
    "AU29": ("jawForward",),
    "AU34": ("cheekPuff",),
    "AU45": ("eyeBlinkLeft", "eyeBlinkRight"),
}
"""Blendshapes of each action unit; their mean is its strength. AU24 and not AU23: ARKit's
``mouthPress`` presses the lips together."""

NAMES: Mapping[str, str] = {
    "AU1": "inner brow raiser",
    "AU2": "outer brow raiser",
    "AU4": "brow lowerer",
    "AU5": "upper lid raiser",
    "AU6": "cheek raiser",
    "AU7": "lid tightener",
    "AU9": "nose wrinkler",
    "AU10": "upper lip raiser",
    "AU12": "lip corner puller",
    "AU14": "dimpler",
    "AU15": "lip corner depressor",
    "AU16": "lower lip depressor",
    "AU17": "chin raiser",
    "AU18": "lip pucker",
    "AU20": "lip stretcher",
    "AU22": "lip funneler",
    "AU24": "lip pressor",
    "AU26": "jaw drop",
    "AU28": "lip suck",
    "AU29": "jaw thrust",
    "AU34": "cheek puff",
    "AU45": "blink",
}
"""FACS name of each action unit."""

NEVER_FROM_CAMERA = frozenset({"AU6", "AU9", "AU29", "AU34"})
"""Action units that MediaPipe's blendshapes never show: over FER+'s training split the 99th
percentile of cheekSquint, noseSneer, cheekPuff and jawForward is below .02. Phones and headsets
may have them."""

_PLACES = {
    unit: np.array([BLENDSHAPES.index(name) for name in names]) for unit, names in SHAPES.items()
}


def from_camera(blendshapes: NDArray[np.floating]) -> dict[str, float]:
    """Return the strength of each action unit that a camera shows, 0..1.

    Args:
        blendshapes: Shape ``(52,)``, in the order of ``BLENDSHAPES``.
    """
    return {
        unit: _strength(blendshapes, places)
        for unit, places in _PLACES.items()
        if unit not in NEVER_FROM_CAMERA
    }


def from_tracker(
    blendshapes: NDArray[np.floating], known: NDArray[np.floating]
) -> dict[str, float]:
    """Return the strength of each action unit with known blendshapes, 0..1.

    Args:
        blendshapes: Shape ``(52,)``, in the order of ``BLENDSHAPES``.
        known: Shape ``(52,)``, above 0 where the tracker sends the blendshape.
    """
    return {
        unit: _strength(blendshapes, places)
        for unit, places in _PLACES.items()
        if (known[places] > 0).all()
    }


def _strength(blendshapes: NDArray[np.floating], places: NDArray[np.intp]) -> float:
    return float(np.clip(np.mean(blendshapes[places], dtype=np.float64), 0.0, 1.0))
