"""Draw blendshapes of faces that FACS describes, for training beside photos.

FER+'s faces come with MediaPipe's blendshapes, which never wrinkle the nose, raise the cheeks or
clench one side of the mouth, so a network that learns from them alone reads a frown, a wrinkled
nose or a one-sided smile of a headset as neutral. The combinations are those that the FACS
investigator's guide lists as prototypes and major variants (Ekman, Friesen & Hager 2002): what
coders look for, not data of people.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimate import EMOTIONS
from sentio_models.modalities.face.action_units import SHAPES
from sentio_models.modalities.face.landmarks import BLENDSHAPES

PROTOTYPES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "neutral": ((), (), ("AU45",), ("AU26",)),
    "happiness": (("AU6", "AU12"), ("AU12",), ("AU6", "AU12", "AU26"), ("AU7", "AU12")),
    "surprise": (("AU1", "AU2", "AU5", "AU26"), ("AU1", "AU2", "AU5"), ("AU1", "AU2", "AU26")),
    "sadness": (("AU1", "AU4", "AU15"), ("AU1", "AU4", "AU15", "AU17"), ("AU1", "AU15")),
    "anger": (
        ("AU4", "AU5", "AU7", "AU24"),
        ("AU4", "AU7", "AU24"),
        ("AU4", "AU7", "AU17", "AU24"),
        ("AU4", "AU24"),
        ("AU4", "AU7", "AU24", "AU29"),
        ("AU4", "AU5", "AU7", "AU10", "AU16", "AU26"),
    ),
    "disgust": (
        ("AU9",),
        ("AU9", "AU16"),
        ("AU9", "AU17"),
        ("AU4", "AU7", "AU9", "AU10"),
        ("AU10",),
        ("AU10", "AU17"),
        ("AU7", "AU9", "AU15"),
    ),
    "fear": (
        ("AU1", "AU2", "AU4", "AU5", "AU20"),
        ("AU1", "AU2", "AU4", "AU5", "AU20", "AU26"),
        ("AU1", "AU2", "AU4", "AU5", "AU7"),
        ("AU1", "AU2", "AU5", "AU20", "AU26"),
    ),
    "contempt": (("AU14",), ("AU12", "AU14"), ("AU10", "AU14")),
}
"""Action units of each expression; contempt is on one side only."""

ONE_SIDED = "contempt"

FULL = 0.6
"""Mean strength from which a prototype is certain; below, it is partly neutral, by raters."""

SURE = 0.85
"""Share of the label that a full prototype gets; the rest is neutral."""


def draw(count: int, rng: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return blendshapes ``(n, 52)`` and soft labels ``(n, 8)`` over ``EMOTIONS``.

    Args:
        count: Number of faces; the classes occur equally often.
        rng: Random generator.
    """
    shapes = np.zeros((count, len(BLENDSHAPES)), np.float32)
    labels = np.zeros((count, len(EMOTIONS)), np.float32)
    for row in range(count):
        emotion = EMOTIONS[row % len(EMOTIONS)]
        variants = PROTOTYPES[emotion]
        units = variants[int(rng.integers(len(variants)))]
        side = ("", "Left", "Right")[int(rng.integers(1, 3)) if emotion == ONE_SIDED else 0]
        level = float(rng.uniform(0.2, 1.0))
        shapes[row] = rng.uniform(0.0, 0.04, len(BLENDSHAPES)) + _look(rng)
        for unit in units:
            strength = level * float(rng.uniform(0.6, 1.0))
            for name in SHAPES[unit]:
                if side and not name.endswith(side):
                    continue
                place = BLENDSHAPES.index(name)
                shapes[row, place] = max(shapes[row, place], strength)
        sure = SURE * min(1.0, level / FULL) if units else 1.0
        labels[row, EMOTIONS.index(emotion)] += sure
        labels[row, 0] += 1.0 - sure
    return shapes.clip(0, 1), labels


def _look(rng: np.random.Generator) -> NDArray[np.float32]:
    """Return what is independent of the expression: gaze, blinks, lids at rest."""
    row = np.zeros(len(BLENDSHAPES), np.float32)
    for index, name in enumerate(BLENDSHAPES):
        if name.startswith("eyeLook"):
            row[index] = max(0.0, float(rng.normal(0, 0.2)))
        elif name.startswith("eyeSquint"):
            row[index] = float(rng.uniform(0, 0.25))
        elif name.startswith("eyeBlink"):
            row[index] = float(rng.uniform(0, 0.2))
    return row
