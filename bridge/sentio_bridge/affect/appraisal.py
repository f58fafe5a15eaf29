"""Flow, boredom, frustration and anxiety from game, input and fused state.

The course of the game comes from its markers; without them, from how the game is operated; and
without that, the fused state alone is described, with a wide deviation.

The assumptions, with their sources, are in docs/appraisal.md. No I/O, no clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, isfinite, sqrt
from typing import Any

from sentio_bridge.affect.evidence import UNIFORM_SD
from sentio_bridge.affect.play_style import PlayStyle
from sentio_models import Estimate

CHALLENGE = "challenge"
"""Marker that sets the difficulty: ``data.value`` 0..1."""

SUCCESS = "success"
"""Marker: the player managed something; ``data.value`` is its weight, 1 without."""

FAILURE = "failure"
"""Marker: the player failed at something; ``data.value`` is its weight, 1 without."""

LARGEST_WEIGHT = 10.0
"""Of one success or failure, so that a single marker cannot outweigh a level."""


@dataclass(frozen=True, slots=True)
class AppraisalSettings:
    """Assumptions of the appraisal.

    Attributes:
        memory: Seconds in which a success or failure counts for 1/e.
        prior: Successes and failures assumed before the first.
        enough: Successes and failures (still counting) from which the game's course is known.
        challenge_holds: Seconds for which a challenge holds without another marker.
        balance_width: Difference of challenge and skill at which flow is halved, about.
        affect_share: Weight of the fused state against the game's course where both are known.
        rough: Deviation of the four that no length of play takes away: what the assumptions
            behind them may be off.
        style_sd: Deviation where input statistics stand for the game's course.
        state_sd: Deviation where the fused state is used alone, if it is known exactly.
        prior_sd: Spread of valence and arousal without evidence.
        certain: Deviations of valence and arousal from which the state alone describes nothing.
    """

    memory: float = 90.0
    prior: float = 1.0
    enough: float = 2.0
    challenge_holds: float = 600.0
    balance_width: float = 0.35
    affect_share: float = 0.5
    rough: float = 0.15
    style_sd: float = 0.22
    state_sd: float = 0.2
    prior_sd: float = 0.52
    certain: float = 0.45


class Appraisal:
    """Appraisal of one person's game.

    Args:
        settings: Time constants and widths.
    """

    def __init__(self, settings: AppraisalSettings | None = None) -> None:
        self._set = settings or AppraisalSettings()
        self._time: float | None = None
        self._won = 0.0
        self._lost = 0.0
        self._challenge: tuple[float, float] | None = None
        self._newest: float | None = None
        self.style = PlayStyle()

    def take(self, estimate: Estimate, captured: float) -> None:
        """Take an estimate; input statistics are kept, others are ignored."""
        self.style.take(estimate, captured)

    def marker(self, name: str, time: float, data: Mapping[str, Any] | None = None) -> str:
        """Take a marker; others than the three names are ignored.

        Returns:
            Why it was refused (``not_finite``, ``no_value``), or an empty text.
        """
        if name not in (CHALLENGE, SUCCESS, FAILURE):
            return ""
        value = (data or {}).get("value", None if name == CHALLENGE else 1.0)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return "no_value"
        if not (isfinite(time) and isfinite(value)):
            return "not_finite"
        self._newest = time if self._newest is None else max(self._newest, time)
        if name == CHALLENGE:
            if self._challenge is None or time >= self._challenge[0]:
                self._challenge = (time, max(0.0, min(1.0, float(value))))
            return ""
        self._fade(time)
        late = 1.0 if self._time is None else exp(min(0.0, time - self._time) / self._set.memory)
        weight = late * max(0.0, min(LARGEST_WEIGHT, float(value)))
        if name == SUCCESS:
            self._won += weight
        else:
            self._lost += weight
        return ""

    def values(self, time: float, state: Mapping[str, float]) -> dict[str, float]:
        """Return ``flow``, ``boredom``, ``frustration`` and ``anxiety``, each 0..1.

        Args:
            time: Now, seconds.
            state: Known entries of the affect vector, by name.

        Returns:
            Nothing if there are no markers, no input statistics, and valence or arousal is
            unknown or too uncertain.
        """
        if not isfinite(time):
            return {}
        self._fade(time)
        course = self._course(time) or self.style.course(time)
        described = self._described(state)
        if course is None:
            return described if self._certain(state) else {}
        if not described:
            return course
        share = self._set.affect_share
        return {
            # Geometric: a low value of either game or person keeps the result low.
            name: _unit(course[name]) ** (1 - share) * _unit(described[name]) ** share
            for name in course
        }

    def deviations(self, time: float, state: Mapping[str, float]) -> dict[str, float]:
        """Return the deviation ``NAME_sd`` of each of the four that ``values`` returns.

        With markers: that of a share of successes after as many as still count (Beta
        distribution), and what the assumptions may be off. With input statistics: a constant. Of
        the state alone: as much more as evidence has left of the variance of valence and arousal.
        """
        deviation = self.deviation(time, state)
        return {f"{name}_sd": deviation for name in self.values(time, state)}

    def deviation(self, time: float, state: Mapping[str, float]) -> float:
        """Return the deviation of each of the four, where ``values`` returns them."""
        if self._course(time) is not None:
            counted = self._won + self._lost + 2 * self._set.prior
            return sqrt(0.25 / (counted + 1.0) + self._set.rough**2)
        if self.style.course(time) is not None:
            return self._set.style_sd
        left = sum(
            (state.get(f"{name}_sd", 0.0) / self._set.prior_sd) ** 2
            for name in ("valence", "arousal")
        )
        exact, unknown = self._set.state_sd**2, UNIFORM_SD**2
        return sqrt(exact + (unknown - exact) * min(1.0, left / 2.0))

    def _certain(self, state: Mapping[str, float]) -> bool:
        certain = self._set.certain
        return state.get("valence_sd", 0.0) < certain and state.get("arousal_sd", 0.0) < certain

    def _described(self, state: Mapping[str, float]) -> dict[str, float]:
        """Return the four as the fused state suggests them; nothing if it is unknown."""
        valence, arousal = _known(state, "valence"), _known(state, "arousal")
        if valence is None or arousal is None:
            return {}
        dominance = _known(state, "dominance")
        calm, roused = _low(arousal), _high(arousal)
        control = 0.5 if dominance is None else _high(dominance)
        return {
            "flow": _high(valence + 0.25) * exp(-(((arousal - 0.2) / 0.5) ** 2)),
            "boredom": calm * _low(valence),
            "frustration": roused * _low(valence),
            "anxiety": _unit(roused * _low(valence) * 2 * (1 - control)),
        }

    def age(self, now: float) -> float | None:
        """Return the seconds since the newest marker or input statistics; None for none."""
        if self._newest is not None and self._course(now) is not None:
            return max(0.0, now - self._newest)
        return self.style.age(now)

    def _course(self, time: float) -> dict[str, float] | None:
        """Return what the game alone suggests, or None after too few markers."""
        counted = self._won + self._lost
        challenge = self._challenge
        if challenge is not None and time > challenge[0] + self._set.challenge_holds:
            challenge = None
        if counted < self._set.enough and (challenge is None or counted == 0):
            return None
        prior = self._set.prior
        skill = (self._won + prior) / (counted + 2 * prior)
        # Without a challenge marker, the share of failures replaces the difficulty.
        difficulty = 1 - skill if challenge is None else challenge[1]
        balance = (difficulty - skill) / self._set.balance_width
        effort = min(1.0, difficulty + skill)
        return {
            "flow": effort * exp(-(balance**2)),
            "boredom": _sigmoid(2 * (-balance - 1)) * (1 - difficulty),
            "frustration": (self._lost + prior) / (counted + 2 * prior) * _sigmoid(balance * 2),
            "anxiety": _sigmoid(2 * (balance - 1)) * difficulty,
        }

    def _fade(self, time: float) -> None:
        if self._time is not None and time > self._time:
            keep = exp(-(time - self._time) / self._set.memory)
            self._won *= keep
            self._lost *= keep
        self._time = time if self._time is None else max(time, self._time)


def _known(state: Mapping[str, float], name: str) -> float | None:
    value = state.get(name)
    return value if value is not None and isfinite(value) else None


def _sigmoid(x: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, x))))


def _high(x: float) -> float:
    """Return how much a value of -1..1 is on the upper side, 0..1."""
    return _sigmoid(5 * x)


def _low(x: float) -> float:
    return 1 - _high(x)


def _unit(x: float) -> float:
    return max(0.0, min(1.0, x))
