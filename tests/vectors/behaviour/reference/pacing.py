"""States of a director."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, isfinite, isnan, nan

from reference.elapsed import clamp, passed

BUILD_UP, PEAK, FADE, RELAX = range(4)


@dataclass
class Pacing:
    share: float = 0.5
    seconds: float = 3.0
    peak_at: float = 0.7
    calm_at: float = 0.35
    build_up: float = 60.0
    peak: float = 4.0
    fade: float = 20.0
    relax_least: float = 10.0
    relax_most: float = 40.0
    state: int = BUILD_UP
    elapsed: float = 0.0
    intensity: float = nan
    frozen: bool = False

    def step(
        self, dt: float, affect: float, confidence: float, performance: float, command: float
    ) -> tuple[float, float, float]:
        if command in (1, 2):
            self.frozen = command == 1
        if command >= 10:
            self._enter(int(command) - 10)
        if self.frozen:
            return (float(self.state), self.intensity, self.pressure())
        dt = passed(dt)
        self._blend(dt, affect, confidence, performance)
        self.elapsed += dt
        now, intensity = self.elapsed, self.intensity
        high = not isnan(intensity) and intensity >= self.peak_at
        calm = not isnan(intensity) and intensity <= self.calm_at
        if self.state == BUILD_UP and (high or now >= self.build_up):
            self._enter(PEAK)
        elif self.state == PEAK and now >= self.peak:
            self._enter(FADE)
        elif self.state == FADE and (calm or now >= self.fade):
            self._enter(RELAX)
        elif self.state == RELAX and now >= self.relax_least and (calm or now >= self.relax_most):
            self._enter(BUILD_UP)
        return (float(self.state), self.intensity, self.pressure())

    def pressure(self) -> float:
        if self.state == BUILD_UP:
            progress = self.elapsed / self.build_up if self.build_up > 0 else 1.0
            return 0.35 + 0.65 * min(1.0, progress)
        return 1.0 if self.state == PEAK else 0.2 if self.state == FADE else 0.0

    def _enter(self, state: int) -> None:
        self.state, self.elapsed = state, 0.0

    def _blend(self, dt: float, affect: float, confidence: float, performance: float) -> None:
        weight = other = 0.0
        if isfinite(affect) and isfinite(confidence):
            weight = self.share * clamp(confidence, 0.0, 1.0)
        if isfinite(performance):
            other = 1 - self.share
        if weight + other <= 0:
            return
        intensity = (weight * clamp(affect, 0.0, 1.0) if weight else 0.0) + (
            other * clamp(performance, 0.0, 1.0) if other else 0.0
        )
        intensity /= weight + other
        if isnan(self.intensity):
            self.intensity = intensity
        else:
            part = 1.0 if self.seconds <= 0 else 1 - exp(-dt / self.seconds)
            self.intensity += (intensity - self.intensity) * part
