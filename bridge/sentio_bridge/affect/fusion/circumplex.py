"""Stress and relaxation from valence and arousal and their own measurements.

Stress is activated and unpleasant, relaxation calm and pleasant: the upper left and the lower
right of the circumplex (Russell 1980). With valence v and arousal a,

    stress = max(0, (a - v) / 2),   relaxation = max(0, (v - a) / 2)

where v and a are Gaussian. The mean and variance of such a rectified Gaussian are known in closed
form. So the two indices move as soon as a face, a voice or a heart does.
"""

from __future__ import annotations

from math import erf, exp, pi, sqrt

_ROUGH = 0.12
"""Deviation of an index from this rule."""


def rectified(mean: float, variance: float) -> tuple[float, float]:
    """Return mean and variance of ``max(0, x)`` where x is Gaussian."""
    deviation = sqrt(max(variance, 1e-12))
    z = mean / deviation
    density = exp(-0.5 * z * z) / sqrt(2.0 * pi)
    below = 0.5 * (1.0 + erf(z / sqrt(2.0)))
    expected = mean * below + deviation * density
    square = (mean * mean + variance) * below + mean * deviation * density
    return expected, max(0.0, square - expected * expected)


def index(
    difference: float, variance: float, measured: tuple[float, float] | None
) -> tuple[float, float]:
    """Return mean and variance of an index.

    Args:
        difference: (a - v) / 2 for stress, (v - a) / 2 for relaxation.
        variance: Of it.
        measured: Mean and variance of the index by its own sensors, or None.
    """
    mean, spread = rectified(difference, variance)
    spread += _ROUGH * _ROUGH
    if measured is not None:
        own, uncertain = measured
        share = spread / (spread + uncertain)
        mean += share * (own - mean)
        spread *= 1.0 - share
    return mean, spread
