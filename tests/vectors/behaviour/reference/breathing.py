"""Paced breathing and its coherence with the heart."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import cos, hypot, isfinite, isnan, nan, pi, sin

from reference.elapsed import clamp, passed


@dataclass
class BreathingPace:
    inhale: float
    hold: float
    exhale: float
    rest: float
    start: float
    target: float
    ramp: float
    age: float = 0.0
    phase: float = 0.0

    def step(self, dt: float) -> tuple[float, float, float, float]:
        dt = passed(dt)
        self.age += dt
        share = 1.0 if self.ramp <= 0 else min(1.0, self.age / self.ramp)
        rate = self.start + (self.target - self.start) * share
        self.phase += rate / 60.0 * dt
        self.phase -= int(self.phase)
        total = self.inhale + self.hold + self.exhale + self.rest
        at = self.phase * total
        if at < self.inhale:
            return rate, self.phase, 0.5 - 0.5 * cos(pi * at / self.inhale), 0.0
        at -= self.inhale
        if at < self.hold:
            return rate, self.phase, 1.0, 1.0
        at -= self.hold
        if at < self.exhale:
            return rate, self.phase, 0.5 + 0.5 * cos(pi * at / self.exhale), 2.0
        return rate, self.phase, 0.0, 3.0


@dataclass
class Coherence:
    """Share of the heart rate's variance at the pace of breathing."""

    window: float = 40.0
    now: float = 0.0
    turns: float = 0.0
    phase: float = nan
    rows: deque[tuple[float, float, float]] = field(default_factory=deque)
    last: float = -1.0

    def step(self, dt: float, phase: float, heart_rate: float) -> tuple[float]:
        self.now += passed(dt)
        if not isfinite(phase):
            return (self.value(),)
        if not isnan(self.phase):
            advance = phase - self.phase
            self.turns += advance + 1.0 if advance < -0.5 else advance
        self.phase = phase
        # Four samples per second resolve a breath; all frames of a game would fill memory.
        if isfinite(heart_rate) and self.now - self.last >= 0.25 - 1e-9:
            self.last = self.now
            self.rows.append((self.now, self.turns, heart_rate))
        while self.rows and self.now - self.rows[0][0] > self.window:
            self.rows.popleft()
        return (self.value(),)

    def value(self) -> float:
        n = len(self.rows)
        if n < 16 or self.rows[-1][1] - self.rows[0][1] < 2.0:
            return nan
        mean_t = sum(t for t, _, _ in self.rows) / n
        mean_h = sum(h for _, _, h in self.rows) / n
        tt = sum((t - mean_t) ** 2 for t, _, _ in self.rows)
        slope = sum((t - mean_t) * (h - mean_h) for t, _, h in self.rows) / tt
        re = im = power = 0.0
        for t, turn, h in self.rows:
            residual = h - mean_h - slope * (t - mean_t)
            re += residual * cos(2 * pi * turn)
            im += residual * sin(2 * pi * turn)
            power += residual * residual
        if power < 1e-9 * n:
            return nan
        return clamp(2 * hypot(re, im) ** 2 / (n * power), 0.0, 1.0)
