"""Emotion probabilities of several modalities as one: a logarithmic opinion pool."""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, log
from operator import mul

import msgspec

from sentio_models import EMOTIONS

Shares = tuple[float, ...]
"""Probabilities over ``EMOTIONS``; eight numbers are too few for arrays to be quicker."""

_LEAST = 1e-3  # no modality may exclude an emotion
_UNIFORM = (1.0 / len(EMOTIONS),) * len(EMOTIONS)
_MOST = log(len(EMOTIONS))  # the entropy of the uniform distribution


class EmotionPool(msgspec.Struct, frozen=True, gc=False):
    """Emotions of one modality, averaged over its last moments.

    Attributes:
        probabilities: Over ``EMOTIONS``.
        logs: Of them, none below that of a thousandth.
        weight: Sum of the weights in the average, faded.
        quality: Quality of the newest, 0..1.
        time: When that was captured.
    """

    probabilities: Shares
    logs: Shares
    weight: float
    quality: float
    time: float

    @classmethod
    def after(
        cls, before: EmotionPool | None, newest: Shares, quality: float, time: float, tau: float
    ) -> EmotionPool:
        """Return the average after ``newest``, captured at ``time``.

        The average is arithmetic: half joy and half surprise in turn is both.

        Args:
            before: The average until then.
            newest: Probabilities over ``EMOTIONS``.
            quality: 0..1; the weight of the newest.
            time: Not before that of ``before``.
            tau: Seconds in which the past fades (e-fold).
        """
        new = max(quality, 1e-3)
        if before is None:
            return cls(newest, _logs(newest), new, quality, time)
        old = before.weight * exp((before.time - time) / tau)
        rate = new / (old + new)
        both = zip(before.probabilities, newest, strict=True)
        mixed = tuple([old_share + rate * (share - old_share) for old_share, share in both])
        return cls(mixed, _logs(mixed), old + new, quality, time)


def _logs(probabilities: Shares) -> Shares:
    return tuple([log(p if p > _LEAST else _LEAST) for p in probabilities])


def pool(pools: Iterable[EmotionPool], time: float, age: float) -> tuple[Shares, float]:
    """Return the pooled probabilities and their total weight, 0..1.

    Each modality has a weight of its quality, fading with the age of its newest estimate. Together
    they have at most a weight of one: they measure the same person in the same moment, so that
    two that agree are no more certain than one (Genest & Zidek 1986). The rest to one goes to the
    uniform distribution.

    Args:
        pools: Averages of the modalities.
        time: When to pool.
        age: Seconds in which a weight fades (e-fold).
    """
    counted = list(pools)
    weights = [one.quality * exp(-max(0.0, time - one.time) / age) for one in counted]
    total = sum(weights)
    if total <= 0.0:
        return _UNIFORM, 0.0
    most = max(1.0, total)
    columns = zip(*[one.logs for one in counted], strict=True)
    logs = [sum(map(mul, weights, column)) / most for column in columns]
    top = max(logs)
    odds = [exp(value - top) for value in logs]
    whole = sum(odds)
    return tuple([part / whole for part in odds]), min(1.0, total)


def entropy(probabilities: Shares) -> float:
    """Return the entropy relative to that of the uniform distribution, 0..1."""
    value = -sum([p * log(p) for p in probabilities if p > 0]) / _MOST
    return min(1.0, max(0.0, value))


def leading(probabilities: Shares, count: int = 2) -> tuple[tuple[str, float], ...]:
    """Return the likeliest emotions with their probabilities, the first first."""
    order = sorted(zip(EMOTIONS, probabilities, strict=True), key=lambda pair: -pair[1])
    return tuple(order[:count])
