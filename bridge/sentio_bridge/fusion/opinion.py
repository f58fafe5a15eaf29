"""Emotion probabilities of several modalities as one: a logarithmic opinion pool."""

from __future__ import annotations

import numpy as np

from sentio_bridge.fusion.filter import Moment
from sentio_bridge.fusion.measurement import Floats
from sentio_models import EMOTIONS

_LEAST = 1e-3  # no modality may rule an emotion out


def pool(at: Moment, time: float, age: float) -> tuple[Floats, float]:
    """Return the pooled probabilities and how much say is behind them.

    Each modality has a say of its quality, fading with the age of its last word. Together they
    have at most a say of one: they look at the same person in the same moment, so that two who
    agree do not make each other surer (Genest & Zidek 1986). What is missing to one goes to the
    uniform distribution. Pooling is geometric across modalities, while each one's own past was
    averaged arithmetically: a face that is half glad and half surprised stays so.

    Args:
        at: The fused moment.
        time: When to pool, not before it.
        age: Seconds in which a say fades (e-fold).
    """
    say = at.clarity * np.exp(-np.maximum(0.0, time - at.expressed) / age)
    total = float(say.sum())
    logs = (say / max(1.0, total)) @ np.log(np.maximum(at.emotions, _LEAST))
    weights = np.exp(logs - logs.max())
    pooled: Floats = weights / weights.sum()
    return pooled, min(1.0, total)


def entropy(probabilities: Floats) -> float:
    """Return the entropy relative to that of the uniform distribution, 0..1."""
    positive = probabilities[probabilities > 0]
    value = -float((positive * np.log(positive)).sum()) / float(np.log(len(EMOTIONS)))
    return min(1.0, max(0.0, value))


def leading(probabilities: Floats, count: int = 2) -> tuple[tuple[str, float], ...]:
    """Return the likeliest emotions with their probabilities, the first first."""
    order = np.argsort(-probabilities, kind="stable")[:count]
    return tuple((EMOTIONS[int(i)], float(probabilities[int(i)])) for i in order)
