"""Measure the valence of lines of each emotion, constants of ``text.agreement``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimate import Estimate

LINES = 6000
"""Lines of the training split that are read, drawn with seed 0."""


def valence_of_emotions(
    reader: Callable[[str], Estimate],
    lines: Sequence[str],
    labels: NDArray[np.float64],
    names: Sequence[str],
) -> dict[str, tuple[float, float]]:
    """Return mean and standard deviation of the valence of lines with one label.

    Args:
        reader: Reads a line.
        lines: Labelled lines.
        labels: Shape ``(n, len(names))``, 0 or 1.
        names: Name of each label.
    """
    found: dict[str, list[float]] = {name: [] for name in names}
    for row in np.random.default_rng(0).permutation(len(lines))[:LINES]:
        estimate = reader(lines[row])
        if labels[row].sum() == 1 and "valence" in estimate.readings:
            name = names[int(labels[row].argmax())]
            found[name].append(estimate.readings["valence"].mean)
    return {
        name: (round(float(np.mean(v)), 2), round(float(np.std(v)), 2))
        for name, v in found.items()
        if v
    }
