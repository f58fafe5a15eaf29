"""Emotion probabilities of several modalities as one: a logarithmic opinion pool."""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, log
from operator import mul

import msgspec

from sentio_models import EMOTIONS

Shares = tuple[float, ...]
"""Probabilities over ``EMOTIONS``; eight numbers are too few for arrays to be quicker."""

_LEAST = 1e-3  # no modality may rule an emotion out
_UNIFORM = (1.0 / len(EMOTIONS),) * len(EMOTIONS)
_MOST = log(len(EMOTIONS))  # the entropy of the uniform distribution


class EmotionPool(msgspec.Struct, frozen=True, gc=False):
    """One modality's view of the emotions, averaged over its last moments.

    Attributes:
        probabilities: Over ``EMOTIONS``.
        logs: Of them, none below that of a thousandth.
        weight: Sum of the weights in the average, faded.
        quality: Of the newest word, 0..1.
        time: When that was captured.
    """

    probabilities: Shares
    logs: Shares
    weight: float
    quality: float
    time: float

    @classmethod
    def after(
        cls, before: EmotionPool | None, news: Shares, quality: float, time: float, tau: float
    ) -> EmotionPool:
        """Return the opinion after ``news``, which the modality captured at ``time``.

        The average is arithmetic: who is half glad and half surprised in turn is both.

        Args:
            before: Its opinion until then.
            news: Probabilities over ``EMOTIONS``.
            quality: 0..1; the weight of the news.
            time: Not before that of ``before``.
            tau: Seconds in which the past fades (e-fold).
        """
        new = max(quality, 1e-3)
        if before is None:
            return cls(news, _logs(news), new, quality, time)
        old = before.weight * exp((before.time - time) / tau)
        rate = new / (old + new)
        mixed = tuple([p + rate * (n - p) for p, n in zip(before.probabilities, news, strict=True)])
        return cls(mixed, _logs(mixed), old + new, quality, time)


def _logs(probabilities: Shares) -> Shares:
    return tuple([log(p if p > _LEAST else _LEAST) for p in probabilities])


def pool(opinions: Iterable[EmotionPool], time: float, age: float) -> tuple[Shares, float]:
    """Return the pooled probabilities and how much say is behind them, 0..1.

    Each modality has a say of its quality, fading with the age of its last word. Together they
    have at most a say of one: they look at the same person in the same moment, so that two who
    agree do not make each other surer (Genest & Zidek 1986). What is missing to one goes to the
    uniform distribution.

    Args:
        opinions: Of the modalities.
        time: When to pool.
        age: Seconds in which a say fades (e-fold).
    """
    heard = list(opinions)
    says = [o.quality * exp(-max(0.0, time - o.time) / age) for o in heard]
    total = sum(says)
    if total <= 0.0:
        return _UNIFORM, 0.0
    most = max(1.0, total)
    logs = [
        sum(map(mul, says, column)) / most for column in zip(*[o.logs for o in heard], strict=True)
    ]
    top = max(logs)
    weights = [exp(value - top) for value in logs]
    whole = sum(weights)
    return tuple([weight / whole for weight in weights]), min(1.0, total)


def entropy(probabilities: Shares) -> float:
    """Return the entropy relative to that of the uniform distribution, 0..1."""
    value = -sum([p * log(p) for p in probabilities if p > 0]) / _MOST
    return min(1.0, max(0.0, value))


def leading(probabilities: Shares, count: int = 2) -> tuple[tuple[str, float], ...]:
    """Return the likeliest emotions with their probabilities, the first first."""
    order = sorted(zip(EMOTIONS, probabilities, strict=True), key=lambda pair: -pair[1])
    return tuple(order[:count])
