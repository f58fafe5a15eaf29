"""Moments of expression: laughter, frown, yawn, startle, sigh; no I/O, no clock.

Each of the first three is a feature of an estimate that stays above a limit for a while, against
what the feature usually is for this person where faces differ. The limits of face and mouth follow
how long such movements last (a yawn some six seconds, Provine 1986; a word opens the jaw for tenths
of one). A startle is found by several signals together (``startle``), a sigh by the belt's own
detector.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp

from sentio_bridge.affect.startle import StartleDetector
from sentio_models import Estimate


@dataclass(frozen=True, slots=True)
class Expression:
    """One expression has begun.

    Attributes:
        name: ``laughter``, ``frown``, ``yawn``, ``startle`` or ``sigh``.
        onset: When it began (LSL clock, seconds).
        probability: 0..1 as a model states it; None if only a movement was measured.
        strength: 0..1, mean of the movement or of the probability since the onset.
        sources: Signals that showed it, where several can; empty otherwise.
    """

    name: str
    onset: float
    probability: float | None
    strength: float
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rule:
    """Rule by which an expression shows in a feature.

    Attributes:
        name: Of the expression.
        feature: Name in ``Estimate.features``.
        modalities: Which have it.
        above: Limit at which it begins, over the usual value if ``usual``.
        below: Limit at which it is over.
        seconds: How long it must last.
        usual: Whether the limits are relative to the person's usual value.
        probable: Whether the feature is a model's probability.
    """

    name: str
    feature: str
    modalities: tuple[str, ...]
    above: float
    below: float
    seconds: float
    usual: bool = False
    probable: bool = False


_FACES = ("face", "headset")
_RULES = (
    _Rule("laughter", "laughter", ("voice",), 0.7, 0.4, 0.4, probable=True),
    _Rule("frown", "brow_down", _FACES, 0.25, 0.12, 0.6, usual=True),
    _Rule("yawn", "jaw_open", _FACES, 0.55, 0.3, 2.0),
)

USUAL = 60.0
"""Seconds over which a person's usual value is averaged (e-fold)."""

GAP = 1.0
"""Seconds without an estimate that end an expression."""

LEAST = 0.3
"""Least quality of an estimate."""


class _Watch:
    """State of one rule."""

    __slots__ = ("_count", "_last", "_onset", "_rule", "_sent", "_sum", "_usual")

    def __init__(self, rule: _Rule) -> None:
        self._rule = rule
        self._last: float | None = None
        self._usual: float | None = None
        self._onset: float | None = None
        self._sum, self._count = 0.0, 0
        self._sent = False

    def take(self, value: float, time: float) -> Expression | None:
        """Take the feature; return the expression once it has lasted long enough."""
        rule = self._rule
        if self._last is not None and time <= self._last:
            return None
        step = 0.0 if self._last is None else time - self._last
        self._last = time
        if step > GAP:
            self._onset, self._sent = None, False
        usual = value if self._usual is None else self._usual
        height = value - usual if rule.usual else value
        if self._onset is None and height < rule.above:
            # Only windows without an expression belong to the usual face.
            self._usual = usual + (1.0 - exp(-min(step, GAP) / USUAL)) * (value - usual)
            return None
        if height < rule.below:
            self._onset, self._sent = None, False
            return None
        if self._onset is None:
            self._onset, self._sum, self._count = time, 0.0, 0
        self._sum += value
        self._count += 1
        if self._sent or time - self._onset < rule.seconds:
            return None
        self._sent = True
        strength = min(1.0, max(0.0, self._sum / self._count))
        return Expression(rule.name, self._onset, strength if rule.probable else None, strength)


SIGH, SIGHS_APART = 0.8, 5.0
"""Probability from which a sigh is one, and seconds between two."""

STARTLED = 1.5
"""Seconds around a startle in which lowered brows are a part of it."""

DEEPEST = 3.0
"""Usual breaths that a sigh of full strength is deep."""


class _Sighs:
    """Sighs that the body's features show."""

    def __init__(self) -> None:
        self._last: float | None = None

    def take(self, features: Mapping[str, float], time: float) -> Expression | None:
        """Take the body of the moment; return a sigh that is new."""
        age, probability = features.get("sigh_age"), features.get("sigh_probability", 0.0)
        if age is None or probability < SIGH:
            return None
        onset = time - age
        if self._last is not None and onset < self._last + SIGHS_APART:
            return None
        self._last = onset
        strength = min(1.0, max(0.0, features.get("sigh_size", 0.0) / DEEPEST))
        return Expression("sigh", onset, probability, strength)


class Expressions:
    """Watch of all expressions of one person."""

    def __init__(self) -> None:
        self._startles = StartleDetector()
        self._startled = float("-inf")
        self._sighs = _Sighs()
        self._watches = {
            modality: [(r.feature, _Watch(r)) for r in _RULES if modality in r.modalities]
            for modality in dict.fromkeys(name for rule in _RULES for name in rule.modalities)
        }

    def take(self, estimate: Estimate, captured: float) -> list[Expression]:
        """Take an estimate; return the expressions that have just become clear."""
        found: list[Expression] = []
        startle = self._startles.take(estimate, captured)
        if startle is not None:
            self._startled = startle.time
            found.append(
                Expression(
                    "startle", startle.time, startle.probability, startle.strength, startle.sources
                )
            )
        if estimate.modality == "body":
            sigh = self._sighs.take(estimate.features, captured)
            if sigh is not None:
                found.append(sigh)
        if estimate.quality < LEAST:
            return found
        for feature, watch in self._watches.get(estimate.modality, ()):
            value = estimate.features.get(feature)
            if value is None:
                continue
            expression = watch.take(value, captured)
            if expression is not None and not self._is_of_startle(expression):
                found.append(expression)
        return found

    def _is_of_startle(self, expression: Expression) -> bool:
        """Return whether low brows are part of a startle."""
        near = abs(expression.onset - self._startled) < STARTLED
        return expression.name == "frown" and near
