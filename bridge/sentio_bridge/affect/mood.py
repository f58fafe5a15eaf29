"""Mood over minutes and recurring patterns; no I/O, no clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, isfinite, sqrt
from statistics import median
from typing import Annotated

import msgspec

from sentio_bridge.affect.evidence import Evidence
from sentio_models import AFFECT

Seconds = Annotated[float, msgspec.Meta(ge=0)]

ZONES = ("calm", "excited", "tense", "low", "neutral")
"""Quadrants of valence and arousal (Russell 1980), and the middle: pleasant and quiet, pleasant
and roused, unpleasant and roused, unpleasant and quiet."""


@dataclass(frozen=True, slots=True)
class MoodSettings:
    """Assumptions about moods.

    Attributes:
        tau: Seconds in which a moment's share in the mood falls to 1/e. Moods last minutes to
            days where emotions last seconds (Ekman 1994; Beedie et al. 2005).
        prior_sd: Spread of moods over people, -1..1.
        independent: Seconds after which two fused states count as separate evidence.
        longest_step: Seconds that one state can count for, so that a gap is no evidence.
        middle: Radius of the neutral zone.
        peak: By how much arousal exceeds the mood at a peak, at least.
        smooth: Seconds over which arousal is averaged before peaks are looked for: fused values
            jitter from estimate to estimate, and a peak lasts longer than that.
        recovered: Share of a peak's height that is left when it is over.
        trend: Points kept for the trend, one every ``trend_step`` seconds.
        trend_step: Seconds between them.
        peaks: Recovery times kept.
    """

    tau: float = 300.0
    prior_sd: float = 0.5
    independent: float = 10.0
    longest_step: float = 2.0
    middle: float = 0.2
    peak: float = 0.3
    smooth: float = 4.0
    recovered: float = 0.5
    trend: int = 240
    trend_step: float = 15.0
    peaks: int = 200


class SessionSummary(msgspec.Struct, frozen=True, kw_only=True):
    """Stored summary of one session.

    Attributes:
        seconds: With a known state.
        mean: Of valence, arousal and dominance, by name, -1..1.
        sd: Spread over the session, by name.
        zones: Seconds by zone of ``ZONES``.
        peaks: How often arousal rose well above the mood.
        recovery: Median seconds from a peak until half of it was gone; None without a peak.
        trend: Change of the mood a minute, by name.
    """

    seconds: Seconds
    mean: dict[str, float]
    sd: dict[str, float]
    zones: dict[str, Seconds]
    peaks: int = 0
    recovery: Seconds | None = None
    trend: dict[str, float] = {}


class _SlowMean:
    """A leaky mean, shrunk to the prior as far as evidence is missing."""

    def __init__(self, settings: MoodSettings) -> None:
        self._set = settings
        self._weight = 0.0
        self._sum = 0.0

    def add(self, value: float, sd: float, step: float) -> None:
        """Take a state that holds for ``step`` seconds."""
        # Within one independent stretch errors repeat: each second brings its share of a vote.
        weight = step / self._set.independent / (sd * sd + self._set.prior_sd**2)
        self._weight += weight
        self._sum += weight * value

    def fade(self, keep: float) -> None:
        """Let time pass that keeps a share of the evidence."""
        self._weight *= keep
        self._sum *= keep

    def read(self) -> tuple[float, float]:
        """Return the mood and its standard deviation."""
        prior = 1 / self._set.prior_sd**2
        total = prior + self._weight
        return self._sum / total, sqrt(1 / total)


class Mood:
    """The slow state of one person, and what recurs in it.

    Args:
        settings: Time constants and limits.
    """

    def __init__(self, settings: MoodSettings | None = None) -> None:
        self._set = settings or MoodSettings()
        self._slow = {name: _SlowMean(self._set) for name in AFFECT}
        self._time: float | None = None
        self._fed: dict[str, float] = {}
        self._trend: deque[tuple[float, dict[str, float]]] = deque(maxlen=self._set.trend)
        self._totals = {name: [0.0, 0.0, 0.0] for name in AFFECT}
        self._zones = dict.fromkeys(ZONES, 0.0)
        self._seconds = 0.0
        self._recoveries: deque[float] = deque(maxlen=self._set.peaks)
        self._peaks = 0
        self._peak: tuple[float, float] | None = None
        self._arousal: float | None = None

    def update(self, time: float, values: Mapping[str, float]) -> None:
        """Take the fused state at a time; what is missing, not finite or older is ignored.

        Args:
            time: Seconds, ascending.
            values: Known entries of the affect vector by name: ``valence``, ``valence_sd``, ...
        """
        if not isfinite(time) or (self._time is not None and time <= self._time):
            return
        passed = 0.0 if self._time is None else time - self._time
        self._time = time
        step = min(passed, self._set.longest_step)
        state = {n: values[n] for n in AFFECT if n in values and isfinite(values[n])}
        keep = exp(-passed / self._set.tau)
        for name, slow in self._slow.items():
            slow.fade(keep)
            if name in state:
                sd = values.get(f"{name}_sd", self._set.prior_sd)
                slow.add(state[name], sd if isfinite(sd) else self._set.prior_sd, step)
                self._fed[name] = time
                for i, part in enumerate((1.0, state[name], state[name] ** 2)):
                    self._totals[name][i] += step * part
        if state:
            self._seconds += step
        if "valence" in state and "arousal" in state:
            self._zones[zone(state["valence"], state["arousal"], self._set.middle)] += step
        if "arousal" in state:
            self._follow(time, state["arousal"], passed)
        if not self._trend or time >= self._trend[-1][0] + self._set.trend_step:
            self._trend.append((time, {n: s.read()[0] for n, s in self._slow.items()}))

    def values(self) -> dict[str, float]:
        """Return ``mood_valence``, ``mood_arousal`` and ``mood_dominance`` once known.

        Each comes with its deviation, ``mood_valence_sd`` and so on.
        """
        values: dict[str, float] = {}
        for name in AFFECT:
            mean, sd = self._slow[name].read()
            if sd < KNOWN * self._set.prior_sd:
                values[f"mood_{name}"] = max(-1.0, min(1.0, mean))
                values[f"mood_{name}_sd"] = sd
        return values

    def evidence(self, values: Mapping[str, float], now: float) -> dict[str, Evidence]:
        """Return age and confidence of each mood in ``values``."""
        found: dict[str, Evidence] = {}
        for name in AFFECT:
            deviation = values.get(f"mood_{name}_sd")
            if deviation is not None:
                narrower = max(0.0, 1.0 - deviation / self._set.prior_sd)
                found[f"mood_{name}"] = Evidence(max(0.0, now - self._fed[name]), narrower)
        return found

    def deviations(self) -> dict[str, float]:
        """Return the standard deviations of the moods, by name of ``AFFECT``."""
        return {name: slow.read()[1] for name, slow in self._slow.items()}

    def summary(self) -> SessionSummary:
        """Return what to keep of the session so far."""
        mean, sd = {}, {}
        for name, (weight, total, squares) in self._totals.items():
            if weight > 0:
                mean[name] = total / weight
                sd[name] = sqrt(max(0.0, squares / weight - mean[name] ** 2))
        return SessionSummary(
            seconds=self._seconds,
            mean=mean,
            sd=sd,
            zones=dict(self._zones),
            peaks=self._peaks,
            recovery=median(self._recoveries) if self._recoveries else None,
            trend={name: slope(self._trend, name) for name in mean},
        )

    def _follow(self, time: float, arousal: float, passed: float) -> None:
        """Find peaks over the mood, and when half of one is gone."""
        before = arousal if self._arousal is None else self._arousal
        self._arousal = before + (1.0 - exp(-passed / self._set.smooth)) * (arousal - before)
        height = self._arousal - self._slow["arousal"].read()[0]
        if self._peak is None:
            if height >= self._set.peak:
                self._peak = (time, height)
                self._peaks += 1
        elif height > self._peak[1]:
            self._peak = (time, height)
        elif height <= self._set.recovered * self._peak[1]:
            self._recoveries.append(time - self._peak[0])
            self._peak = None


KNOWN = 0.8
"""Share of the prior's spread below which a mood is known: some 30 s of certain states."""


def zone(valence: float, arousal: float, middle: float = 0.2) -> str:
    """Return the zone of ``ZONES`` that a state lies in."""
    if valence**2 + arousal**2 < middle**2:
        return "neutral"
    if arousal >= 0:
        return "excited" if valence >= 0 else "tense"
    return "calm" if valence >= 0 else "low"


def slope(points: Sequence[tuple[float, Mapping[str, float]]], name: str) -> float:
    """Return the slope of a line through the points per minute; 0 below three."""
    if len(points) < 3:
        return 0.0
    times = [time / 60 for time, _ in points]
    values = [found[name] for _, found in points]
    centre, level = sum(times) / len(times), sum(values) / len(values)
    spread = sum((t - centre) ** 2 for t in times)
    return sum((t - centre) * (v - level) for t, v in zip(times, values, strict=True)) / spread


def across(sessions: Sequence[SessionSummary]) -> dict[str, float]:
    """Compare the newest session with those before it.

    Args:
        sessions: Of one profile, the oldest first.

    Returns:
        By ``valence``, ``arousal``, ``dominance``: by how many usual spreads between sessions
        the newest lies above the median of the others; and ``recovery``: its ratio to theirs.
        What cannot be compared (under three sessions before) is left out.
    """
    if len(sessions) < 4:
        return {}
    *old, new = sessions
    found = {}
    for name, value in new.mean.items():
        others = [s.mean[name] for s in old if name in s.mean]
        if len(others) >= 3:
            centre = median(others)
            spread = 1.4826 * median(abs(v - centre) for v in others)
            found[name] = (value - centre) / max(spread, LEAST_SPREAD)
    recoveries = [s.recovery for s in old if s.recovery]
    if new.recovery is not None and len(recoveries) >= 3:
        found["recovery"] = new.recovery / median(recoveries)
    return found


LEAST_SPREAD = 0.05
"""Spread between sessions below which differences are not stated."""
