"""Expressions relative to a person's face at rest; no I/O, no clock.

Some faces at rest look sad. What a modality usually sees in this person is
learnt, and an expression that is likelier at rest than in people in general is divided by how much
likelier it is. Usual is the median over time, which a smile now and then does not move; it starts
from people in general and follows slowly, so that nothing jumps. A guided baseline sets it at
once. No probability is divided by more than ``MOST``.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, log

import msgspec

from sentio_models import EMOTIONS, Estimate, Norm

GENERAL: Mapping[str, float] = {"neutral": 0.65} | dict.fromkeys(
    (name for name in EMOTIONS if name != "neutral"), 0.05
)
"""Probabilities of a face at rest in people in general."""

MODALITIES = ("face", "headset")
"""Those whose expressions are corrected. A voice's are relative to the person already: corrected
again, its classes without evidence would fall from 1/8 to .05 within minutes, as if the voice had
excluded them. Words have no resting face."""

MOST = 3.0
"""Largest divisor of a probability, before they are made to sum to 1 again."""

RATE = 0.004
"""Logarithms per second by which the usual moves towards the present: a factor of two takes three
minutes."""

LONGEST_STEP = 1.0
"""Seconds that one estimate can count for."""

LEAST = 0.01
"""Smallest probability: below, differences are noise."""

TRUST = 5.0
"""Windows of a guided baseline after which half of its difference counts."""

LEAST_QUALITY = 0.3
"""Quality from which an estimate is learnt from."""


class _Usual:
    """Usual expressions of one modality, as logarithms of probabilities."""

    def __init__(self) -> None:
        self._logs = {name: log(GENERAL[name]) for name in EMOTIONS}
        self._last: float | None = None

    def set(self, norms: Mapping[str, Norm]) -> None:
        """Start from a guided baseline."""
        for name in EMOTIONS:
            norm = norms.get(f"p_{name}")
            if norm is not None:
                share = norm.weight / (norm.weight + TRUST)
                at_rest = log(max(LEAST, min(1.0, norm.mean)))
                self._logs[name] = (1.0 - share) * log(GENERAL[name]) + share * at_rest

    def learn(self, emotions: Mapping[str, float], time: float) -> None:
        """Move towards the present by at most ``RATE``."""
        step = 0.0 if self._last is None else min(LONGEST_STEP, time - self._last)
        if self._last is None or step > 0.0:
            self._last = time
        moved = RATE * max(0.0, step)
        for name in EMOTIONS:
            now = log(max(LEAST, emotions.get(name, 0.0)))
            apart = now - self._logs[name]
            self._logs[name] += max(-moved, min(moved, apart))

    def correct(self, emotions: Mapping[str, float]) -> dict[str, float]:
        """Return the probabilities relative to the usual ones; they sum to 1."""
        bound = log(MOST)
        weighed = {}
        for name in EMOTIONS:
            apart = log(GENERAL[name]) - self._logs[name]
            # Only what is shown too often is taken out: a rare expression is not made likelier.
            weighed[name] = emotions.get(name, 0.0) * exp(max(-bound, min(0.0, apart)))
        total = sum(weighed.values())
        return (
            {name: value / total for name, value in weighed.items()}
            if total > 0
            else dict(emotions)
        )


class RestingExpression:
    """Correction of one person's expressions, causal."""

    def __init__(self) -> None:
        self._usual: dict[str, _Usual] = {}

    def start_from(self, baselines: Mapping[str, Mapping[str, Norm]]) -> None:
        """Start from a guided baseline, by modality; what it lacks is learnt."""
        self._usual = {}
        for modality in MODALITIES:
            norms = baselines.get(modality, {})
            if any(f"p_{name}" in norms for name in EMOTIONS):
                self._usual.setdefault(modality, _Usual()).set(norms)

    def correct(self, estimate: Estimate, captured: float) -> Estimate:
        """Return the estimate with its expressions relative to this person at rest.

        Args:
            estimate: Finite; one without expressions is returned unchanged.
            captured: Seconds; older than the last one teaches nothing.
        """
        if estimate.emotions is None or estimate.modality not in MODALITIES:
            return estimate
        usual = self._usual.setdefault(estimate.modality, _Usual())
        corrected = usual.correct(estimate.emotions)
        if estimate.quality >= LEAST_QUALITY:
            usual.learn(estimate.emotions, captured)
        return msgspec.structs.replace(estimate, emotions=corrected)

    def forget(self, modality: str) -> None:
        """Drop what was learnt of a modality."""
        self._usual.pop(modality, None)
