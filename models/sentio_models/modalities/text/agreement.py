"""Combine the emotions of a line with its valence, which reads negation better."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

VALENCE: Mapping[str, tuple[float, float]] = {
    "neutral": (-0.04, 0.13),
    "happiness": (0.21, 0.22),
    "surprise": (-0.06, 0.11),
    "sadness": (-0.21, 0.16),
    "anger": (-0.20, 0.18),
    "disgust": (-0.25, 0.17),
    "fear": (-0.24, 0.17),
}
"""Mean and standard deviation of the valence read from lines with this one label (5,500 lines of
GoEmotions' training split; ``sentio_research.fitting.text_agreement``). Contempt has no label."""

EMOTION_WEIGHT, VALENCE_WEIGHT = 0.8, 0.5
"""Powers of the two factors, below 1 since both come from the same words. Of all pairs that do not
raise the log loss on GoEmotions' dev split, the one with the least loss of the side of 0 on the
development chat lines and negation pairs."""


def agreeing(emotions: Mapping[str, float], valence: float) -> dict[str, float]:
    """Return emotions weighted by how well their usual valence fits the line's.

    A product of experts: ``p ** .8 * normal(valence; mean, sd) ** .5`` for each, summing to 1.

    Args:
        emotions: Probability by name; 0 stays 0.
        valence: Of the same line, -1..1.
    """
    logs = {}
    for name, probability in emotions.items():
        if probability > 0 and name in VALENCE:
            mean, sd = VALENCE[name]
            fit = -(((valence - mean) / sd) ** 2) / 2 - np.log(sd)
            logs[name] = EMOTION_WEIGHT * np.log(probability) + VALENCE_WEIGHT * fit
    most = max(logs.values(), default=0.0)
    powers = {name: float(np.exp(log - most)) for name, log in logs.items()}
    total = sum(powers.values()) or 1.0
    return {name: powers.get(name, 0.0) / total for name in emotions}
