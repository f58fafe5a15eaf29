"""Emotion probabilities of several modalities as one: a logarithmic opinion pool."""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, log

import msgspec
import numpy as np

from sentio_bridge.fusion.measurement import Floats
from sentio_models import EMOTIONS

_LEAST = 1e-3  # no modality may rule an emotion out
_UNIFORM = np.full(len(EMOTIONS), 1.0 / len(EMOTIONS))


class Opinion(msgspec.Struct, frozen=True, gc=False):
    """One modality's view of the emotions, averaged over its last moments.

    Attributes:
        probabilities: Over ``EMOTIONS``.
        weight: Sum of the weights in the average, faded.
        quality: Of the newest word, 0..1.
        time: When that was captured.
    """

    probabilities: Floats
    weight: float
    quality: float
    time: float

    @classmethod
    def after(
        cls, before: Opinion | None, news: Floats, quality: float, time: float, tau: float
    ) -> Opinion:
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
            return cls(news, new, quality, time)
        old = before.weight * exp((before.time - time) / tau)
        rate = new / (old + new)
        mixed = before.probabilities + rate * (news - before.probabilities)
        return cls(mixed, old + new, quality, time)


def pool(opinions: Iterable[Opinion], time: float, age: float) -> tuple[Floats, float]:
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
        return _UNIFORM.copy(), 0.0
    logs = np.log(np.maximum([o.probabilities for o in heard], _LEAST))
    logs = np.array(says) @ logs / max(1.0, total)
    weights = np.exp(logs - logs.max())
    pooled: Floats = weights / weights.sum()
    return pooled, min(1.0, total)


def entropy(probabilities: Floats) -> float:
    """Return the entropy relative to that of the uniform distribution, 0..1."""
    values: list[float] = probabilities.tolist()
    value = -sum(p * log(p) for p in values if p > 0) / log(len(EMOTIONS))
    return min(1.0, max(0.0, value))


def leading(probabilities: Floats, count: int = 2) -> tuple[tuple[str, float], ...]:
    """Return the likeliest emotions with their probabilities, the first first."""
    order = np.argsort(-probabilities, kind="stable")[:count]
    return tuple((EMOTIONS[int(i)], float(probabilities[int(i)])) for i in order)
