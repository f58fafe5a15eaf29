"""Derive valence and arousal from expression probabilities.

FER+ has no ratings of valence or arousal: the values follow from the expression by a published
mapping, and are called derived wherever they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimate import Reading

COORDINATES: Mapping[str, tuple[float, float]] = {
    "neutral": (0.0, 0.0),
    "happiness": (0.81, 0.51),
    "surprise": (0.40, 0.67),
    "sadness": (-0.63, -0.27),
    "anger": (-0.51, 0.59),
    "disgust": (-0.60, 0.35),
    "fear": (-0.64, 0.60),
    "contempt": (-0.55, 0.45),
}
"""Mean pleasure and arousal in ratings of the words happy, surprised, sad, angry, disgusted
and fearful (Russell & Mehrabian 1977, J. Res. Personality 11, table 1). Neutral is the origin by
definition. Contempt is not in that table: it is placed between anger and disgust."""

WITHIN = 0.3
"""Standard deviation of the ratings of one word: 0.2 to 0.4 in the same table."""

DISPLAY = 0.2
"""Additional deviation between shown and felt emotion; a prior."""

_POINTS = np.array(list(COORDINATES.values()))


def derive(probabilities: NDArray[np.floating]) -> dict[str, Reading]:
    """Return valence and arousal with the variance of the mixture.

    Args:
        probabilities: Shape ``(8,)`` over ``EMOTIONS``, summing to 1.

    Returns:
        ``valence`` and ``arousal``, -1..1; the variance contains the uncertainty between
        the classes, the spread within each, and the gap between shown and felt emotion.
    """
    weights = np.asarray(probabilities, np.float64)
    mean = weights @ _POINTS
    between = weights @ (_POINTS - mean) ** 2
    variance = between + WITHIN**2 + DISPLAY**2
    return {
        name: Reading(float(mean[i]), float(variance[i]))
        for i, name in enumerate(("valence", "arousal"))
    }
